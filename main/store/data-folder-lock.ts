/**
 * @file One writer a data folder. The lock is one that the operating system keeps on a tiny database of its own: it ends with the process
 * that holds it, however that dies, so there is no stale lock to recognise and no process number to trust. Whoever is refused can still read
 * who holds it.
 */
import { hostname } from 'node:os';
import Database from 'better-sqlite3';
import { z } from 'zod';
import { StoreError } from '#contract/errors.ts';
import { asStoreError, isDamage } from './as-store-error.ts';
import type { DataFolder } from './data-folder.ts';

/** Long enough for a holder to write its name, which takes a few milliseconds. */
const BUSY_TIMEOUT_MS = 500;

const Holder = z.object({ pid: z.number(), host: z.string(), since: z.number() });

/** A connection nobody refers to is closed when memory is collected, and the lock would be gone with it. */
const held = new Set<Database.Database>();

/**
 * @param now - milliseconds since 1970
 * @returns how to let go
 * @throws {StoreError} `locked`, naming the process that holds it
 */
export function lockDataFolder(folder: DataFolder, now: number): () => void {
  let db: Database.Database | null = null;
  try {
    db = new Database(folder.lock, { timeout: BUSY_TIMEOUT_MS });
    db.pragma('synchronous = OFF'); // only who holds it; the lock itself is not in the file
    db.exec('BEGIN IMMEDIATE');
    db.exec(
      'CREATE TABLE IF NOT EXISTS holder (pid INTEGER NOT NULL, host TEXT NOT NULL, since INTEGER NOT NULL) STRICT; DELETE FROM holder;',
    );
    db.prepare('INSERT INTO holder VALUES (?, ?, ?)').run(process.pid, hostname(), now);
    db.exec('COMMIT');
    // A reserved lock from here on: others may read the name, and none may reserve. Whoever came first in between has it.
    db.exec('BEGIN IMMEDIATE');
  } catch (error) {
    const refusal = refusalOf(error, folder, db);
    db?.close();
    throw refusal;
  }
  const lock = db;
  held.add(lock);
  return () => {
    held.delete(lock);
    lock.close();
  };
}

function refusalOf(error: unknown, folder: DataFolder, db: Database.Database | null): unknown {
  if (isDamage(error)) {
    return new StoreError(
      `The lock file ${folder.lock} is damaged. Make sure that no other Prospect is running, delete that file and start again.`,
      { reason: 'locked', file: folder.root },
      { cause: error },
    );
  }
  if (db === null || !(error instanceof Database.SqliteError) || !error.code.startsWith('SQLITE_BUSY'))
    return asStoreError(error, folder.lock);
  const holder = Holder.safeParse(readHolder(db));
  const since = holder.success ? new Date(holder.data.since).toISOString() : '';
  const who = holder.success ? ` (process ${holder.data.pid} on ${holder.data.host}, since ${since})` : '';
  return new StoreError(
    `Another Prospect${who} is using the data folder ${folder.root}. Close it, or open the folder for reading only.`,
    {
      reason: 'locked',
      choices: ['close-other', 'open-read-only'],
      file: folder.root,
      ...(holder.success ? { pid: holder.data.pid, host: holder.data.host, since } : {}),
    },
    { cause: error },
  );
}

function readHolder(db: Database.Database): unknown {
  try {
    return db.prepare('SELECT pid, host, since FROM holder').get();
  } catch {
    return null; // it is being written this moment
  }
}
