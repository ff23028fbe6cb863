/** @file Tells whether a file is still the one that was looked at before, without reading it. */
import { realpath, stat } from 'node:fs/promises';
import { asStorageError } from '#io/as-storage-error.ts';

/** Whole numbers as text, because nanoseconds do not fit a JSON number. */
export interface FileStamp {
  /** With symbolic links resolved: model downloads are often links into a store. */
  readonly path: string;
  readonly size: string;
  readonly mtimeNs: string;
  /** Unlike the modification time, an unpacked archive or a copy that keeps times can't repeat this one. */
  readonly ctimeNs: string;
}

/** @throws {StorageError} if the file can't be looked at */
export async function stampFile(file: string): Promise<FileStamp> {
  try {
    const path = await realpath(file);
    const info = await stat(path, { bigint: true });
    return { path, size: `${info.size}`, mtimeNs: `${info.mtimeNs}`, ctimeNs: `${info.ctimeNs}` };
  } catch (error) {
    throw asStorageError(error, 'read', file);
  }
}

export function isSameStamp(a: FileStamp, b: FileStamp): boolean {
  return a.path === b.path && a.size === b.size && a.mtimeNs === b.mtimeNs && a.ctimeNs === b.ctimeNs;
}
