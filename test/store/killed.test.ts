/** @file SIGKILL at any moment loses nothing that was promised, and leaves nothing half done. */
import { setTimeout as pause } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { checkStore } from '#store/check-store.ts';
import { dataFolder } from '#store/data-folder.ts';
import { getVersion } from '#store/datasets.ts';
import { readSeries } from '#store/metrics.ts';
import { MIGRATIONS } from '#store/migrations/migrations.ts';
import { openStore } from '#store/open-store.ts';
import { listRuns } from '#store/runs.ts';
import { iterateRowKeys, iterateRows } from '#store/rows.ts';
import type { Store } from '#store/store.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { startChild } from './child-process.ts';
import { openSample } from './sample-store.ts';

/** What the process said that it was promised, over all its lives. */
interface Promised {
  readonly rowsOfVersion: Map<number, number>;
  readonly metricSteps: Set<number>;
}

function note(promised: Promised, line: string): void {
  const [kind, ...numbers] = line.split(' ');
  const [first = 0, second = 0] = numbers.map(Number);
  if (kind === 'version') promised.rowsOfVersion.set(first, second);
  if (kind === 'metrics') promised.metricSteps.add(first);
  // It may have been killed before or after; either is whole.
  if (kind === 'deleting') for (const id of [first, second]) promised.rowsOfVersion.delete(id);
}

function expectWhole(store: Store, promised: Promised): void {
  expect(checkStore(store)).toMatchObject({ faults: [], brokenReferences: {} });
  expect(store.get(`SELECT count(*) AS n FROM dataset_versions WHERE state = 'importing'`)).toEqual({ n: 0 });
  for (const [id, rowCount] of promised.rowsOfVersion) expect(getVersion(store, id)?.rowCount).toBe(rowCount);
  const versions = store.all('SELECT id, row_count AS rowCount FROM dataset_versions') as { id: number; rowCount: number }[];
  for (const { id, rowCount } of versions) {
    expect(Array.from(iterateRowKeys(store, id))).toHaveLength(rowCount);
    expect(Array.from(iterateRows(store, id, rowCount - 10))).toHaveLength(10);
  }
  expect(store.get('SELECT count(*) AS n FROM rows WHERE dataset_id NOT IN (SELECT dataset_id FROM dataset_versions)')).toEqual({ n: 0 });
  const runId = store.all('SELECT id FROM projects').length > 0 ? listRuns(store, 1)[0]?.id : undefined;
  const steps = new Set(runId === undefined ? [] : readSeries(store, { runId, key: 'loss' }).map(({ step }) => step));
  expect([...promised.metricSteps].filter((step) => !steps.has(step))).toEqual([]);
}

test('ten kills in the middle of imports, edits, deletions and metrics', { timeout: 60_000 }, async () => {
  const root = await temporaryFolder();
  const promised: Promised = { rowsOfVersion: new Map(), metricSteps: new Set() };
  for (let life = 0; life < 10; life++) {
    const child = startChild(new URL('./write-until-killed.ts', import.meta.url), root);
    // Any moment of about three rounds, by what it has said and not by time: a busy machine is slow.
    for (let lines = 2 + Math.random() * 65; lines > 0; lines--) note(promised, (await child.nextLine()) ?? '');
    await pause(Math.random() * 5);
    for (const line of await child.kill()) note(promised, line);
    const store = openStore(root);
    try {
      expectWhole(store, promised);
    } finally {
      store.close();
    }
  }
  expect(promised.rowsOfVersion.size).toBeGreaterThan(0);
});

test('a kill in the middle of an update leaves the version before', async () => {
  const root = await temporaryFolder();
  openStore(root, { migrations: MIGRATIONS.slice(0, 1) }).close();
  const child = startChild(new URL('./migrate-for-ever.ts', import.meta.url), root);
  expect(await child.nextLine()).toBe('updating');
  await pause(150);
  await child.kill();
  const db = new Database(dataFolder(root).database);
  expect(db.pragma('user_version', { simple: true })).toBe(1);
  expect(db.prepare(`SELECT name FROM sqlite_schema WHERE name = 'half'`).all()).toEqual([]);
  db.close();
  expect(checkStore(openSample(root))).toMatchObject({ faults: [], schemaVersion: MIGRATIONS.length });
});
