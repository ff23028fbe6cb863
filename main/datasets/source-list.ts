/** @file Which files a person means by the paths they chose: files, folders, or several of both. */
import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { asStorageError } from '#io/as-storage-error.ts';
import { listDataFiles } from '#io/records/list-data-files.ts';
import type { DataFiles } from '#io/records/list-data-files.ts';

export interface DataFile {
  /** Absolute. */
  readonly path: string;
  readonly name: string;
  readonly bytes: number;
  readonly mtimeMs: number;
}

export interface SourceList {
  /** In the order of the paths, each once; those of a folder in natural order. */
  readonly files: readonly DataFile[];
  /** What else is in the folders. */
  readonly skipped: DataFiles['skipped'];
}

/**
 * @throws {ImportError} if a folder holds no data file
 * @throws {StorageError} if a path can't be read
 */
export async function listSources(paths: readonly string[]): Promise<SourceList> {
  const files = new Map<string, DataFile>();
  const skipped: DataFiles['skipped'][number][] = [];
  for (const path of paths) {
    const found = await listDataFiles(resolve(path));
    skipped.push(...found.skipped);
    for (const file of found.files) files.set(file, { path: file, name: basename(file), ...(await factsOf(file)) });
  }
  return { files: [...files.values()], skipped };
}

async function factsOf(file: string): Promise<Pick<DataFile, 'bytes' | 'mtimeMs'>> {
  try {
    const { size, mtimeMs } = await stat(file);
    return { bytes: size, mtimeMs };
  } catch (error) {
    throw asStorageError(error, 'read', file);
  }
}
