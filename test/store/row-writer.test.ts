/** @file Imports: rows come in by batches, unseen until all are there. */
import { expect, test } from 'vitest';
import { InternalError } from '#contract/errors.ts';
import { getVersion, latestVersionOf, listVersions } from '#store/datasets.ts';
import { editRows, type RowEdit } from '#store/edit-rows.ts';
import { BLOCK_POSITIONS } from '#store/row-blocks.ts';
import { RowWriter } from '#store/row-writer.ts';
import { iterateRows, readRow, readRows } from '#store/rows.ts';
import {
  contentOf,
  example,
  examples,
  idAt,
  importRows,
  openSample,
  promptsOf,
  sampleDataset,
  sampleStore,
  storeErrorOf,
} from './sample-store.ts';

test('rows come back as they were given, in their order', async () => {
  const store = await sampleStore();
  const { datasetId } = sampleDataset(store);
  const rows = [
    example(0, { promptKey: -(2n ** 63n), label: true }),
    example(1, { promptKey: 2n ** 63n - 1n, label: false, sourceFile: null, sourceRow: null, sourceRowId: 2 ** 40 }),
    example(2, { form: 'chat', prompt: '[{"role":"user"}]', options: '{"tools":null}' }),
    example(3, { form: 'tokens', prompt: '[1,2]', completion: '' }),
    example(4, { prompt: `'; DROP TABLE rows; -- " ? 👩‍👩‍👧`, completion: 'ü'.repeat(10e6) }),
  ];
  const version = importRows(store, datasetId, rows);
  expect(Array.from(iterateRows(store, version.id), contentOf)).toEqual(rows);
  expect(version).toMatchObject({ number: 1, rowCount: 5, desirableCount: 3, undesirableCount: 2, origin: { kind: 'import' } });
});

test('pairs have a rejected text and no label, and are not counted by label', async () => {
  const store = await sampleStore();
  const { datasetId } = sampleDataset(store, 'pair');
  const rows = [example(0, { rejected: 'Worse.', label: null }), example(1, { rejected: '', label: null })];
  const version = importRows(store, datasetId, rows);
  expect(Array.from(iterateRows(store, version.id), contentOf)).toEqual(rows);
  expect(version).toMatchObject({ rowCount: 2, desirableCount: 0, undesirableCount: 0 });
});

test.each([
  ['neither label nor rejected text', example(1, { label: null })],
  ['both', example(1, { rejected: 'x' })],
])('a row with %s is refused, and nothing of its batch is added', async (_what, wrong) => {
  const store = await sampleStore();
  const { datasetId } = sampleDataset(store);
  const writer = RowWriter.begin(store, { datasetId, keepRows: true, origin: {} });
  writer.add(examples(40));
  expect(storeErrorOf(() => writer.add([...examples(40), wrong])).reason).toBe('conflict');
  expect(writer.added).toBe(40);
  writer.add([example(40)]);
  const version = writer.commit({ refused: 1 });
  expect(promptsOf(store, version)).toEqual(examples(41).map(({ prompt }) => prompt));
  expect(version).toMatchObject({ rowCount: 41, report: { refused: 1 } });
});

test('nobody sees a version before it is ready, and nobody waits for it', async () => {
  const store = await sampleStore();
  const { datasetId } = sampleDataset(store);
  const first = importRows(store, datasetId, examples(10));
  const writer = RowWriter.begin(store, { datasetId, keepRows: true, origin: {}, mapping: { prompt: 'question' } });
  writer.add(examples(5, 10));
  store.write(() => store.run(`INSERT INTO settings VALUES ('other', '1')`));

  expect(latestVersionOf(store, datasetId)).toEqual(first);
  expect(listVersions(store, datasetId)).toEqual([first]);
  expect(getVersion(store, writer.versionId)).toBeNull();
  expect(promptsOf(store, first)).toHaveLength(10);
  expect(storeErrorOf(() => readRows(store, { versionId: writer.versionId, from: 0, count: 1 })).reason).toBe('not-found');
  expect(storeErrorOf(() => [...iterateRows(store, writer.versionId)]).reason).toBe('not-found');
  const hidden = store.get('SELECT max(id) AS id FROM rows') as { id: number };
  expect(readRow(store, hidden.id)).toBeNull();

  const second = writer.commit();
  expect(second).toMatchObject({ number: 2, rowCount: 15, mapping: { prompt: 'question' } });
  expect(readRow(store, hidden.id)).toMatchObject({ datasetId, prompt: 'Question 14?' });
  expect(promptsOf(store, second)).toEqual(examples(15).map(({ prompt }) => prompt));
  expect(promptsOf(store, first)).toHaveLength(10);
});

test('while one import is under way, there is no other change to the dataset', async () => {
  const store = await sampleStore();
  const { datasetId } = sampleDataset(store);
  const version = importRows(store, datasetId, examples(3));
  const writer = RowWriter.begin(store, { datasetId, keepRows: true, origin: {} });
  const edits: RowEdit[] = [{ kind: 'delete', rowId: idAt(store, version, 0) }];
  expect(storeErrorOf(() => RowWriter.begin(store, { datasetId, keepRows: true, origin: {} })).reason).toBe('conflict');
  expect(storeErrorOf(() => editRows(store, { versionId: version.id, edits, origin: {} })).message).toContain('being imported');
  await writer.abort();
  expect(editRows(store, { versionId: version.id, edits, origin: {} }).number).toBe(2);
});

test('an aborted import leaves nothing, and ends only once', async () => {
  const store = await sampleStore();
  const { datasetId } = sampleDataset(store);
  const version = importRows(store, datasetId, examples(3));
  const writer = RowWriter.begin(store, { datasetId, keepRows: false, origin: {} });
  writer.add(examples(25_000));
  await writer.abort();
  await writer.abort();
  expect(() => writer.add(examples(1))).toThrow(InternalError);
  expect(() => writer.commit()).toThrow(InternalError);
  expect(store.get('SELECT count(*) AS count FROM rows')).toEqual({ count: 3 });
  expect(listVersions(store, datasetId)).toEqual([version]);
  const next = importRows(store, datasetId, examples(1, 3));
  expect(next).toMatchObject({ number: 2, rowCount: 4 });
  await writer.abort();
  expect(promptsOf(store, next)).toHaveLength(4);
});

test('what a crash left of an import is removed when the store opens', async () => {
  const store = await sampleStore();
  const { datasetId } = sampleDataset(store);
  const version = importRows(store, datasetId, examples(3));
  RowWriter.begin(store, { datasetId, keepRows: true, origin: {} }).add(examples(30_000));
  store.close();
  const again = openSample(store.folder.root);
  expect(again.get('SELECT count(*) AS count FROM rows')).toEqual({ count: 3 });
  expect(again.get('SELECT count(*) AS count FROM dataset_versions')).toEqual({ count: 1 });
  expect(promptsOf(again, version)).toHaveLength(3);
});

test('a dataset deleted during its import is not brought back', async () => {
  const store = await sampleStore();
  const { datasetId } = sampleDataset(store);
  const writer = RowWriter.begin(store, { datasetId, keepRows: true, origin: {} });
  writer.add(examples(3));
  store.write(() => store.run('DELETE FROM datasets WHERE id = ?', [datasetId]));
  expect(storeErrorOf(() => writer.add(examples(3))).reason).toBe('not-found');
  expect(storeErrorOf(() => writer.commit()).reason).toBe('not-found');
  await writer.abort();
  expect(storeErrorOf(() => RowWriter.begin(store, { datasetId, keepRows: true, origin: {} })).reason).toBe('not-found');
});

test('an import may take the place of all rows; the versions before stay', async () => {
  const store = await sampleStore();
  const { datasetId } = sampleDataset(store);
  const first = importRows(store, datasetId, examples(BLOCK_POSITIONS * 2));
  const second = importRows(store, datasetId, examples(5, 100), false);
  const third = importRows(store, datasetId, examples(2, 200));
  expect(second).toMatchObject({ number: 2, rowCount: 5, desirableCount: 4, undesirableCount: 1 });
  expect(promptsOf(store, second)).toEqual(examples(5, 100).map(({ prompt }) => prompt));
  expect(promptsOf(store, third)).toEqual([...examples(5, 100), ...examples(2, 200)].map(({ prompt }) => prompt));
  expect(readRows(store, { versionId: third.id, from: 4, count: 9 }).map(({ prompt }) => prompt)).toEqual([
    'Question 104?',
    'Question 200?',
    'Question 201?',
  ]);
  expect(promptsOf(store, first)).toHaveLength(BLOCK_POSITIONS * 2);
});
