/** @file The output folder of a run: whether it may be used, and what is in it. */
import { mkdir, readdir, rmdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { OutputBusyError, StorageError } from '#contract/errors.ts';
import { asStorageError, systemErrorCode } from '#io/as-storage-error.ts';

/** A folder with one of these holds a run. */
const RUN_FILES = /^(?:run\.json|metrics\.jsonl|adapter_config\.json|adapter_model\.safetensors|checkpoint-\d+)$/;

/**
 * Checked before anything long: a new run never writes over another one.
 * @throws {OutputBusyError} if the folder holds a run and this one does not resume it, or holds none and this one would
 * @throws {StorageError} if it is a file, or can't be read
 */
export async function checkRunFolder(dir: string, resume: boolean): Promise<void> {
  const names = await listNames(dir);
  const holdsRun = names.some((name) => RUN_FILES.test(name));
  if (holdsRun && !resume) {
    throw new OutputBusyError(`${dir} already holds a run. Continue it with --resume, or choose another output folder.`, { folder: dir });
  }
  if (!holdsRun && resume) throw new OutputBusyError(`${dir} holds no run to resume. Leave --resume out to start one.`, { folder: dir });
}

/**
 * @returns how to remove again what was made, unless something has been written there
 * @throws {StorageError}
 */
export async function makeRunFolder(dir: string): Promise<() => Promise<void>> {
  try {
    const firstMade = await mkdir(dir, { recursive: true });
    return () => (firstMade === undefined ? Promise.resolve() : removeEmpty(dir, firstMade));
  } catch (error) {
    throw systemErrorCode(error) === 'EEXIST' ? notAFolder(dir) : asStorageError(error, 'write', dir);
  }
}

/** From `dir` up to `last`, until a folder holds something. */
async function removeEmpty(dir: string, last: string): Promise<void> {
  try {
    await rmdir(dir);
  } catch {
    return;
  }
  if (dir !== last) await removeEmpty(dirname(dir), last);
}

async function listNames(dir: string): Promise<string[]> {
  try {
    return await readdir(dir);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT') return [];
    throw code === 'ENOTDIR' && (await exists(dir)) ? notAFolder(dir) : asStorageError(error, 'read', dir);
  }
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}

function notAFolder(dir: string): StorageError {
  return new StorageError(`${dir} is a file; the output must be a folder.`, { file: dir });
}
