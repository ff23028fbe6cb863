/** @file Deletes a run, with or without its files. */
import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fromStoredPath } from '#store/data-folder.ts';
import { deleteWithFiles } from '#store/delete-with-files.ts';
import { listAdapters } from '#store/adapters.ts';
import { notFound } from '#store/not-found.ts';
import { getRun } from '#store/runs.ts';
import type { Store } from '#store/store.ts';

export interface RunFiles {
  readonly folder: string;
  readonly files: number;
  readonly bytes: number;
  readonly adapters: number;
}

/** Everything in its folder, listed or not. @throws {StoreError} `not-found` */
export async function describeRunFiles(store: Store, runId: number): Promise<RunFiles> {
  const run = getRun(store, runId);
  if (!run) throw notFound('run', runId);
  const folder = fromStoredPath(store.folder, run.folder);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => !entry.isDirectory());
  const sizes = await Promise.all(files.map(({ parentPath, name }) => lstat(join(parentPath, name)).then(({ size }) => size)));
  return {
    folder,
    files: files.length,
    bytes: sizes.reduce((sum, size) => sum + size, 0),
    adapters: listAdapters(store, run.projectId).filter((adapter) => adapter.runId === runId).length,
  };
}

/** @throws {StoreError} `not-found` */
export async function deleteRun(store: Store, runId: number, { deleteFiles }: { readonly deleteFiles: boolean }): Promise<void> {
  const run = getRun(store, runId);
  if (!run) throw notFound('run', runId);
  deleteWithFiles(store, 'run', runId);
  // Runs make their folders themselves, so it is in the data folder, and all that is in it is theirs.
  if (deleteFiles) await rm(fromStoredPath(store.folder, run.folder), { recursive: true, force: true });
}
