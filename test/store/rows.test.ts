/** @file Reading versions: pages, streams, keys. */
import { expect, test } from 'vitest';
import { editRows, type RowEdit } from '#store/edit-rows.ts';
import { BLOCK_POSITIONS } from '#store/row-blocks.ts';
import { RowWriter } from '#store/row-writer.ts';
import { iterateRowKeys, iterateRows, readRow, readRows } from '#store/rows.ts';
import { contentOf, examples, importRows, promptsOf, sampleDataset, sampleStore, storeErrorOf } from './sample-store.ts';

test('every page of a version with holes is the same as that part of the whole', async () => {
  const store = await sampleStore();
  const { datasetId } = sampleDataset(store);
  const count = BLOCK_POSITIONS * 3 + 10;
  const first = importRows(store, datasetId, examples(count));
  const ids = Array.from(iterateRowKeys(store, first.id), ({ id }) => id);
  // A whole block, and every seventh row elsewhere.
  const gone = ids.filter((_, index) => (index >= BLOCK_POSITIONS && index < BLOCK_POSITIONS * 2) || index % 7 === 0);
  const edits = gone.map((rowId): RowEdit => ({ kind: 'delete', rowId }));
  const second = editRows(store, { versionId: first.id, edits, origin: {} });
  const whole = promptsOf(store, second);
  expect(whole).toHaveLength(second.rowCount);
  for (let from = 0; from < second.rowCount + 5; from += 97) {
    const page = readRows(store, { versionId: second.id, from, count: 50 }).map(({ prompt }) => prompt);
    expect(page).toEqual(whole.slice(from, from + 50));
    expect(Array.from(iterateRows(store, second.id, from), ({ prompt }) => prompt)).toEqual(whole.slice(from));
  }
  expect(readRows(store, { versionId: second.id, from: 0, count: 0 })).toEqual([]);
  expect(promptsOf(store, first)).toHaveLength(count);
});

test('the keys are those of the rows', async () => {
  const store = await sampleStore();
  const { datasetId } = sampleDataset(store);
  const version = importRows(store, datasetId, examples(2500));
  const keys = Array.from(iterateRows(store, version.id), ({ id, position, promptKey, label }) => ({ id, position, promptKey, label }));
  expect([...iterateRowKeys(store, version.id)]).toEqual(keys);
});

test('the store can be written to while its rows are read, and long texts come one by one', async () => {
  const store = await sampleStore();
  const { datasetId } = sampleDataset(store);
  const version = importRows(store, datasetId, [
    ...examples(3000),
    ...examples(6, 3000).map((row) => ({ ...row, completion: 'x'.repeat(3e6) })),
  ]);
  const other = sampleDataset(store, 'example', 'Copy');
  const writer = RowWriter.begin(store, { datasetId: other.datasetId, keepRows: true, origin: { from: datasetId } });
  let count = 0;
  for (const row of iterateRows(store, version.id)) {
    if (count++ % 100 === 0) writer.add([contentOf(row)]);
    if (count === 1500) editRows(store, { versionId: version.id, edits: [{ kind: 'delete', rowId: row.id + 10 }], origin: {} });
  }
  expect(count).toBe(3006);
  expect(writer.commit().rowCount).toBe(31);
  for (const row of iterateRows(store, version.id)) if (row.position === 5) break;
  expect(promptsOf(store, version)).toHaveLength(3006);
});

test('a version that does not exist is not found', async () => {
  const store = await sampleStore();
  expect(storeErrorOf(() => readRows(store, { versionId: 1, from: 0, count: 1 })).reason).toBe('not-found');
  expect(readRow(store, 1)).toBeNull();
});

test('an empty version has no rows', async () => {
  const store = await sampleStore();
  const version = importRows(store, sampleDataset(store).datasetId, []);
  expect(version.rowCount).toBe(0);
  expect([...iterateRows(store, version.id), ...iterateRowKeys(store, version.id)]).toEqual([]);
  expect(readRows(store, { versionId: version.id, from: 0, count: 5 })).toEqual([]);
});
