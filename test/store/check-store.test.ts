/** @file What the doctor is told. */
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkStore } from '#store/check-store.ts';
import { MIGRATIONS } from '#store/migrations/migrations.ts';
import { openStore, openStoreReadOnly } from '#store/open-store.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { sampleProject } from './sample-project.ts';
import { sampleStore } from './sample-store.ts';

test('a whole store has no faults', async () => {
  const store = await sampleStore();
  sampleProject(store);
  const health = checkStore(store);
  expect(health).toMatchObject({
    faults: [],
    brokenReferences: {},
    schemaVersion: MIGRATIONS.length,
    knownSchemaVersion: MIGRATIONS.length,
    backups: [],
  });
  for (const bytes of [health.bytes, health.walBytes, health.freeBytes]) expect(bytes).toBeGreaterThan(4096);
  expect(health.sqliteVersion).toMatch(/^3\.\d+\.\d+$/);
});

test('references to nothing are counted by table', async () => {
  const store = await sampleStore();
  sampleProject(store);
  store.pragma('foreign_keys = OFF');
  store.run('DELETE FROM models');
  expect(checkStore(store).brokenReferences).toEqual({ runs: 1, adapters: 1 });
});

test('a damaged store that can only be read says what is wrong', async () => {
  const root = await temporaryFolder();
  const store = openStore(root);
  sampleProject(store);
  store.close();
  const bytes = readFileSync(store.folder.database);
  bytes.fill(0, bytes.length - 4096);
  writeFileSync(store.folder.database, bytes);
  const reader = openStoreReadOnly(root);
  expect(checkStore(reader).faults.length).toBeGreaterThan(0);
  reader.close();
});
