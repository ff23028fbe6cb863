/** @file Files that a page sends, kept in the data folder until they were used; whatever is left of an earlier time is removed. */
import { randomBytes } from 'node:crypto';
import { createWriteStream, mkdirSync, rmSync, statfsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { OutputBusyError, SettingsError, StorageError } from '#contract/errors.ts';
import type { UploadedFiles } from '#host/handed-files.ts';
import { limitBytes } from './limit-bytes.ts';
import { uploadName } from './upload-name.ts';

/** Larger files are read where they lie: the person gives the path. */
const MAX_UPLOAD_BYTES = 8 * 2 ** 30;
/** Left free for the store, which must be able to write. */
const KEPT_FREE_BYTES = 256 * 2 ** 20;
const MAX_AT_ONCE = 4;
/** A person who closes the lid: what came is removed. */
const IDLE_TIMEOUT_MS = 30_000;

export interface UploadOptions {
  /** Absolute; everything in it is removed. */
  readonly folder: string;
  readonly maxBytes?: number;
  readonly idleTimeoutMs?: number;
  /** Bytes that are free where the folder lies. */
  readonly freeBytes?: () => number;
}

export interface Upload {
  /** As the page says it; only for the file's name. */
  readonly name: string;
  /** Null if the page does not know. */
  readonly bytes: number | null;
  readonly content: Readable;
}

export class Uploads implements UploadedFiles {
  readonly #folder: string;
  readonly #maxBytes: number;
  readonly #idleTimeoutMs: number;
  readonly #freeBytes: () => number;
  readonly #paths = new Map<string, string>();
  #coming = 0;

  constructor({ folder, maxBytes = MAX_UPLOAD_BYTES, idleTimeoutMs = IDLE_TIMEOUT_MS, freeBytes }: UploadOptions) {
    this.#folder = folder;
    this.#maxBytes = maxBytes;
    this.#idleTimeoutMs = idleTimeoutMs;
    this.#freeBytes = freeBytes ?? (() => freeBytesAt(folder));
    this.clear();
  }

  /**
   * @returns the id to name it by
   * @throws {SettingsError} if the name can't be
   * @throws {StorageError} if there is no room, or it stopped coming; nothing is left then
   */
  async receive({ name, bytes, content }: Upload): Promise<string> {
    const fileName = uploadName(name);
    if (fileName === null)
      throw new SettingsError(`${JSON.stringify(name)} is no name for a file. Rename it and drop it again.`, { field: 'name' });
    if (this.#coming >= MAX_AT_ONCE) {
      throw new OutputBusyError(`${MAX_AT_ONCE} files are being sent already. Wait until one of them is here.`, { folder: this.#folder });
    }
    mkdirSync(this.#folder, { recursive: true });
    const room = Math.min(this.#maxBytes, this.#freeBytes() - KEPT_FREE_BYTES);
    if ((bytes ?? 0) > room) throw this.#tooLarge(fileName, room);
    this.#coming++;
    try {
      return await this.#write(fileName, content, room);
    } catch (error) {
      if (error instanceof StorageError) throw error;
      throw new StorageError(`${fileName} did not arrive as a whole. Drop it again.`, { file: fileName }, { cause: error });
    } finally {
      this.#coming--;
    }
  }

  pathOf(upload: string): string | undefined {
    return this.#paths.get(upload);
  }

  async remove(upload: string): Promise<void> {
    if (this.#paths.delete(upload)) await rm(join(this.#folder, upload), { recursive: true, force: true });
  }

  /** Removes all of them. */
  clear(): void {
    this.#paths.clear();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #write(fileName: string, content: Readable, room: number): Promise<string> {
    const id = randomBytes(16).toString('hex');
    // A folder of its own keeps the name, which messages show ("row 214 of prefs.csv").
    const folder = join(this.#folder, id);
    const file = join(folder, fileName);
    mkdirSync(folder);
    try {
      const limit = limitBytes({
        maxBytes: room,
        idleTimeoutMs: this.#idleTimeoutMs,
        tooLarge: () => this.#tooLarge(fileName, room),
        name: fileName,
      });
      await pipeline(content, limit, createWriteStream(file, { flags: 'wx', mode: 0o600 }));
      this.#paths.set(id, file);
      return id;
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  #tooLarge(name: string, room: number): StorageError {
    const size = `${(Math.max(0, room) / 1e9).toFixed(1)} GB`;
    const why =
      room === this.#maxBytes
        ? `is larger than the ${size} that a browser may send`
        : `needs more than the ${size} that are free in the data folder`;
    return new StorageError(`${name} ${why}. Give its path instead: it is then read where it lies.`, { file: name });
  }
}

function freeBytesAt(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
