/** @file Opens the store of a data folder: as its one writer, or for reading only beside it. */
import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { asStoreError, isDamage } from './as-store-error.ts';
import { beginsLikeDatabase, listBackups, makeBackup } from './backups.ts';
import { lockDataFolder } from './data-folder-lock.ts';
import { dataFolder, ownedFolders, type DataFolder } from './data-folder.ts';
import { APPLICATION_ID, latestVersion, migrate, schemaVersionOf } from './migrate.ts';
import type { Migration } from './migrations/migration.ts';
import { MIGRATIONS } from './migrations/migrations.ts';
import { moveDurably } from './move-durably.ts';
import { removeUnfinishedProjects } from './archive/unfinished-projects.ts';
import { corruptStore, foreignDatabase, migrationFailed, missingStore, newerStore } from './open-errors.ts';
import { removeUnfinishedImports } from './row-writer.ts';
import { Store } from './store.ts';

/** How long a write waits for another program, such as a backup tool, that has the database open. */
const BUSY_TIMEOUT_MS = 5000;
/** Up to this size the whole database is looked through at each start (about 0.1 s); the doctor does it for any size. */
const CHECKED_AT_START_BYTES = 64 * 2 ** 20;

export interface OpenOptions {
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  readonly migrations?: readonly Migration[];
}

/**
 * Makes what is missing, updates what is old (after a check and a backup), and removes what an interrupted import left.
 * @param root - the data folder, made if need be
 * @throws {StoreError} with the choices a person has; what is there is never changed then
 */
export function openStore(root: string, { now = Date.now, migrations = MIGRATIONS }: OpenOptions = {}): Store {
  const folder = dataFolder(root);
  let release: (() => void) | null = null;
  let db: Database.Database | null = null;
  try {
    for (const path of [folder.root, folder.backups, ...ownedFolders(folder)]) mkdirSync(path, { recursive: true });
    release = lockDataFolder(folder, now());
    if (!existsSync(folder.database)) createDatabase(folder, migrations);
    db = openAndCheck(folder);
    update(db, folder, { now, migrations });
    const store = new Store(db, { folder, readOnly: false, now, release });
    removeUnfinishedImports(store);
    removeUnfinishedProjects(store);
    return store;
  } catch (error) {
    db?.close();
    release?.();
    throw isDamage(error) ? corruptStore(folder, { cause: error, canRead: true }) : asStoreError(error, folder.database);
  }
}

/**
 * Opens what can be read, whoever holds the folder and whichever version wrote it; tables of a version this program does not know may be
 * missing or unknown.
 * @throws {StoreError} if there is no store, or nothing of it can be read
 */
export function openStoreReadOnly(root: string, { now = Date.now }: Pick<OpenOptions, 'now'> = {}): Store {
  const folder = dataFolder(root);
  if (!existsSync(folder.database)) throw missingStore(folder);
  if (!beginsLikeDatabase(folder.database)) throw corruptStore(folder, { canRead: false });
  let db: Database.Database | null = null;
  try {
    db = new Database(folder.database, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
    refuseForeign(db, folder);
    return new Store(db, { folder, readOnly: true, now, release: () => undefined });
  } catch (error) {
    db?.close();
    throw isDamage(error) ? corruptStore(folder, { cause: error, canRead: false }) : asStoreError(error, folder.database);
  }
}

/**
 * Makes an empty store under another name first, so that a database under its own name is always a whole one.
 * @throws {StoreError} `missing` if there are signs that there was one
 */
function createDatabase(folder: DataFolder, migrations: readonly Migration[]): void {
  if (listBackups(folder).length > 0 || existsSync(`${folder.database}-wal`)) throw missingStore(folder);
  createEmptyDatabase(folder, migrations);
}

/** @param folder - its lock is held, and its database is not there */
export function createEmptyDatabase(folder: DataFolder, migrations: readonly Migration[] = MIGRATIONS): void {
  const unfinished = `${folder.database}.new`;
  for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(`${unfinished}${suffix}`, { force: true });
  const db = new Database(unfinished);
  try {
    migrate(db, migrations);
  } finally {
    db.close();
  }
  moveDurably(unfinished, folder.database);
}

function openAndCheck(folder: DataFolder): Database.Database {
  if (!beginsLikeDatabase(folder.database)) throw corruptStore(folder, { canRead: false });
  const db = new Database(folder.database, { fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
  try {
    refuseForeign(db, folder);
    if (statSync(folder.database).size <= CHECKED_AT_START_BYTES) refuseFaults(db, folder, 'quick_check');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function refuseForeign(db: Database.Database, folder: DataFolder): void {
  if (Number(db.pragma('application_id', { simple: true })) !== APPLICATION_ID) throw foreignDatabase(folder);
}

function refuseFaults(db: Database.Database, folder: DataFolder, check: 'quick_check' | 'integrity_check'): void {
  const found = String(db.pragma(`${check}(1)`, { simple: true }));
  if (found !== 'ok') throw corruptStore(folder, { cause: new Error(found), canRead: true });
}

function update(db: Database.Database, folder: DataFolder, { now, migrations }: Required<OpenOptions>): void {
  const found = schemaVersionOf(db);
  const known = latestVersion(migrations);
  if (found > known) throw newerStore(folder, { found, known });
  configure(db);
  if (found === known) return;
  refuseFaults(db, folder, 'integrity_check');
  const backup = makeBackup(db, folder, now());
  try {
    migrate(db, migrations);
  } catch (error) {
    throw migrationFailed(folder, { found, known, backup, cause: error });
  }
}

/** Readers never wait for the writer, and a commit is one write without a wait for the disk (see Store.writeDurably). */
function configure(db: Database.Database): void {
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = NORMAL');
  db.pragma('foreign_keys = ON');
  db.pragma('cache_size = -65536'); // KiB
  db.pragma('journal_size_limit = 67108864'); // the log of a long import is cut back to this
  db.pragma('fullfsync = ON'); // macOS: wait for the disk itself, not for its buffer
}
