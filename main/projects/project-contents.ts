/** @file What a project holds, and how it is deleted with or without its files. */
import { rm } from 'node:fs/promises';
import { isAbsolute, relative, sep } from 'node:path';
import { OutputBusyError } from '#contract/errors.ts';
import type { ProjectContents } from '#contract/projects.ts';
import { listAdapters } from '#store/adapters.ts';
import { fromStoredPath } from '#store/data-folder.ts';
import { listDatasets } from '#store/datasets.ts';
import { deleteWithFiles, filesOf, type LeftFiles } from '#store/delete-with-files.ts';
import { notFound } from '#store/not-found.ts';
import { getProject } from '#store/projects.ts';
import { listRuns } from '#store/runs.ts';
import type { Store } from '#store/store.ts';
import { forgetChoices } from './choices.ts';
import { forgetExports } from './export-history.ts';

/** @throws {StoreError} `not-found` */
export function projectContents(store: Store, id: number): ProjectContents {
  if (!getProject(store, id)) throw notFound('project', id);
  const { files, folders } = filesOf(store, 'project', id);
  return {
    datasets: listDatasets(store, id).length,
    runs: listRuns(store, id).length,
    adapters: listAdapters(store, id).length,
    folders: folders.map((folder) => fromStoredPath(store.folder, folder)),
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

/**
 * @param deleteFiles - else its files stay where they are
 * @throws {StoreError} `not-found`
 * @throws {OutputBusyError} while a run of it is under way
 */
export async function deleteProject(store: Store, id: number, { deleteFiles }: { readonly deleteFiles: boolean }): Promise<void> {
  const busy = listRuns(store, id).find(({ status }) => status === 'running' || status === 'paused');
  if (busy) throw new OutputBusyError(`${busy.name} is under way. Stop it, then delete the project.`, { folder: busy.folder });
  const left = store.writeDurably(() => {
    forgetChoices(store, id);
    forgetExports(store, id);
    return deleteWithFiles(store, 'project', id);
  });
  if (deleteFiles) await Promise.all(ownPaths(store, left).map((path) => rm(path, { recursive: true, force: true })));
}

/** Only what lies in the data folder is ours to delete; an adapter that was imported from elsewhere stays there. */
function ownPaths({ folder }: Store, { files, folders }: LeftFiles): readonly string[] {
  return [...folders, ...files.map(({ path }) => path)]
    .map((stored) => fromStoredPath(folder, stored))
    .filter((path) => {
      const inside = relative(folder.root, path);
      return inside !== '' && inside !== '..' && !inside.startsWith(`..${sep}`) && !isAbsolute(inside);
    });
}
