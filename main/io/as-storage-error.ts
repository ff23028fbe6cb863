/** @file Turns what the operating system says about a file (ENOSPC, EACCES …) into a sentence for a person. */
import { AppError, StorageError } from '#contract/errors.ts';

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full. Free some space, then try again',
  EDQUOT: 'your disk quota is used up. Free some space, then try again',
  EFBIG: 'the file is larger than this disk can hold in one file. Use another disk',
  EACCES: 'there is no permission. Choose another folder, or change its permissions',
  EPERM: 'there is no permission. Choose another folder, or change its permissions',
  EROFS: 'the disk is read-only. Choose another folder',
  ENOENT: 'it does not exist. Check the path',
  ENOTDIR: 'a part of its path is a file, not a folder. Check the path',
  EISDIR: 'it is a folder, not a file. Check the path',
  EBUSY: 'another program is using it. Close that program, then try again',
  EMFILE: 'too many files are open. Close other programs, then try again',
  ENAMETOOLONG: 'its name is too long. Choose a shorter one',
  EIO: 'the disk reported an error. Check the disk',
};

/**
 * The error to throw when reading or writing `file` failed: a {@link StorageError} for what the system reports. Anything
 * else (an AppError thrown underneath, a bug) is handed back as it is.
 */
export function asStorageError(error: unknown, action: 'read' | 'write', file: string): unknown {
  const code = systemErrorCode(error);
  if (code === null) return error;
  const reason = REASONS[code] ?? `the system says ${code}`;
  return new StorageError(`Could not ${action} ${file}: ${reason}.`, { file }, { cause: error });
}

/** `ENOENT` and the like, or null if `error` does not come from the operating system. */
export function systemErrorCode(error: unknown): string | null {
  if (!(error instanceof Error) || error instanceof AppError || !('syscall' in error) || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}
