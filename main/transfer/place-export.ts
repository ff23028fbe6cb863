/** @file Where an export goes: made under a name that shows nothing, and moved to its own when it is whole. */
import { mkdir, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FolderName } from '#contract/exports.ts';
import { OutputBusyError, SettingsError, StorageError } from '#contract/errors.ts';
import { asStorageError } from '#io/as-storage-error.ts';
import { removeStaleTemporaryFiles, temporaryPathFor } from '#io/temporary-file.ts';

/** Of a process that was killed a moment ago and may still be letting go of its files. */
const REMOVAL = { recursive: true, force: true, maxRetries: 10, retryDelay: 100 } as const;

/**
 * @returns the folder that would be made
 * @throws {SettingsError | StorageError | OutputBusyError} if it can't be
 */
export async function checkPlace(parent: string, name: string): Promise<string> {
  const parsed = FolderName.safeParse(name);
  if (!parsed.success) throw new SettingsError(parsed.error.issues[0]?.message ?? 'Give the new folder a name.', { field: 'name' });
  const found = await stat(parent).catch((error: unknown) => Promise.reject(asStorageError(error, 'write', parent)));
  if (!found.isDirectory()) throw new StorageError(`${parent} is a file. Choose a folder.`, { file: parent });
  const folder = join(parent, parsed.data);
  const there = await stat(folder).catch(() => null);
  if (there && (!there.isDirectory() || (await readdir(folder)).length > 0)) {
    throw new OutputBusyError(`${folder} is there already and not an empty folder. Choose another name.`, { folder });
  }
  return folder;
}

/**
 * @param work - writes into the folder it is given, which is not there yet; its last part is the export's name
 * @returns the folder, and what `work` gave
 * @throws what `work` throws, and {@link checkPlace}; nothing is left then
 */
export async function placeExport<T>(
  { parent, name }: { readonly parent: string; readonly name: string },
  work: (dir: string) => Promise<T>,
): Promise<{ readonly folder: string; readonly result: T }> {
  const folder = await checkPlace(parent, name);
  await removeStaleTemporaryFiles(parent);
  const unfinished = temporaryPathFor(folder);
  try {
    await mkdir(unfinished).catch((error: unknown) => Promise.reject(asStorageError(error, 'write', parent)));
    const made = join(unfinished, name.trim());
    const result = await work(made);
    await checkPlace(parent, name);
    await rmdir(folder).catch(() => undefined); // one that is empty
    await rename(made, folder).catch((error: unknown) => Promise.reject(asStorageError(error, 'write', folder)));
    return { folder, result };
  } finally {
    await rm(unfinished, REMOVAL);
  }
}
