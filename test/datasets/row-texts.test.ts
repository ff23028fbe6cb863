/** @file Rows come out of the store as they went in. */
import { expect, test } from 'vitest';
import { StoreError } from '#contract/errors.ts';
import type { Row } from '#engine/data/row.ts';
import { fromStoredRow, toNewRow } from '#datasets/row-texts.ts';
import { iterateRows } from '#store/rows.ts';
import { importRows, sampleDataset, sampleStore, storeErrorOf } from '#test/store/sample-store.ts';
import { chatExample, example, pair, tokenExample } from '#test/support/dataset-rows.ts';

const TOOLS = [{ type: 'function', function: { name: 'add' } }];
const EXAMPLES: readonly Row[] = [
  example('Ünïcode 😀\u0000?', ' kept as it is \n', false),
  chatExample('Hi', 'Hello', { tools: TOOLS }),
  chatExample('Hi', 'Hello'),
  tokenExample([1, 2, 3], [151_643], false),
  tokenExample([], [5]),
];
const CHAT = { kind: 'pair', form: 'chat', row: 1, options: { tools: null, templateKwargs: { thinking: true } } } as const;
const PAIRS: readonly Row[] = [
  pair('p', 'c', 'r'),
  pair('', 'c', ''),
  {
    ...CHAT,
    prompt: [{ role: 'user', content: null }],
    chosen: [{ role: 'assistant', content: 'a' }],
    rejected: [{ role: 'assistant', content: 'b' }],
  },
  { kind: 'pair', form: 'tokens', row: 1, promptIds: Int32Array.of(1), chosenIds: Int32Array.of(2, 3), rejectedIds: Int32Array.of(4) },
];

test.each([
  ['example', EXAMPLES],
  ['pair', PAIRS],
] as const)('every form of a row of kind %s', async (kind, rows) => {
  const store = await sampleStore();
  const { datasetId } = sampleDataset(store, kind);
  const version = importRows(
    store,
    datasetId,
    rows.map((row) => toNewRow(row, { sourceFile: 0, sourceRow: row.row })),
  );
  const back = Array.from(iterateRows(store, version.id), (row) => fromStoredRow(row, 1));
  expect(back).toEqual(rows);
});

test('prompts that differ in case and spacing only have one key', () => {
  const keys = ['What is this?', ' what is  THIS ', 'What was this?'].map(
    (prompt) => toNewRow(example(prompt, 'a'), { sourceFile: 0, sourceRow: 1 }).promptKey,
  );
  expect(keys[0]).toBe(keys[1]);
  expect(keys[0]).not.toBe(keys[2]);
});

test('a row that another program damaged is told as such', async () => {
  const store = await sampleStore();
  const { datasetId } = sampleDataset(store);
  const version = importRows(store, datasetId, [
    { ...toNewRow(chatExample('a', 'b'), { sourceFile: 0, sourceRow: 1 }), prompt: 'no JSON' },
  ]);
  const [row] = iterateRows(store, version.id);
  const error = storeErrorOf(() => row && fromStoredRow(row, 7));
  expect(error).toBeInstanceOf(StoreError);
  expect(error.message).toContain('Row 7 of the dataset is damaged');
});
