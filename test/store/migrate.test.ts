/** @file Updating the tables: every version from the one before with rows in it, after a check and a backup, all or nothing. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { listBackups } from '#store/backups.ts';
import { dataFolder, type DataFolder } from '#store/data-folder.ts';
import type { Migration } from '#store/migrations/migration.ts';
import { MIGRATIONS } from '#store/migrations/migrations.ts';
import { openStore } from '#store/open-store.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { NOON, openSample, storeErrorOf } from './sample-store.ts';

/** A row or more for every table of a version, beside those of the versions before it. */
const ROWS_OF_VERSION: readonly string[] = [
  `INSERT INTO settings VALUES ('theme', '"dark"');
   INSERT INTO projects VALUES (7, 'Reviewer', 'it''s', 1, 2);
   INSERT INTO models VALUES (3, '/models/tiny', 'tiny', NULL, '{"layers":2}', 1);
   INSERT INTO datasets VALUES (5, 7, 'Reviews', 'example', 1);
   INSERT INTO dataset_versions VALUES (11, 5, 1, 'ready', 1, 2, 2, 1, 1, '{}', NULL, '{"bad":0}', 1);
   INSERT INTO rows VALUES (21, 5, 0, 1, NULL, 'text', -9223372036854775808, 1, 0, 1, NULL, NULL, 'p', 'c', NULL),
     (22, 5, 1, 1, NULL, 'chat', 9223372036854775807, 0, 0, 2, 4, '{}', '[]', '[]', NULL);
   INSERT INTO row_blocks VALUES (5, 0, 1, 2);
   INSERT INTO splits (id, dataset_version_id, name, settings, train_count, held_out_count, created_at, held_out)
     VALUES (31, 11, 'default', '{}', 1, 1, 1, x'02');
   INSERT INTO runs (id, project_id, dataset_version_id, split_id, model_id, name, method, settings, status, queue_position, folder, engine,
     last_step, total_steps, created_at, started_at, ended_at, error) VALUES (41, 7, 11, 31, 3, 'first', 'kto', '{"beta":0.1}', 'queued', 1, 'runs/41', 'cpu', 0, NULL, 1, NULL, NULL, NULL);
   INSERT INTO metric_keys VALUES (1, 'loss');
   INSERT INTO metrics VALUES (41, 1, 1, 0.5), (41, 1, 2, NULL);
   INSERT INTO checkpoints VALUES (51, 41, 2, 'runs/41/checkpoint-2', 1);
   INSERT INTO adapters VALUES (61, 7, 41, 3, 'first', 'runs/41/adapter', 'ab', '{}', 1);
   INSERT INTO reference_caches VALUES (71, 3, 'k', 'references/k', 'cd', 4, 1, 1);
   INSERT INTO stored_files VALUES ('references/k', 'cd', 4, 'reference-cache', 71, 1);`,
  `INSERT INTO chats VALUES (81, 7, 'Hello', '{}', 1, 1);
   INSERT INTO messages (id, chat_id, turn, pane, role, content, adapter_id, speaker, sampling, state, created_at)
     VALUES (91, 81, 0, NULL, 'user', 'Hi', NULL, NULL, NULL, 'complete', 1),
     (92, 81, 0, 0, 'assistant', 'Hello', 61, 'first', '{"seed":1}', 'complete', 1);
   INSERT INTO votes (id, message_id, value, row_id, created_at) VALUES (95, 92, 1, 21, 1);`,
  `INSERT INTO splits VALUES (32, 11, 'other', '{}', 1, 0, 1, x'00', 1, x'02');`,
  `INSERT INTO runs VALUES (42, 7, 11, 31, 3, 'second', 'kto', '{}', 'queued', 2, 'runs/42', 'cpu', 0, NULL, 1, NULL, NULL, NULL, 61, 'first');
   INSERT INTO messages VALUES (93, 81, 1, 0, 'assistant', 'Bye', 61, 'first', '{"seed":1}', 'complete', 1, '{"tokens":2}');
   INSERT INTO votes VALUES (96, 93, -1, 22, 1, 'rude');`,
  `INSERT INTO comparisons VALUES (7, '{}');
   INSERT INTO measurements VALUES (7, 'k', 41, '{}', 1);
   INSERT INTO blind_votes VALUES (97, 7, 41, NULL, 'k', 'text', NULL, 'p', 'a', 'b', 1, 1);
   INSERT INTO saved_votes VALUES (97, 5);`,
];

const BROKEN: Migration = {
  number: MIGRATIONS.length + 1,
  sql: 'CREATE TABLE half (x); INSERT INTO half VALUES (1); INSERT INTO nowhere VALUES (1);',
};
const DANGLING: Migration = {
  number: MIGRATIONS.length + 1,
  sql: `CREATE TABLE loose (run_id INTEGER REFERENCES runs (id)) STRICT; INSERT INTO loose VALUES (12345);`,
};

/** A closed store of a version, filled. */
async function storeOfVersion(version: number): Promise<DataFolder> {
  const folder = dataFolder(await temporaryFolder());
  openStore(folder.root, { migrations: MIGRATIONS.slice(0, version) }).close();
  const db = new Database(folder.database);
  db.pragma('foreign_keys = ON');
  for (const sql of ROWS_OF_VERSION.slice(0, version)) db.exec(sql);
  db.close();
  return folder;
}

function contentOf(file: string): Record<string, unknown[]> {
  const db = new Database(file, { readonly: true });
  db.defaultSafeIntegers(true);
  try {
    const tables = db
      .prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name`)
      .pluck()
      .all();
    return Object.fromEntries((tables as string[]).map((table) => [table, db.prepare(`SELECT * FROM ${table}`).all()]));
  } finally {
    db.close();
  }
}

function versionOf(file: string): unknown {
  const db = new Database(file, { readonly: true });
  try {
    return db.pragma('user_version', { simple: true });
  } finally {
    db.close();
  }
}

test('migrations are numbered from 1, and every table is STRICT', () => {
  expect(MIGRATIONS.map(({ number }) => number)).toEqual(MIGRATIONS.map((_, index) => index + 1));
  expect(ROWS_OF_VERSION).toHaveLength(MIGRATIONS.length);
  const db = new Database(':memory:');
  for (const { sql } of MIGRATIONS) db.exec(sql);
  const loose = db
    .prepare(`SELECT name FROM pragma_table_list WHERE schema = 'main' AND strict = 0 AND name NOT LIKE 'sqlite%'`)
    .pluck()
    .all();
  db.close();
  expect(loose).toEqual([]);
});

test.each(MIGRATIONS.map(({ number }) => number))('the rows of this test fill every table of version %i', async (version) => {
  const content = contentOf((await storeOfVersion(version)).database);
  expect(Object.entries(content).filter(([, rows]) => rows.length === 0)).toEqual([]);
});

test.each(MIGRATIONS.slice(1).map(({ number }) => number))(
  'updating to version %i keeps every row of the version before',
  async (version) => {
    const folder = await storeOfVersion(version - 1);
    const before = contentOf(folder.database);
    const store = openSample(folder.root, { migrations: MIGRATIONS.slice(0, version) });
    store.close();
    expect(contentOf(folder.database)).toMatchObject(before);
    expect(versionOf(folder.database)).toBe(version);
    const [backup] = listBackups(folder);
    expect(backup).toMatchObject({ createdAt: NOON, schemaVersion: version - 1 });
    expect(contentOf(join(folder.backups, backup?.file ?? ''))).toEqual(before);
  },
);

test('a store of the first version ends like a new one', async () => {
  const folder = await storeOfVersion(1);
  const updated = openSample(folder.root);
  const fresh = openSample(await temporaryFolder());
  const schema = `SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%' ORDER BY name`;
  expect(updated.all(schema)).toEqual(fresh.all(schema));
});

test.each([
  ['fails', BROKEN, 'no such table: nowhere'],
  ['leaves a reference to nothing', DANGLING, 'rows of loose that refer to nothing'],
])('a migration that %s leaves the database as it was, and says so', async (_what, broken, words) => {
  const folder = await storeOfVersion(1);
  const before = contentOf(folder.database);
  const error = storeErrorOf(() => openStore(folder.root, { migrations: [...MIGRATIONS, broken] }));
  expect(error).toMatchObject({ reason: 'migration-failed', choices: ['open-read-only'] });
  expect(error.details).toMatchObject({ found: 1, known: MIGRATIONS.length + 1 });
  expect(error.message).toContain(words);
  expect(error.message).toContain('It is as it was before, and there is a backup (prospect-');
  expect(error.backups).toHaveLength(1);
  expect(contentOf(folder.database)).toEqual(before);
  expect(versionOf(folder.database)).toBe(1);
  openSample(folder.root).close();
  expect(versionOf(folder.database)).toBe(MIGRATIONS.length);
});

test('a damaged database is not updated', async () => {
  const folder = await storeOfVersion(1);
  const bytes = readFileSync(folder.database);
  bytes.fill(0, bytes.length - 4096);
  writeFileSync(folder.database, bytes);
  expect(storeErrorOf(() => openStore(folder.root)).reason).toBe('corrupt');
  expect(readFileSync(folder.database).equals(bytes)).toBe(true);
});

test('the newest five backups are kept', async () => {
  const folder = await storeOfVersion(1);
  for (let time = 0; time < 7; time++) {
    // Each try fails after its backup.
    expect(
      storeErrorOf(() => openStore(folder.root, { now: () => NOON + time, migrations: [...MIGRATIONS, BROKEN] })).backups.length,
    ).toBeGreaterThan(0);
  }
  expect(listBackups(folder).map(({ createdAt }) => createdAt - NOON)).toEqual([6, 5, 4, 3, 2]);
});
