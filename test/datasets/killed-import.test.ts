/** @file SIGKILL in the middle of an import, at any moment: all of a version is there, or nothing of it. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { checkStore } from '#store/check-store.ts';
import { getVersion } from '#store/datasets.ts';
import { openStore } from '#store/open-store.ts';
import { iterateRowKeys, readRows } from '#store/rows.ts';
import type { Store } from '#store/store.ts';
import { startChild, type Child } from '#test/store/child-process.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { exampleLines } from './sample-rows.ts';

const ROWS = 6000;
const KILLS = 50;
/** Started beside each other: most of a life is the start of its process. */
const AT_ONCE = 5;

/** What is said before the kill, and what the kill leaves unread, is promised. */
async function killAt(child: Child, moments: number): Promise<Map<number, number>> {
  const promised = new Map<number, number>();
  const note = (line: string): boolean => {
    const [kind, first, second] = line.split(' ');
    if (kind === 'version') promised.set(Number(first), Number(second));
    return kind === 'moment';
  };
  for (let left = moments; left > 0;) {
    const line = await child.nextLine();
    if (line === null) throw new Error('The process ended by itself.');
    if (note(line)) left--;
  }
  await pause(Math.random() * 4);
  for (const line of await child.kill()) note(line);
  return promised;
}

/** @returns how many whole versions there are */
function expectWhole(store: Store, promised: ReadonlyMap<number, number>): number {
  for (const [id, rowCount] of promised) expect(getVersion(store, id)?.rowCount).toBe(rowCount);
  const versions = store.all('SELECT id, state, row_count AS rowCount FROM dataset_versions') as {
    id: number;
    state: string;
    rowCount: number;
  }[];
  for (const { id, state, rowCount } of versions) {
    expect({ state, rowCount }).toEqual({ state: 'ready', rowCount: ROWS });
    expect(Array.from(iterateRowKeys(store, id))).toHaveLength(ROWS);
    expect(readRows(store, { versionId: id, from: ROWS - 1, count: 1 })[0]?.prompt).toBe(`Question ${ROWS - 1}?`);
  }
  const [datasets, rows] = ['datasets', 'rows'].map((table) => (store.get(`SELECT count(*) AS n FROM ${table}`) as { n: number }).n);
  expect({ datasets, rows }).toEqual({ datasets: versions.length, rows: versions.length * ROWS });
  return versions.length;
}

test('fifty kills at random moments of imports', { timeout: 240_000 }, async () => {
  const folder = await temporaryFolder();
  const path = join(folder, 'rows.jsonl');
  await writeFile(path, exampleLines(ROWS));
  const versions: number[] = [];
  const lives = async (place: number): Promise<void> => {
    const root = join(folder, `data-${place}`);
    const promised = new Map<number, number>();
    for (let life = 0; life < KILLS / AT_ONCE; life++) {
      const child = startChild(new URL('./import-until-killed.ts', import.meta.url), root, path, String(life));
      for (const [id, rows] of await killAt(child, 1 + Math.floor(Math.random() * 25))) promised.set(id, rows);
      // Opening removes what the import left; what is there then is checked.
      const store = openStore(root);
      try {
        versions.push(expectWhole(store, promised));
        expect(checkStore(store)).toMatchObject({ faults: [], brokenReferences: {} });
      } finally {
        store.close();
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, (_, place) => lives(place)));
  expect(versions).toHaveLength(KILLS);
});
