/** @file A data file that is open for reading: its bytes in order or by position, and whether it stayed the same meanwhile. */
import { open, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { CancelledError, StorageError } from '#contract/errors.ts';
import { asStorageError } from '#io/as-storage-error.ts';
import { readBytes } from '#io/read-bytes.ts';

/** Some thousand short rows, so that one read is little against their parsing and a batch is not much larger than asked for. */
const CHUNK_BYTES = 512 * 1024;

/**
 * Opens a file; the caller closes it.
 * @throws {StorageError} if it can't be read, or is a folder, a pipe or a device
 */
export async function openSourceFile(file: string): Promise<SourceFile> {
  try {
    // Opening a pipe would wait for its writer, and nothing could end that.
    const kind = await stat(file);
    if (!kind.isFile() && !kind.isDirectory()) {
      throw new StorageError(`Could not read ${file}: it is a pipe or a device. Save the data in a file first.`, { file });
    }
    if (kind.isDirectory()) throw new StorageError(`Could not read ${file}: it is a folder, not a file. Check the path.`, { file });
    const handle = await open(file, 'r');
    try {
      const { size, mtimeMs } = await handle.stat();
      return new SourceFile(file, handle, { bytes: size, mtimeMs });
    } catch (error) {
      await handle.close();
      throw error;
    }
  } catch (error) {
    throw asStorageError(error, 'read', file);
  }
}

interface Version {
  readonly bytes: number;
  readonly mtimeMs: number;
}

export class SourceFile {
  readonly file: string;
  /** As the person knows it. */
  readonly name: string;
  readonly bytesTotal: number;
  /** How far `chunks` has come. */
  bytesDone = 0;
  readonly #handle: FileHandle;
  readonly #version: Version;

  constructor(file: string, handle: FileHandle, version: Version) {
    this.file = file;
    this.name = basename(file);
    this.bytesTotal = version.bytes;
    this.#handle = handle;
    this.#version = version;
  }

  /**
   * The whole file in order; every chunk has a buffer of its own.
   * @throws {StorageError} if it can't be read or changes meanwhile
   * @throws {CancelledError}
   */
  async *chunks(signal?: AbortSignal): AsyncGenerator<Buffer> {
    while (this.bytesDone < this.bytesTotal) {
      const chunk = await this.read(this.bytesDone, Math.min(CHUNK_BYTES, this.bytesTotal - this.bytesDone), signal);
      this.bytesDone += chunk.length;
      yield chunk;
    }
    await this.checkUnchanged();
  }

  /**
   * A range of the file.
   * @throws {StorageError} if it can't be read, or ends before
   * @throws {CancelledError}
   */
  async read(position: number, length: number, signal?: AbortSignal): Promise<Buffer> {
    this.throwIfCancelled(signal);
    const bytes = Buffer.allocUnsafeSlow(length);
    try {
      if ((await readBytes(this.#handle, bytes, position)) < length) throw this.#changed();
    } catch (error) {
      throw asStorageError(error, 'read', this.file);
    }
    return bytes;
  }

  /** @throws {StorageError} if the file is no longer the one that was opened: what was read of it may be of two versions */
  async checkUnchanged(): Promise<void> {
    const { size, mtimeMs } = await this.#handle.stat();
    if (size !== this.#version.bytes || mtimeMs !== this.#version.mtimeMs) throw this.#changed();
  }

  throwIfCancelled(signal: AbortSignal | undefined): void {
    if (signal?.aborted === true) throw new CancelledError('Reading the file was cancelled.', { file: this.file });
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  #changed(): StorageError {
    return new StorageError(`${this.name} was changed by another program while it was read. Wait until that has ended, then try again.`, {
      file: this.file,
    });
  }
}
