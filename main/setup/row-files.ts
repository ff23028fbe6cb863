/** @file The rows of a project as files for processes that look at them: written once, since a version never changes. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataChoice } from '#contract/choices.ts';
import { asStorageError } from '#io/as-storage-error.ts';
import { writeRows, type RowFiles } from '#runs/write-rows.ts';
import type { SetupSurroundings } from './surroundings.ts';

/** @throws {StoreError} `not-found` @throws {StorageError | CancelledError} */
export async function rowFilesOf(
  { store, dataDir }: Pick<SetupSurroundings, 'store' | 'dataDir'>,
  { versionId, splitId }: DataChoice,
  signal: AbortSignal,
): Promise<RowFiles> {
  const folder = join(dataDir, 'cache', 'rows', `${versionId}-${splitId ?? 'all'}`);
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw asStorageError(error, 'write', folder);
  }
  return writeRows(store, { versionId, splitId }, { folder, signal, onProgress: () => undefined });
}
