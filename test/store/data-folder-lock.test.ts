/** @file One writer a data folder, whatever becomes of it. */
import { writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStore, openStoreReadOnly } from '#store/open-store.ts';
import { listProjects } from '#store/projects.ts';
import { restoreBackup, startEmpty } from '#store/restore-backup.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { startChild } from './child-process.ts';
import { NOON, openSample, storeErrorOf } from './sample-store.ts';

test('a second process is refused in one line that names the first, and may read; a killed holder leaves nothing behind', async () => {
  const root = await temporaryFolder();
  const holder = startChild(new URL('./hold-data-folder.ts', import.meta.url), root);
  expect(await holder.nextLine()).toBe('open');

  const error = storeErrorOf(() => openStore(root));
  expect(error).toMatchObject({ reason: 'locked', choices: ['close-other', 'open-read-only'] });
  expect(error.details).toMatchObject({ pid: holder.pid, host: hostname() });
  expect(error.message).toMatch(
    new RegExp(`^Another Prospect \\(process ${holder.pid} on .+, since 20\\d\\d-.+Z\\) is using the data folder .+ for reading only\\.$`),
  );
  expect(storeErrorOf(() => restoreBackup(root, 'any')).reason).toBe('locked');
  expect(storeErrorOf(() => startEmpty(root)).reason).toBe('locked');
  const reader = openStoreReadOnly(root);
  expect(listProjects(reader)).toEqual([]);
  reader.close();

  await holder.kill();
  openSample(root);
});

test('a process that comes while this one holds the folder is refused', async () => {
  const root = await temporaryFolder();
  const store = openSample(root);
  const second = startChild(new URL('./hold-data-folder.ts', import.meta.url), root);
  expect(await second.nextLine()).toContain(`locked: Another Prospect (process ${process.pid} on `);
  expect(await second.nextLine()).toBeNull();
  store.close();
  const third = startChild(new URL('./hold-data-folder.ts', import.meta.url), root);
  expect(await third.nextLine()).toBe('open');
});

test('of processes that start at the same time one gets the folder', async () => {
  const root = await temporaryFolder();
  const children = Array.from({ length: 3 }, () => startChild(new URL('./hold-data-folder.ts', import.meta.url), root));
  const said = await Promise.all(children.map((child) => child.nextLine()));
  expect(said.filter((line) => line === 'open')).toHaveLength(1);
  expect(said.filter((line) => line?.startsWith('locked: '))).toHaveLength(2);
});

test('the same process is refused, too, and says since when', async () => {
  const root = await temporaryFolder();
  const store = openSample(root);
  expect(storeErrorOf(() => openStore(root)).details).toMatchObject({ pid: process.pid, since: new Date(NOON).toISOString() });
  store.close();
  openSample(root);
});

test('a lock file that is none says what to delete', async () => {
  const root = await temporaryFolder();
  writeFileSync(join(root, 'prospect.lock'), 'x'.repeat(5000));
  const error = storeErrorOf(() => openStore(root));
  expect(error.reason).toBe('locked');
  expect(error.message).toContain('delete that file and start again');
});
