/** @file Why a store does not open, each with what a person can do about it. */
import { StoreError, type StoreBackup, type StoreChoice } from '#contract/errors.ts';
import { listBackups } from './backups.ts';
import type { DataFolder } from './data-folder.ts';

export function corruptStore(folder: DataFolder, { cause, canRead }: { readonly cause?: unknown; readonly canRead: boolean }): StoreError {
  const found = cause instanceof Error ? cause.message.replace(/\s*\n\s*/g, ' ') : 'it does not begin like a database';
  const restore = restoring(folder);
  const reading = canRead ? ', open it for reading only' : '';
  return new StoreError(
    `The store ${folder.database} is damaged (${found}). ${restore.advice}${reading}, or set it aside and start empty. It was not changed.`,
    {
      reason: 'corrupt',
      choices: [...restore.choices, ...(canRead ? (['open-read-only'] as const) : []), 'start-empty'],
      backups: restore.backups,
      file: folder.database,
    },
    { cause },
  );
}

export function foreignDatabase(folder: DataFolder): StoreError {
  const restore = restoring(folder);
  return new StoreError(
    `${folder.database} is a database, but not one of Prospect. ${restore.advice}, or set it aside and start empty. It was not changed.`,
    { reason: 'not-a-store', choices: [...restore.choices, 'start-empty'], backups: restore.backups, file: folder.database },
  );
}

export function newerStore(folder: DataFolder, { found, known }: { readonly found: number; readonly known: number }): StoreError {
  const { backups, choices } = restoring(folder);
  return new StoreError(
    `The store ${folder.database} was written by a newer Prospect (version ${found} of the tables; this one knows up to ${known}). Update Prospect, or open the store for reading only. It was not changed.`,
    { reason: 'newer', choices: ['update-prospect', 'open-read-only', ...choices], backups, file: folder.database, found, known },
  );
}

export function missingStore(folder: DataFolder): StoreError {
  const restore = restoring(folder);
  return new StoreError(`There is no store at ${folder.database}. ${restore.advice}, or start empty.`, {
    reason: 'missing',
    choices: [...restore.choices, 'start-empty'],
    backups: restore.backups,
    file: folder.database,
  });
}

export function migrationFailed(
  folder: DataFolder,
  {
    found,
    known,
    backup,
    cause,
  }: { readonly found: number; readonly known: number; readonly backup: StoreBackup; readonly cause: unknown },
): StoreError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new StoreError(
    `The store ${folder.database} could not be updated from version ${found} of its tables to ${known} (${why}). It is as it was before, and there is a backup (${backup.file}). Go on with the Prospect you had, or open the store for reading only.`,
    { reason: 'migration-failed', choices: ['open-read-only'], backups: listBackups(folder), file: folder.database, found, known },
    { cause },
  );
}

function restoring(folder: DataFolder): {
  readonly advice: string;
  readonly choices: readonly StoreChoice[];
  readonly backups: readonly StoreBackup[];
} {
  const backups = listBackups(folder);
  const newest = backups[0];
  if (!newest) return { advice: 'There is no backup of it: look for a copy of your own', choices: [], backups };
  const count = backups.length === 1 ? 'its backup' : `one of its ${backups.length} backups`;
  const advice = `Restore ${count} (the newest is of ${new Date(newest.createdAt).toISOString()}, ${(newest.bytes / 1e6).toFixed(1)} MB)`;
  return { advice, choices: ['restore-backup'], backups };
}
