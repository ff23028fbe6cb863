/** @file Turns what SQLite (or the disk below it) says into a sentence for a person. */
import Database from 'better-sqlite3';
import { AppError, InternalError, StorageError, StoreError } from '#contract/errors.ts';

/**
 * The error to throw when working on the store's `file` failed. AppErrors, and whatever code inside a transaction threw, are handed back
 * as they are.
 */
export function asStoreError(error: unknown, file: string): unknown {
  if (error instanceof Database.SqliteError) return fromSqlite(error, file);
  if (error instanceof Error && !(error instanceof AppError) && 'syscall' in error && 'code' in error) {
    return new StorageError(
      `Could not write the store ${file}: the system says ${String(error.code)}. Check the disk and its permissions.`,
      { file },
      { cause: error },
    );
  }
  return error;
}

/** Whether SQLite says that the file is damaged or no database. */
export function isDamage(error: unknown): boolean {
  return error instanceof Database.SqliteError && /^SQLITE_(?:CORRUPT|NOTADB)/.test(error.code);
}

function fromSqlite(error: InstanceType<typeof Database.SqliteError>, file: string): AppError {
  const cause = { cause: error };
  if (isDamage(error)) {
    return new StoreError(
      `The store ${file} is damaged (${error.message}). Close Prospect and start it again to choose a backup.`,
      { reason: 'corrupt', choices: ['restore-backup', 'open-read-only'], file },
      cause,
    );
  }
  if (/^SQLITE_(?:FULL|IOERR|CANTOPEN)/.test(error.code)) {
    return new StoreError(
      `The store ${file} could not be read or written (${error.message}). Nothing was changed. Check the disk and its free space, then try again.`,
      { reason: 'disk', choices: ['free-space'], file },
      cause,
    );
  }
  if (error.code.startsWith('SQLITE_READONLY')) {
    return new StoreError(`The store ${file} is open for reading only.`, { reason: 'read-only', file }, cause);
  }
  if (/^SQLITE_(?:BUSY|LOCKED)/.test(error.code)) {
    return new StoreError(
      `Another program is using the store ${file}. Close it, then try again.`,
      { reason: 'locked', choices: ['close-other'], file },
      cause,
    );
  }
  if (error.code === 'SQLITE_CONSTRAINT_FOREIGNKEY') {
    return new StoreError('What this belongs to was deleted meanwhile. Nothing was changed.', { reason: 'not-found', file }, cause);
  }
  if (error.code.startsWith('SQLITE_CONSTRAINT')) {
    return new StoreError(
      `This contradicts what is in the store (${error.message}). Nothing was changed.`,
      { reason: 'conflict', file },
      cause,
    );
  }
  return new InternalError(`The store answered: ${error.message}.`, { file }, cause);
}
