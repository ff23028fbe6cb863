/**
 * @file Writes a file so that its name shows either the old content or the whole new one, whatever happens in between: a
 * temporary file in the same folder, fsync, rename, fsync of the folder.
 */
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CancelledError } from '#contract/errors.ts';
import { asStorageError, systemErrorCode } from './as-storage-error.ts';
import { syncFolder } from './sync-folder.ts';
import { temporaryPathFor } from './temporary-file.ts';

/** One write call takes at most 2 GiB on Linux and macOS; stay well below. */
const MAX_WRITE_BYTES = 256 * 1024 * 1024;
/** On Windows a virus scanner or indexer may hold the old file for a moment. */
const RENAME_ATTEMPTS = process.platform === 'win32' ? 6 : 1;
const RENAME_PAUSE_MS = 50;

/** Writes all of `bytes` at the end of what was written so far. */
export type ChunkWriter = (handle: FileHandle, bytes: Uint8Array) => Promise<void>;

export interface AtomicWriteOptions {
  /** Checked before each chunk and before the rename. */
  readonly signal?: AbortSignal;
  /** Replaces the write itself, so that a full disk can be rehearsed. */
  readonly writeChunk?: ChunkWriter;
}

/**
 * Writes text (as UTF-8) or bytes.
 * @throws {StorageError} if the file can't be written; the old file is then untouched and nothing is left behind
 */
export async function writeFileAtomically(path: string, content: string | Uint8Array, options: AtomicWriteOptions = {}): Promise<void> {
  await writeStreamAtomically(path, [typeof content === 'string' ? new TextEncoder().encode(content) : content], options);
}

/**
 * Writes chunks as they come. A chunk is on its way to the disk before the next one is asked for, so a source may reuse
 * one buffer. If the source throws, its error is passed on.
 * @throws {StorageError} if the file can't be written; the old file is then untouched and nothing is left behind
 * @throws {CancelledError} if `signal` is aborted
 */
export async function writeStreamAtomically(
  path: string,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: AtomicWriteOptions = {},
): Promise<void> {
  const temporary = temporaryPathFor(path);
  try {
    await writeTemporary(temporary, chunks, options);
    if (options.signal?.aborted) throw new CancelledError();
    await renameOver(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw asStorageError(error, 'write', path);
  }
  await syncFolder(dirname(path));
}

async function writeTemporary(
  temporary: string,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  { signal, writeChunk = writeAll }: AtomicWriteOptions,
): Promise<void> {
  const handle = await open(temporary, 'wx');
  try {
    for await (const chunk of chunks) {
      if (signal?.aborted) throw new CancelledError();
      await writeChunk(handle, chunk);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const writeAll: ChunkWriter = async (handle, bytes) => {
  let offset = 0;
  while (offset < bytes.length) {
    const { bytesWritten } = await handle.write(bytes, offset, Math.min(bytes.length - offset, MAX_WRITE_BYTES));
    offset += bytesWritten;
  }
};

async function renameOver(from: string, to: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await rename(from, to);
      return;
    } catch (error) {
      if (attempt >= RENAME_ATTEMPTS || !['EPERM', 'EACCES', 'EBUSY'].includes(systemErrorCode(error) ?? '')) throw error;
      await new Promise((resolve) => setTimeout(resolve, RENAME_PAUSE_MS * attempt));
    }
  }
}
