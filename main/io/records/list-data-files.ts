/** @file Which files a person means by a path: the file itself, or the data files of a folder. */
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ImportError } from '#contract/errors.ts';
import { asStorageError } from '#io/as-storage-error.ts';
import { formatOfName } from './name-format.ts';

export interface DataFiles {
  /** In natural order: part-2 before part-10. */
  readonly files: readonly string[];
  /** Names of what else is in the folder, with the reason. */
  readonly skipped: readonly { readonly name: string; readonly reason: 'hidden' | 'folder' | 'description' | 'other' }[];
}

/** Written beside the data by the `datasets` library and others. */
const DESCRIPTIONS: ReadonlySet<string> = new Set([
  'dataset_info.json',
  'dataset_infos.json',
  'dataset_dict.json',
  'state.json',
  'config.json',
  'metadata.json',
]);

/**
 * Folders inside the folder are not looked into, since they often hold the rows of a test set.
 * @throws {ImportError} if a folder holds no data file
 * @throws {StorageError} if it can't be read
 */
export async function listDataFiles(path: string): Promise<DataFiles> {
  try {
    if (!(await stat(path)).isDirectory()) return { files: [path], skipped: [] };
    return await listFolder(path);
  } catch (error) {
    throw asStorageError(error, 'read', path);
  }
}

async function listFolder(folder: string): Promise<DataFiles> {
  const order = new Intl.Collator('en', { numeric: true });
  const names = (await readdir(folder)).sort((a, b) => order.compare(a, b) || (a < b ? -1 : 1));
  const files: string[] = [];
  const skipped: DataFiles['skipped'][number][] = [];
  for (const name of names) {
    const reason = await reasonToSkip(folder, name);
    if (reason === null) files.push(join(folder, name));
    else skipped.push({ name, reason });
  }
  if (files.length > 0) return { files, skipped };
  const inner = skipped.filter(({ reason }) => reason === 'folder').map(({ name }) => name);
  const advice = inner.length > 0 ? `Choose one of its folders (${inner.slice(0, 5).join(', ')}).` : 'Choose a folder with such files.';
  throw new ImportError(`${basename(folder)} holds no CSV, JSON, JSON Lines or Parquet file. ${advice}`, { file: folder });
}

async function reasonToSkip(folder: string, name: string): Promise<DataFiles['skipped'][number]['reason'] | null> {
  if (name.startsWith('.') || name.startsWith('~$')) return 'hidden';
  const info = await stat(join(folder, name)).catch(() => null); // a link that leads nowhere
  if (info?.isDirectory() === true) return 'folder';
  if (DESCRIPTIONS.has(name.toLowerCase())) return 'description';
  return info?.isFile() === true && formatOfName(name) !== null ? null : 'other';
}
