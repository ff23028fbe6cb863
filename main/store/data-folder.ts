/** @file Where things lie in a person's data folder, and how the store writes their paths. */
import { isAbsolute, join, relative, resolve, sep } from 'node:path';

export interface DataFolder {
  readonly root: string;
  /** The store's database. */
  readonly database: string;
  /** Held by the one process that may write. */
  readonly lock: string;
  readonly backups: string;
  /** One folder a run. */
  readonly runs: string;
  /** Models that were downloaded or made here; others stay where the person has them. */
  readonly models: string;
  /** Imported adapters. */
  readonly adapters: string;
  /** Reference log-probabilities. */
  readonly references: string;
  /** Everything else that a row owns. */
  readonly files: string;
}

/** @param root - need not exist */
export function dataFolder(root: string): DataFolder {
  const absolute = resolve(root);
  return {
    root: absolute,
    database: join(absolute, 'prospect.sqlite'),
    lock: join(absolute, 'prospect.lock'),
    backups: join(absolute, 'backups'),
    runs: join(absolute, 'runs'),
    models: join(absolute, 'models'),
    adapters: join(absolute, 'adapters'),
    references: join(absolute, 'references'),
    files: join(absolute, 'files'),
  };
}

/** Folders whose files have an owner in the store. */
export function ownedFolders(folder: DataFolder): readonly string[] {
  return [folder.runs, folder.models, folder.adapters, folder.references, folder.files];
}

/** A path as the store keeps it: relative with `/` if it lies in the data folder, which may be moved; else absolute. */
export function toStoredPath(folder: DataFolder, path: string): string {
  const absolute = resolve(folder.root, path);
  const inside = relative(folder.root, absolute);
  if (inside === '' || inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)) return absolute;
  return inside.split(sep).join('/');
}

/** The way back: an absolute path. */
export function fromStoredPath(folder: DataFolder, stored: string): string {
  return resolve(folder.root, stored);
}
