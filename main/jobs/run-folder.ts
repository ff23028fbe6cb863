/** @file The output folder of a run: whether it may be used, and what is in it. */
import { mkdir, readdir } from 'node:fs/promises';
import { OutputBusyError, StorageError } from '#contract/errors.ts';
import { asStorageError, systemErrorCode } from '#io/as-storage-error.ts';

/** A folder with one of these holds a run. */
const RUN_FILES = /^(?:run\.json|metrics\.jsonl|adapter_config\.json|adapter_model\.safetensors|checkpoint-\d+)$/;

/**
 * Checked before anything long: a new run never writes over another one.
 * @throws {OutputBusyError} if the folder holds a run and this one does not resume it, or holds none and this one would
 */
export async function checkRunFolder(dir: string, resume: boolean): Promise<void> {
  const names = await listNames(dir);
  const holdsRun = names.some((name) => RUN_FILES.test(name));
  if (holdsRun && !resume) {
    throw new OutputBusyError(`${dir} already holds a run. Continue it with --resume, or choose another output folder.`, { folder: dir });
  }
  if (!holdsRun && resume) throw new OutputBusyError(`${dir} holds no run to resume. Leave --resume out to start one.`, { folder: dir });
}

/** @throws {StorageError} */
export async function makeRunFolder(dir: string): Promise<void> {
  try {
    await mkdir(dir, { recursive: true });
  } catch (error) {
    throw systemErrorCode(error) === 'EEXIST' ? notAFolder(dir) : asStorageError(error, 'write', dir);
  }
}

async function listNames(dir: string): Promise<string[]> {
  try {
    return await readdir(dir);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT') return [];
    throw code === 'ENOTDIR' ? notAFolder(dir) : asStorageError(error, 'read', dir);
  }
}

function notAFolder(dir: string): StorageError {
  return new StorageError(`${dir} is a file; the output must be a folder.`, { file: dir });
}
