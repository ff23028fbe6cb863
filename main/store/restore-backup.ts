/** @file The ways out of a store that does not open. Both keep the database that is there, under another name. */
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { StoreError } from '#contract/errors.ts';
import { asStoreError } from './as-store-error.ts';
import { beginsLikeDatabase, listBackups } from './backups.ts';
import { lockDataFolder } from './data-folder-lock.ts';
import { dataFolder, type DataFolder } from './data-folder.ts';
import { APPLICATION_ID, latestVersion, schemaVersionOf } from './migrate.ts';
import { MIGRATIONS } from './migrations/migrations.ts';
import { moveDurably } from './move-durably.ts';
import { createEmptyDatabase } from './open-store.ts';

/** The write-ahead log belongs to its database: beside another one it would be taken for that one's. */
const PARTS = ['', '-wal', '-shm'];

/**
 * Puts a backup in the place of the database. The backup is checked before anything is moved, and stays.
 * @param file - one of {@link listBackups}
 * @param now - milliseconds since 1970
 * @returns name of the database that was there, in the data folder; null if there was none
 * @throws {StoreError} `bad-backup` or `locked`; nothing was changed then
 */
export function restoreBackup(root: string, file: string, now: number = Date.now()): string | null {
  return whileLocked(root, now, (folder) => {
    const copy = `${folder.database}.new`;
    for (const suffix of ['', '-journal', ...PARTS]) rmSync(`${copy}${suffix}`, { force: true });
    if (!listBackups(folder).some((backup) => backup.file === file)) {
      throw new StoreError(`There is no backup ${file} in ${folder.backups}. Choose another one.`, { reason: 'bad-backup', file });
    }
    copyFileSync(join(folder.backups, file), copy);
    const fault = faultOf(copy);
    if (fault !== null) {
      rmSync(copy, { force: true });
      throw new StoreError(`The backup ${file} can't be used: ${fault}. Choose another one. Nothing was changed.`, {
        reason: 'bad-backup',
        choices: ['restore-backup'],
        backups: listBackups(folder).filter((backup) => backup.file !== file),
        file,
      });
    }
    const kept = setAside(folder, now);
    moveDurably(copy, folder.database);
    return kept;
  });
}

/**
 * Begins anew, beside whatever is there.
 * @returns name of the database that was there, in the data folder; null if there was none
 * @throws {StoreError} `locked`
 */
export function startEmpty(root: string, now: number = Date.now()): string | null {
  return whileLocked(root, now, (folder) => {
    const kept = setAside(folder, now);
    createEmptyDatabase(folder);
    return kept;
  });
}

function whileLocked<T>(root: string, now: number, work: (folder: DataFolder) => T): T {
  const folder = dataFolder(root);
  let release: (() => void) | null = null;
  try {
    mkdirSync(folder.root, { recursive: true });
    release = lockDataFolder(folder, now);
    return work(folder);
  } catch (error) {
    throw asStoreError(error, folder.database);
  } finally {
    release?.();
  }
}

function faultOf(file: string): string | null {
  if (!beginsLikeDatabase(file)) return 'it is not a database';
  const db = new Database(file, { fileMustExist: true });
  try {
    if (Number(db.pragma('application_id', { simple: true })) !== APPLICATION_ID) return 'it is not a store of Prospect';
    if (schemaVersionOf(db) > latestVersion(MIGRATIONS)) return 'a newer Prospect made it';
    const found = String(db.pragma('integrity_check(1)', { simple: true }));
    return found === 'ok' ? null : found.replace(/\s*\n\s*/g, ' ');
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    db.close();
  }
}

function setAside(folder: DataFolder, now: number): string | null {
  const stamp = new Date(now).toISOString().replace(/[:.]/g, '-');
  let name = `prospect-set-aside-${stamp}.sqlite`;
  for (let count = 2; existsSync(join(folder.root, name)); count++) name = `prospect-set-aside-${stamp}-${count}.sqlite`;
  const found = PARTS.filter((part) => existsSync(`${folder.database}${part}`));
  // The database first: should this be interrupted, a log without a database is taken for a store that is gone, and is set aside, too.
  for (const part of found) renameSync(`${folder.database}${part}`, `${join(folder.root, name)}${part}`);
  return found.includes('') ? name : null;
}
