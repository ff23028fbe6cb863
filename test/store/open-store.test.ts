/** @file Opening a store: new, old, broken, foreign, newer; nothing is ever lost silently. */
import { existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { listBackups, makeBackup } from '#store/backups.ts';
import { dataFolder, type DataFolder, fromStoredPath, toStoredPath } from '#store/data-folder.ts';
import { MIGRATIONS } from '#store/migrations/migrations.ts';
import { openStore, openStoreReadOnly } from '#store/open-store.ts';
import { createProject, listProjects } from '#store/projects.ts';
import { setSetting } from '#store/settings.ts';
import type { Store } from '#store/store.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { NOON, openSample, storeErrorOf } from './sample-store.ts';

/** A closed store with a few pages in it. */
async function closedStore(): Promise<DataFolder> {
  const root = await temporaryFolder();
  const store = openStore(root);
  createProject(store, { name: 'kept', notes: 'x'.repeat(100_000) });
  store.close();
  return dataFolder(root);
}

function namesIn(store: Store): string[] {
  return listProjects(store).map(({ name }) => name);
}

test('a folder that does not exist becomes an empty store with its folders', async () => {
  const folder = dataFolder(join(await temporaryFolder(), 'new', 'data'));
  const store = openSample(folder.root);
  expect(listProjects(store)).toEqual([]);
  for (const path of [folder.database, folder.backups, folder.runs, folder.models, folder.files]) expect(existsSync(path)).toBe(true);
  expect(existsSync(`${folder.database}.new`)).toBe(false);
});

test('what was written is there after opening again', async () => {
  const folder = await closedStore();
  expect(namesIn(openSample(folder.root))).toEqual(['kept']);
  expect(listBackups(folder)).toEqual([]);
});

test('an unfinished new database of a killed start is made anew', async () => {
  const folder = dataFolder(await temporaryFolder());
  writeFileSync(`${folder.database}.new`, 'half a data');
  expect(namesIn(openSample(folder.root))).toEqual([]);
});

describe('a database that can not be used', () => {
  test.each<[string, (file: string) => void]>([
    ['is empty', (file) => truncateSync(file, 0)],
    ['is truncated in the middle of its first page', (file) => truncateSync(file, 50)],
    ['is truncated after some pages', (file) => truncateSync(file, 4096 * 7)],
    ['is not a database', (file) => writeFileSync(file, 'These are my notes about preferences.'.repeat(500))],
    ['has a page of zeros', (file) => overwrite(file, { at: 4096 * 3, bytes: Buffer.alloc(4096) })],
    ['has a damaged schema', (file) => overwrite(file, { at: 100, bytes: Buffer.alloc(200, 0xff) })],
  ])('%s: the error offers choices, and the file stays as it is', async (_what, damage) => {
    const folder = await closedStore();
    damage(folder.database);
    const before = readFileSync(folder.database);
    const error = storeErrorOf(() => openStore(folder.root));
    expect(error).toMatchObject({ code: 'store', reason: 'corrupt', backups: [] });
    expect(error.choices).toContain('start-empty');
    expect(error.message).toMatch(/is damaged \(.+\)\. There is no backup of it/);
    expect(readFileSync(folder.database).equals(before)).toBe(true);
    // The lock was let go of: a second try says the same.
    expect(storeErrorOf(() => openStore(folder.root)).reason).toBe('corrupt');
  });

  test('with backups, the error lists them with time and size', async () => {
    const folder = await closedStore();
    const backup = backupOf(folder, NOON);
    truncateSync(folder.database, 0);
    const error = storeErrorOf(() => openStore(folder.root));
    expect(error.choices).toContain('restore-backup');
    expect(error.backups).toEqual([
      { file: backup, createdAt: NOON, bytes: readFileSync(join(folder.backups, backup)).length, schemaVersion: MIGRATIONS.length },
    ]);
    expect(error.details).toMatchObject({ reason: 'corrupt', backups: [backup] });
    expect(error.message).toContain('Restore its backup (the newest is of 2026-11-24T12:00:00.000Z, 0.');
  });

  test('a damaged page can still be read around', async () => {
    const folder = await closedStore();
    const bytes = readFileSync(folder.database);
    // The last page is the notes' text; the tables before it are whole.
    overwrite(folder.database, { at: bytes.length - 4096, bytes: Buffer.alloc(4096) });
    const error = storeErrorOf(() => openStore(folder.root));
    expect(error.choices).toContain('open-read-only');
    const store = openStoreReadOnly(folder.root);
    expect(store.get('SELECT name FROM projects')).toEqual({ name: 'kept' });
    store.close();
  });

  test('another program’s database is left alone', async () => {
    const folder = dataFolder(await temporaryFolder());
    const db = new Database(folder.database);
    db.exec('CREATE TABLE notes (text)');
    db.close();
    expect(storeErrorOf(() => openStore(folder.root)).reason).toBe('not-a-store');
    expect(storeErrorOf(() => openStoreReadOnly(folder.root)).reason).toBe('not-a-store');
  });

  test('a newer version is refused, but can be read', async () => {
    const folder = await closedStore();
    const db = new Database(folder.database);
    db.pragma('user_version = 999');
    db.close();
    const error = storeErrorOf(() => openStore(folder.root));
    expect(error).toMatchObject({ reason: 'newer', choices: ['update-prospect', 'open-read-only'] });
    expect(error.details).toMatchObject({ found: 999, known: MIGRATIONS.length });
    const store = openStoreReadOnly(folder.root);
    expect(namesIn(store)).toEqual(['kept']);
    store.close();
  });

  test('a database that is gone is not replaced by an empty one while there are backups or its log', async () => {
    const folder = await closedStore();
    backupOf(folder, NOON);
    rmSync(folder.database);
    expect(storeErrorOf(() => openStore(folder.root))).toMatchObject({ reason: 'missing', choices: ['restore-backup', 'start-empty'] });
    expect(existsSync(folder.database)).toBe(false);

    const other = await closedStore();
    rmSync(other.database);
    writeFileSync(`${other.database}-wal`, 'log');
    expect(storeErrorOf(() => openStore(other.root))).toMatchObject({ reason: 'missing', choices: ['start-empty'] });
  });
});

describe('reading only', () => {
  test('a store that is not there is not made', async () => {
    const folder = dataFolder(await temporaryFolder());
    expect(storeErrorOf(() => openStoreReadOnly(folder.root)).reason).toBe('missing');
    expect(existsSync(folder.database)).toBe(false);
  });

  test('sees what the writer beside it commits, and refuses to write', async () => {
    const folder = await closedStore();
    const writer = openSample(folder.root);
    const reader = openStoreReadOnly(folder.root);
    createProject(writer, { name: 'new' });
    expect(namesIn(reader).sort()).toEqual(['kept', 'new']);
    expect(storeErrorOf(() => setSetting(reader, 'theme', 'dark')).reason).toBe('read-only');
    expect(storeErrorOf(() => reader.run('DELETE FROM projects')).reason).toBe('read-only');
    reader.close();
    expect(namesIn(writer)).toHaveLength(2);
  });
});

test('paths inside the data folder are kept relative, so that it can be moved', async () => {
  const folder = dataFolder(await temporaryFolder());
  expect(toStoredPath(folder, join(folder.runs, '7', 'adapter'))).toBe('runs/7/adapter');
  expect(toStoredPath(folder, 'runs/7')).toBe('runs/7');
  const outside = join(folder.root, '..', 'elsewhere');
  expect(toStoredPath(folder, outside)).toBe(outside);
  expect(toStoredPath(folder, join(folder.root, '..hidden'))).toBe('..hidden');
  for (const path of [join(folder.files, 'a'), outside]) expect(fromStoredPath(folder, toStoredPath(folder, path))).toBe(path);
});

function overwrite(file: string, { at, bytes }: { at: number; bytes: Buffer }): void {
  const content = readFileSync(file);
  bytes.copy(content, at);
  writeFileSync(file, content);
}

function backupOf(folder: DataFolder, at: number): string {
  const db = new Database(folder.database, { fileMustExist: true });
  try {
    return makeBackup(db, folder, at).file;
  } finally {
    db.close();
  }
}
