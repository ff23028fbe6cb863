/** @file What the doctor looks at: whether the database is whole, and whether there is room for it. */
import { statfsSync, statSync } from 'node:fs';
import { StoreError, type StoreBackup } from '#contract/errors.ts';
import { listBackups } from './backups.ts';
import { latestVersion } from './migrate.ts';
import { MIGRATIONS } from './migrations/migrations.ts';
import type { Store } from './store.ts';

export interface StoreHealth {
  /** What is wrong, in SQLite's words; none if the database is whole. */
  readonly faults: readonly string[];
  /** Rows that refer to nothing, by table. */
  readonly brokenReferences: Readonly<Record<string, number>>;
  readonly bytes: number;
  /** Of the log of changes; large if a reader has been holding it for long. */
  readonly walBytes: number;
  /** In the database, given back by rewriting it. */
  readonly unusedBytes: number;
  /** On the disk of the data folder. */
  readonly freeBytes: number;
  readonly schemaVersion: number;
  readonly knownSchemaVersion: number;
  readonly sqliteVersion: string;
  readonly backups: readonly StoreBackup[];
}

/** Reads the whole database: about a second for 250 MB. */
export function checkStore(store: Store): StoreHealth {
  const { bavail, bsize } = statfsSync(store.folder.root);
  const { faults, brokenReferences } = findFaults(store);
  return {
    faults,
    brokenReferences,
    bytes: sizeOf(store.folder.database),
    walBytes: sizeOf(`${store.folder.database}-wal`),
    unusedBytes: Number(store.pragma('freelist_count')) * Number(store.pragma('page_size')),
    freeBytes: bavail * bsize,
    schemaVersion: Number(store.pragma('user_version')),
    knownSchemaVersion: latestVersion(MIGRATIONS),
    sqliteVersion: (store.get('SELECT sqlite_version() AS version') as { readonly version: string }).version,
    backups: listBackups(store.folder),
  };
}

function findFaults(store: Store): Pick<StoreHealth, 'faults' | 'brokenReferences'> {
  const faults: string[] = [];
  const brokenReferences: Record<string, number> = {};
  try {
    const found = store.all('PRAGMA integrity_check') as readonly { readonly integrity_check: string }[];
    faults.push(...found.map((row) => row.integrity_check).filter((fault) => fault !== 'ok'));
    for (const { table } of store.all('PRAGMA foreign_key_check') as readonly { readonly table: string }[]) {
      brokenReferences[table] = (brokenReferences[table] ?? 0) + 1;
    }
  } catch (error) {
    // A check may itself stumble over the damage.
    if (!(error instanceof StoreError)) throw error;
    faults.push(error.message);
  }
  return { faults, brokenReferences };
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
