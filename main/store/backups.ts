/** @file Copies of the database in the data folder's backups/: made before the tables are changed, or when asked for. */
import { closeSync, fstatSync, mkdirSync, openSync, readdirSync, readSync, rmSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { StoreError, type StoreBackup } from '#contract/errors.ts';
import type { DataFolder } from './data-folder.ts';
import { moveDurably } from './move-durably.ts';

/** Older ones are removed when a new one is made. */
const KEPT_BACKUPS = 5;
/** `prospect-2026-11-24T06-01-22-123Z-v2.sqlite`. A number follows the time when there are several of one millisecond. */
const NAME = /^prospect-(\d{4}-\d\d-\d\dT)(\d\d)-(\d\d)-(\d\d)-(\d{3})Z-v(\d+)(?:-\d+)?\.sqlite$/;
/** An SQLite file begins with these. */
const MAGIC = 'SQLite format 3\0';

/** Newest first; files that are no database are left out. */
export function listBackups(folder: DataFolder): StoreBackup[] {
  const backups: StoreBackup[] = [];
  for (const file of namesIn(folder.backups)) {
    const match = NAME.exec(file);
    if (!match || !beginsLikeDatabase(join(folder.backups, file))) continue;
    const [, day, hours, minutes, seconds, milliseconds, version] = match;
    backups.push({
      file,
      createdAt: Date.parse(`${day}${hours}:${minutes}:${seconds}.${milliseconds}Z`),
      bytes: statSync(join(folder.backups, file)).size,
      schemaVersion: Number(version),
    });
  }
  return backups.sort((a, b) => b.createdAt - a.createdAt || (a.file < b.file ? 1 : -1));
}

/**
 * Copies the database as it is now, compacted; takes as long as reading and writing it once.
 * @param now - milliseconds since 1970
 * @throws {StoreError} `disk` if there is no room
 */
export function makeBackup(db: Database, folder: DataFolder, now: number): StoreBackup {
  mkdirSync(folder.backups, { recursive: true });
  const bytes = Number(db.pragma('page_count', { simple: true })) * Number(db.pragma('page_size', { simple: true }));
  const { bavail, bsize } = statfsSync(folder.backups);
  if (bavail * bsize < bytes) {
    throw new StoreError(
      `A backup of the store needs ${(bytes / 1e6).toFixed(1)} MB in ${folder.backups}, but only ${((bavail * bsize) / 1e6).toFixed(1)} MB are free. Nothing was changed; free some space, then start again.`,
      { reason: 'disk', choices: ['free-space', 'open-read-only'], file: folder.backups },
    );
  }
  const file = freeName(folder, now, Number(db.pragma('user_version', { simple: true })));
  const unfinished = join(folder.backups, 'unfinished.sqlite');
  rmSync(unfinished, { force: true });
  db.prepare('VACUUM INTO ?').run(unfinished);
  moveDurably(unfinished, join(folder.backups, file));
  for (const old of listBackups(folder).slice(KEPT_BACKUPS)) rmSync(join(folder.backups, old.file), { force: true });
  const made = listBackups(folder).find((backup) => backup.file === file);
  if (!made) {
    throw new StoreError(`The backup ${file} vanished from ${folder.backups} as soon as it was made.`, {
      reason: 'disk',
      file: folder.backups,
    });
  }
  return made;
}

/** Whether the file can be a database at all: it has the mark of one, and its first page is there. */
export function beginsLikeDatabase(path: string): boolean {
  const start = Buffer.alloc(MAGIC.length + 2);
  try {
    const descriptor = openSync(path, 'r');
    try {
      if (readSync(descriptor, start) < start.length || start.toString('latin1', 0, MAGIC.length) !== MAGIC) return false;
      const pageBytes = start.readUInt16BE(MAGIC.length);
      return fstatSync(descriptor).size >= (pageBytes === 1 ? 65_536 : pageBytes);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return false;
  }
}

function freeName(folder: DataFolder, now: number, version: number): string {
  const taken = new Set(namesIn(folder.backups));
  const stem = `prospect-${new Date(now).toISOString().replace(/[:.]/g, '-')}-v${version}`;
  for (let count = 1; ; count++) {
    const name = count === 1 ? `${stem}.sqlite` : `${stem}-${count}.sqlite`;
    if (!taken.has(name)) return name;
  }
}

function namesIn(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
