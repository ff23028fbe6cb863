/** @file The ways out of a broken store keep what is broken. */
import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { listBackups, makeBackup } from '#store/backups.ts';
import { dataFolder, type DataFolder } from '#store/data-folder.ts';
import { openStore } from '#store/open-store.ts';
import { createProject, listProjects } from '#store/projects.ts';
import { restoreBackup, startEmpty } from '#store/restore-backup.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { NOON, openSample, storeErrorOf } from './sample-store.ts';

const STAMP = '2026-11-24T12-00-00-000Z';

/** A closed store with two projects, and a backup from when it had one. */
async function storeWithBackup(): Promise<{ folder: DataFolder; backup: string }> {
  const folder = dataFolder(await temporaryFolder());
  const store = openStore(folder.root);
  createProject(store, { name: 'first' });
  store.close();
  const db = new Database(folder.database);
  const backup = makeBackup(db, folder, NOON).file;
  db.close();
  const again = openStore(folder.root);
  createProject(again, { name: 'second' });
  again.close();
  return { folder, backup };
}

function projectsIn(folder: DataFolder): string[] {
  const store = openSample(folder.root);
  const names = listProjects(store).map(({ name }) => name);
  store.close();
  return names.sort();
}

test('a backup takes the place of a broken database, which stays under another name with its log', async () => {
  const { folder, backup } = await storeWithBackup();
  truncateSync(folder.database, 5000);
  writeFileSync(`${folder.database}-wal`, 'a log of the broken one');
  const broken = readFileSync(folder.database);
  const kept = restoreBackup(folder.root, backup, NOON);
  expect(kept).toBe(`prospect-set-aside-${STAMP}.sqlite`);
  expect(readFileSync(join(folder.root, kept ?? '')).equals(broken)).toBe(true);
  expect(readFileSync(join(folder.root, `${kept ?? ''}-wal`), 'utf8')).toBe('a log of the broken one');
  expect(existsSync(`${folder.database}-wal`)).toBe(false);
  expect(projectsIn(folder)).toEqual(['first']);
  expect(listBackups(folder).map(({ file }) => file)).toEqual([backup]);
});

test('restoring twice in a moment keeps both', async () => {
  const { folder, backup } = await storeWithBackup();
  expect(restoreBackup(folder.root, backup, NOON)).toBe(`prospect-set-aside-${STAMP}.sqlite`);
  expect(restoreBackup(folder.root, backup, NOON)).toBe(`prospect-set-aside-${STAMP}-2.sqlite`);
  expect(projectsIn(folder)).toEqual(['first']);
});

test.each<[string, (file: string) => void, string]>([
  ['is damaged', (file) => truncateSync(file, 4096 * 3), 'malformed'],
  ['was made by a newer Prospect', (file) => change(file, 'PRAGMA user_version = 99'), 'a newer Prospect made it'],
  ['is of another program', (file) => change(file, 'PRAGMA application_id = 1'), 'not a store of Prospect'],
])('a backup that %s is refused before anything is moved', async (_what, spoil, words) => {
  const { folder, backup } = await storeWithBackup();
  spoil(join(folder.backups, backup));
  const files = readdirSync(folder.root);
  const error = storeErrorOf(() => restoreBackup(folder.root, backup));
  expect(error.reason).toBe('bad-backup');
  expect(error.message).toContain(words);
  expect(error.message).toContain('Nothing was changed.');
  expect(readdirSync(folder.root)).toEqual(files);
  expect(projectsIn(folder)).toEqual(['first', 'second']);
});

test.each(['nothing.sqlite', '../prospect.sqlite', ''])('%j is no backup', async (file) => {
  const { folder } = await storeWithBackup();
  expect(storeErrorOf(() => restoreBackup(folder.root, file)).reason).toBe('bad-backup');
  expect(projectsIn(folder)).toEqual(['first', 'second']);
});

test('other files among the backups are not offered', async () => {
  const { folder, backup } = await storeWithBackup();
  writeFileSync(join(folder.backups, 'notes.txt'), 'x');
  writeFileSync(join(folder.backups, `prospect-${STAMP}-v1-9.sqlite`), 'not a database');
  expect(listBackups(folder).map(({ file }) => file)).toEqual([backup]);
});

test('starting empty keeps what was there', async () => {
  const { folder } = await storeWithBackup();
  writeFileSync(folder.database, 'broken');
  const kept = startEmpty(folder.root, NOON);
  expect(readFileSync(join(folder.root, kept ?? ''), 'utf8')).toBe('broken');
  expect(projectsIn(folder)).toEqual([]);
});

function change(file: string, sql: string): void {
  const db = new Database(file);
  db.exec(sql);
  db.close();
}
