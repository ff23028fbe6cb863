/** @file Lines for a process that has no store, in a file of its own. */
import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { asStorageError } from '#io/as-storage-error.ts';
import { writeFileAtomically } from '#io/atomic-write.ts';

/** @returns the file, which is the caller's to remove @throws {StorageError} */
export async function writeLines(cacheDir: string, records: readonly unknown[]): Promise<string> {
  const folder = join(cacheDir, 'comparisons');
  const file = join(folder, `${randomUUID()}.jsonl`);
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw asStorageError(error, 'write', folder);
  }
  await writeFileAtomically(file, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
  return file;
}
