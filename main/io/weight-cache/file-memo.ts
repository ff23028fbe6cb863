/**
 * @file Remembers a weight file's hash, and that its numbers were checked, so that gigabytes are read for that only once.
 * One small file per weight file: two processes can't lose each other's notes.
 */
import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { AppError } from '#contract/errors.ts';
import { asStorageError } from '#io/as-storage-error.ts';
import { writeFileAtomically } from '#io/atomic-write.ts';
import { readJsonFile } from '#io/read-json-file.ts';
import { isSameStamp, type FileStamp } from './file-stamp.ts';

const MEMO_SCHEMA = z.object({
  version: z.literal(2),
  path: z.string(),
  size: z.string(),
  mtimeNs: z.string(),
  ctimeNs: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** The tensors that are mapped as they lie hold neither NaN nor infinity. */
  finite: z.literal(true),
});

/** @returns the hash noted for exactly this state of the file, or null; a damaged note counts as none */
export async function recallHash(cacheDir: string, stamp: FileStamp): Promise<string | null> {
  try {
    const memo = MEMO_SCHEMA.safeParse(await readJsonFile(memoPath(cacheDir, stamp)));
    return memo.success && isSameStamp(memo.data, stamp) ? memo.data.sha256 : null;
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

/**
 * Call only after the tensors that are mapped as they lie were found finite.
 * @throws {StorageError} if the note can't be written
 */
export async function rememberHash(cacheDir: string, stamp: FileStamp, sha256: string): Promise<void> {
  const memo: z.infer<typeof MEMO_SCHEMA> = { version: 2, ...stamp, sha256, finite: true };
  const file = memoPath(cacheDir, stamp);
  try {
    await mkdir(dirname(file), { recursive: true });
  } catch (error) {
    throw asStorageError(error, 'write', file);
  }
  await writeFileAtomically(file, `${JSON.stringify(memo, null, 2)}\n`);
}

function memoPath(cacheDir: string, { path }: FileStamp): string {
  return join(cacheDir, 'hashes', `${createHash('sha256').update(path).digest('hex')}.json`);
}
