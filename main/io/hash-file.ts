/** @file The hash of a whole file, whatever its size: tells whether it is the same data as before. */
import { createHash } from 'node:crypto';
import { openSourceFile } from './records/source-file.ts';

export interface HashFileOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (bytesDone: number, bytesTotal: number) => void;
}

/**
 * @returns sha256, hexadecimal
 * @throws {StorageError} if it can't be read or changes meanwhile
 * @throws {CancelledError} if `signal` is aborted
 */
export async function hashFile(file: string, { signal, onProgress }: HashFileOptions = {}): Promise<string> {
  const hash = createHash('sha256');
  const source = await openSourceFile(file);
  try {
    for await (const chunk of source.chunks(signal)) {
      hash.update(chunk);
      onProgress?.(source.bytesDone, source.bytesTotal);
    }
  } finally {
    await source.close();
  }
  return hash.digest('hex');
}
