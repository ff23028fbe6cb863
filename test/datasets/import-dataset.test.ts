/** @file Files become a version of a dataset, all or nothing. */
import { readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { AppError, CancelledError, ImportError, StorageError, StoreError } from '#contract/errors.ts';
import type { BadRow } from '#datasets/bad-row.ts';
import type { BadRows } from '#datasets/bad-row-list.ts';
import { importedFiles } from '#datasets/import-origin.ts';
import { readImportReport } from '#datasets/import-report.ts';
import type { WorkProgress } from '#datasets/work-progress.ts';
import { getDataset, listDatasets, listVersions } from '#store/datasets.ts';
import { readRows } from '#store/rows.ts';
import type { Store } from '#store/store.ts';
import { promptsOf } from '#test/store/sample-store.ts';
import { workplace } from './sample-import.ts';
import { exampleLines, PAIRS } from './sample-rows.ts';

function expectNothing(store: Store): void {
  for (const table of ['datasets', 'dataset_versions', 'rows', 'row_blocks']) {
    expect(store.get(`SELECT count(*) AS count FROM ${table}`)).toEqual({ count: 0 });
  }
}

async function errorOf(work: Promise<unknown>): Promise<AppError> {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof AppError) return error;
  throw new Error('It was not refused with a message.', { cause: error });
}

test('rows keep their order, their file and their place in it', async () => {
  const { store, file, bring, projectId } = await workplace();
  const paths = [await file('a.jsonl', exampleLines(2500)), await file('b.jsonl', `\n${exampleLines(3, 5000)}`)];
  const { version, report } = await bring(paths);
  expect(version).toMatchObject({ number: 1, rowCount: 2503, desirableCount: 1668, undesirableCount: 835 });
  expect(report).toMatchObject({ rows: 2503, fixedRows: 0, skippedRows: 0, leftOut: {}, notes: [] });
  expect(promptsOf(store, version).slice(2498)).toEqual([2498, 2499, 5000, 5001, 5002].map((number) => `Question ${number}?`));
  expect(readRows(store, { versionId: version.id, from: 2500, count: 1 })[0]).toMatchObject({ sourceFile: 1, sourceRow: 2, label: true });
  expect(importedFiles(version)?.map(({ name, bytes }) => [name, bytes])).toEqual([
    ['a.jsonl', (await stat(paths[0] ?? '')).size],
    ['b.jsonl', (await stat(paths[1] ?? '')).size],
  ]);
  expect(listDatasets(store, projectId)).toEqual([expect.objectContaining({ name: 'Reviews', kind: 'example' })]);
  expect(readImportReport(version)).toEqual(report);
});

test('a folder gives the rows of all its data files', async () => {
  const { store, folder, file, bring } = await workplace();
  await file('part-10.jsonl', exampleLines(1, 10));
  await file('part-2.jsonl', exampleLines(1, 2));
  await file('README.md', '# About');
  const { version } = await bring([folder]);
  expect(promptsOf(store, version)).toEqual(['Question 2?', 'Question 10?']);
});

test('an import into a dataset adds its rows, or puts them in the place of all', async () => {
  const { store, file, bring } = await workplace();
  const { version: first } = await bring([await file('a.jsonl', exampleLines(2))]);
  const { datasetId } = first;
  const { version: second } = await bring([await file('b.jsonl', exampleLines(1, 7))], { into: { datasetId, rows: 'append' } });
  const { version: third } = await bring([await file('c.jsonl', exampleLines(1, 9))], { into: { datasetId, rows: 'replace' } });
  expect([second.number, third.number]).toEqual([2, 3]);
  expect(promptsOf(store, first)).toEqual(['Question 0?', 'Question 1?']);
  expect(promptsOf(store, second)).toEqual(['Question 0?', 'Question 1?', 'Question 7?']);
  expect(promptsOf(store, third)).toEqual(['Question 9?']);
  const pairs = await file('pairs.jsonl', '{"prompt":"p","chosen":"c","rejected":"r"}\n');
  const refused = await errorOf(bring([pairs], { into: { datasetId, rows: 'append' }, mapping: PAIRS }));
  expect(refused.message).toContain('Row 1 of pairs.jsonl is a pair of answers');
  expect(listVersions(store, datasetId)).toHaveLength(3);
});

test('the same files are recognised by their content, whatever they are called', async () => {
  const { store, file, bring, projectId } = await workplace();
  const { version } = await bring([await file('a.jsonl', exampleLines(5))]);
  const copy = await file('copy.jsonl', exampleLines(5));
  const refused = await errorOf(bring([copy], { into: { projectId, name: 'Another' } }));
  expect(refused).toBeInstanceOf(StoreError);
  expect(refused.message).toBe(
    'copy.jsonl was imported before, with the same content: version 1 of the dataset “Reviews”, on 2026-11-24.' +
      ' Use that dataset, or import again on purpose.',
  );
  expect(refused.details).toMatchObject({ reason: 'conflict', datasetId: version.datasetId, versionId: version.id });
  expect(listDatasets(store, projectId)).toHaveLength(1);
  const again = await bring([copy], { into: { projectId, name: 'Another' }, again: true });
  expect(again.version.rowCount).toBe(5);
});

test('progress tells how much, how fast and how long still', async () => {
  const { file, bring } = await workplace();
  const seen: WorkProgress[] = [];
  let now = 0;
  await bring(
    [await file('a.jsonl', exampleLines(20_000))],
    {},
    { onProgress: (progress) => seen.push(progress), nowMs: () => (now += 200) },
  );
  const reading = seen.filter(({ stage }) => stage === 'reading');
  expect(seen[0]).toMatchObject({ stage: 'hashing', rows: 0 });
  expect(reading.length).toBeGreaterThan(5);
  const half = reading[Math.floor(reading.length / 2)];
  expect(half?.rowsPerSecond).toBeGreaterThan(0);
  expect(half?.msLeft).toBeGreaterThan(0);
  expect(reading.at(-1)).toMatchObject({ rows: 20_000, share: 1, msLeft: 0 });
  const shares = reading.map(({ share }) => share);
  expect(shares).toEqual([...shares].sort((a, b) => a - b));
});

test('cancelled at any moment, an import leaves nothing behind', async () => {
  const { store, file, bring } = await workplace();
  const path = await file('a.jsonl', exampleLines(30_000));
  for (const share of [0, 0.05, 0.5, 0.95]) {
    const controller = new AbortController();
    const onProgress = (progress: WorkProgress): void => {
      if (progress.stage === 'reading' && progress.share >= share) controller.abort();
    };
    let now = 0;
    const error = await errorOf(bring([path], {}, { signal: controller.signal, onProgress, nowMs: () => (now += 200) }));
    expect(error).toBeInstanceOf(CancelledError);
    expectNothing(store);
  }
});

test('other work has its turn during an import, and sees nothing of it', async () => {
  const { store, file, bring, projectId } = await workplace();
  const seen: number[] = [];
  const timer = setInterval(() => {
    seen.push(listDatasets(store, projectId).flatMap(({ id }) => listVersions(store, id)).length);
  }, 0);
  await bring([await file('a.jsonl', exampleLines(20_000))]);
  clearInterval(timer);
  expect(seen.length).toBeGreaterThan(5);
  expect(new Set(seen)).toEqual(new Set([0]));
});

const WITH_FAULTS = [
  '{"prompt":"p1","completion":"c1","label":true}',
  '{"prompt":"p2","completion":"","label":true}',
  '{"prompt":"p3","completion":"c3","label":"maybe"}',
  '{"prompt":"p4","completion":"c4","label":false}',
  '{"prompt":"p5","completion":"c5",',
  '[1]',
].join('\n');

test('every bad row is told with file, line, column, what was expected and what was found', async () => {
  const { file, bring } = await workplace();
  const told: BadRow[] = [];
  const { report } = await bring([await file('a.jsonl', WITH_FAULTS)], {}, { onBadRow: (badRow) => told.push(badRow) });
  expect(report).toMatchObject({ rows: 2, skippedRows: 4 });
  expect(told.map(({ message: _message, text: _text, ...rest }) => rest)).toEqual([
    {
      fileIndex: 0,
      file: 'a.jsonl',
      row: 2,
      line: 2,
      column: 'completion',
      character: null,
      expected: 'a text or a list of chat messages, not empty',
      found: '""',
    },
    { fileIndex: 0, file: 'a.jsonl', row: 3, line: 3, column: 'label', character: null, expected: 'true or false', found: '"maybe"' },
    {
      fileIndex: 0,
      file: 'a.jsonl',
      row: 5,
      line: 5,
      column: null,
      character: 34,
      expected: 'valid JSON',
      found: expect.stringContaining('⟶') as string,
    },
    {
      fileIndex: 0,
      file: 'a.jsonl',
      row: 6,
      line: 6,
      column: null,
      character: null,
      expected: 'an object with named fields',
      found: 'a list',
    },
  ]);
  expect(told.map(({ text }) => text)).toEqual(WITH_FAULTS.split('\n').filter((_, index) => [1, 2, 4, 5].includes(index)));
  for (const { message } of told) expect(message).toMatch(/ of a\.jsonl .*\. .*\.$/);
});

test('bad rows are repaired in place, until none is left or the person skips the rest', async () => {
  const { store, file, bring } = await workplace();
  const asked: BadRow[][] = [];
  const badRows = async ({ listed }: BadRows) => {
    asked.push([...listed]);
    if (asked.length === 1) {
      return {
        kind: 'fix' as const,
        fixes: [
          { fileIndex: 0, row: 2, text: '{"prompt":"p2","completion":"repaired","label":true}' },
          { fileIndex: 0, row: 3, text: '{"prompt":"p3","completion":"c3","label":"still not"}' },
          { fileIndex: 0, row: 5, text: '{"prompt":"p5",' },
        ],
      };
    }
    if (asked.length === 2) {
      return { kind: 'fix' as const, fixes: [{ fileIndex: 0, row: 5, text: '{"prompt":"p5","completion":"c5","label":0}' }] };
    }
    return { kind: 'skip' as const };
  };
  const { version, report } = await bring([await file('a.jsonl', WITH_FAULTS)], { badRows });
  expect(asked.map((rows) => rows.map(({ row }) => row))).toEqual([
    [2, 3, 5, 6],
    [3, 5, 6],
    [3, 6],
  ]);
  expect(asked[1]?.map(({ found }) => found)[0]).toBe('"still not"');
  expect(asked[1]?.[1]?.message).toContain('is not valid JSON after its repair');
  expect(report).toMatchObject({ rows: 4, fixedRows: 2, skippedRows: 2 });
  expect(promptsOf(store, version)).toEqual(['p1', 'p2', 'p4', 'p5']);
  expect(readRows(store, { versionId: version.id, from: 1, count: 2 })).toMatchObject([
    { completion: 'repaired', sourceRow: 2 },
    { completion: 'c4', sourceRow: 4 },
  ]);
});

test('a bad first row can be repaired, too, even where it is the only one', async () => {
  const { store, file, bring } = await workplace();
  const { version } = await bring([await file('a.jsonl', '{"prompt":"p"}\n{"prompt":"p2","completion":"c","label":1}')], {
    badRows: async () => ({ kind: 'fix', fixes: [{ fileIndex: 0, row: 1, text: '{"prompt":"p","completion":"c","label":1}' }] }),
  });
  expect(promptsOf(store, version)).toEqual(['p', 'p2']);
});

test('an import that is aborted for its bad rows leaves nothing', async () => {
  const { store, file, bring } = await workplace();
  const path = await file('a.jsonl', `${exampleLines(5000)}{"prompt":"p","label":true}\n`);
  const error = await errorOf(bring([path], { badRows: 'abort' }));
  expect(error).toBeInstanceOf(ImportError);
  expect(error.message).toBe(
    'Nothing was imported. One row is not as expected. Row 5001 of a.jsonl has no `completion` text. Fill it in or skip the row.',
  );
  expect(error.details).toMatchObject({ row: 5001, column: 'completion' });
  expectNothing(store);
  await expect(bring([path], { badRows: async () => ({ kind: 'abort' }) })).rejects.toThrow('Nothing was imported');
  expectNothing(store);
});

test('an import that waits for a decision can be cancelled', async () => {
  const { store, file, bring } = await workplace();
  const controller = new AbortController();
  const badRows = async (): Promise<never> => {
    controller.abort();
    return new Promise(() => undefined);
  };
  const error = await errorOf(bring([await file('a.jsonl', WITH_FAULTS)], { badRows }, { signal: controller.signal }));
  expect(error).toBeInstanceOf(CancelledError);
  expectNothing(store);
});

test('a file of bad rows alone is refused', async () => {
  const { store, file, bring } = await workplace();
  const error = await errorOf(bring([await file('a.jsonl', '{"a":1}\n{"b":1}\n')]));
  expect(error.message).toMatch(/^Nothing was imported: none of the 2 rows can be used\. The first: Row 1 of a\.jsonl has no/);
  expectNothing(store);
});

test('a file that changes between its hash and its last row is refused', async () => {
  const { store, file, bring } = await workplace();
  const path = await file('a.jsonl', exampleLines(100));
  const onProgress = ({ stage }: WorkProgress): void => {
    if (stage === 'reading') void utimes(path, 1, 1);
  };
  const error = await errorOf(bring([path], {}, { onProgress }));
  expect(error).toBeInstanceOf(StorageError);
  expect(error.message).toContain('was changed by another program');
  expectNothing(store);
});

test('a file that is gone, a folder without data and a name that is taken are refused before anything is written', async () => {
  const { store, folder, file, bring } = await workplace();
  const path = await file('a.jsonl', exampleLines(3));
  const empty = await file('sub', '');
  await rm(empty);
  expect((await errorOf(bring([`${path}.gone`]))).message).toContain('it does not exist');
  await writeFile(`${folder}/notes.md`, '');
  await rm(path);
  expect((await errorOf(bring([folder]))).message).toContain('holds no CSV, JSON, JSON Lines or Parquet file');
  expectNothing(store);
  const first = await bring([await file('b.jsonl', exampleLines(3))]);
  const taken = await errorOf(bring([await file('c.jsonl', exampleLines(4))]));
  expect(taken.message).toContain('already has a dataset called “Reviews”');
  expect(getDataset(store, first.version.datasetId)?.name).toBe('Reviews');
  expect(await readFile(`${folder}/b.jsonl`, 'utf8')).toBe(exampleLines(3));
});
