/** @file The folders of a project that go into an archive, each under a number; and their files. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { systemErrorCode } from '#io/as-storage-error.ts';
import { listAdapters } from '#store/adapters.ts';
import { fromStoredPath } from '#store/data-folder.ts';
import { listRuns } from '#store/runs.ts';
import type { Store } from '#store/store.ts';
import { entryPlace } from './entry-name.ts';
import type { Manifest } from './manifest.ts';

export interface PackedFolder {
  readonly kind: Manifest['folders'][number];
  /** As the store has it. */
  readonly stored: string;
}

export interface PackedFile {
  /** Of the entry. */
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
}

/** An adapter that a run made lies in the run's folder. */
export function foldersOf(store: Store, projectId: number, hasWeights: boolean): PackedFolder[] {
  const runs = listRuns(store, projectId).map(({ folder }): PackedFolder => ({ kind: 'run', stored: folder }));
  const isInRun = (path: string): boolean => runs.some(({ stored }) => path === stored || path.startsWith(`${stored}/`));
  const adapters = hasWeights ? listAdapters(store, projectId).filter(({ path }) => !isInRun(path)) : [];
  return [...runs, ...adapters.map(({ path }): PackedFolder => ({ kind: 'adapter', stored: path }))];
}

/** Weights and states, which are most of a run. */
const WEIGHTS = /\.safetensors$|^checkpoint-\d+$/;
/** What is still being written. */
const UNFINISHED = /^\.(?:prospect|unfinished)-/;

/** Regular files alone; one whose name not every system can hold is left where it is. */
export async function filesIn(store: Store, folders: readonly PackedFolder[], hasWeights: boolean): Promise<PackedFile[]> {
  const files: PackedFile[] = [];
  for (const [number, { stored, kind }] of folders.entries()) {
    await collect(fromStoredPath(store.folder, stored), `files/${number}`, { files, hasWeights: hasWeights || kind === 'model' });
  }
  return files;
}

async function collect(path: string, name: string, into: { readonly files: PackedFile[]; readonly hasWeights: boolean }): Promise<void> {
  const entries = await readdir(path, { withFileTypes: true }).catch((error: unknown) => {
    if (systemErrorCode(error) === 'ENOENT') return [];
    throw error;
  });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (UNFINISHED.test(entry.name) || (!into.hasWeights && WEIGHTS.test(entry.name))) continue;
    const below = `${name}/${entry.name}`;
    if (entry.isDirectory()) await collect(join(path, entry.name), below, into);
    else if (entry.isFile() && entryPlace(below) !== null)
      into.files.push({ name: below, path: join(path, entry.name), bytes: (await stat(join(path, entry.name))).size });
  }
}
