/** @file A dataset leaves in TRL's columns, and comes back the same from every format. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CancelledError, SettingsError, StorageError } from '#contract/errors.ts';
import type { Row } from '#engine/data/row.ts';
import type { ColumnMapping } from '#engine/data/shapes/column-mapping.ts';
import { exportDataset, exportFormatOf, type ExportFormat } from '#datasets/export-dataset.ts';
import { importDataset } from '#datasets/import-dataset.ts';
import { inspectSource } from '#datasets/inspect-source.ts';
import { fromStoredRow, toNewRow } from '#datasets/row-texts.ts';
import { splitDataset } from '#datasets/split-dataset.ts';
import type { DatasetVersion } from '#store/datasets.ts';
import { iterateRows } from '#store/rows.ts';
import type { Store } from '#store/store.ts';
import { importRows, sampleDataset, sampleStore } from '#test/store/sample-store.ts';
import { chatExample, example, pair, tokenExample } from '#test/support/dataset-rows.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { workplace } from './sample-import.ts';
import { EXAMPLES, PAIRS } from './sample-rows.ts';

const FORMATS: readonly ExportFormat[] = ['jsonl', 'csv', 'parquet'];
const TOOLS = [{ type: 'function', function: { name: 'add' } }];
const CHAT_PAIR: Row = {
  kind: 'pair',
  form: 'chat',
  row: 1,
  options: { tools: null, templateKwargs: {} },
  prompt: [
    { role: 'system', content: 'Be brief, "please".' },
    { role: 'user', content: 'Hi\nthere' },
  ],
  chosen: [{ role: 'assistant', content: 'a' }],
  rejected: [{ role: 'assistant', content: 'b' }],
};
const TOKEN_PAIR: Row = {
  kind: 'pair',
  form: 'tokens',
  row: 1,
  promptIds: Int32Array.of(1, 2),
  chosenIds: Int32Array.of(3),
  rejectedIds: Int32Array.of(4, 5),
};

function versionOf(store: Store, rows: readonly Row[]): DatasetVersion {
  const { datasetId } = sampleDataset(store, rows[0]?.kind ?? 'example', `dataset ${Math.random()}`);
  return importRows(
    store,
    datasetId,
    rows.map((row) => toNewRow(row, { sourceFile: 0, sourceRow: 1 })),
  );
}

function contentOf(store: Store, version: DatasetVersion): Row[] {
  return Array.from(iterateRows(store, version.id), (row) => fromStoredRow(row, 1));
}

/** Out and in again, with the mapping that is proposed for the file unless one is given. */
async function throughFile(store: Store, rows: readonly Row[], format: ExportFormat, mapping?: ColumnMapping): Promise<Row[]> {
  const path = join(await temporaryFolder(), `data.${format}`);
  const version = versionOf(store, rows);
  await exportDataset(store, { versionId: version.id, format, path });
  const proposed = (await inspectSource([path])).mappings[0];
  expect(proposed?.confidence).toBeGreaterThan(0.8);
  const { projectId } = sampleDataset(store, 'example', `target ${Math.random()}`);
  const into = { projectId, name: 'Back' };
  const back = await importDataset(store, { paths: [path], mapping: mapping ?? proposed?.mapping ?? EXAMPLES, into, badRows: 'abort' });
  return contentOf(store, back.version);
}

const CASES: readonly (readonly [string, readonly Row[]])[] = [
  ['examples of text', [example('p, "q"\r\n', 'Ünï😀\tcode\n', true), example('What?', ' c', false)]],
  ['pairs of text', [pair('p', 'a\nb', 'b,c'), pair('q', '"', 'x')]],
  ['examples of chat', [chatExample('Hi', 'Hello "you"'), chatExample('Bye\n', 'So, long', { label: false })]],
  [
    'examples of chat with tools',
    [chatExample('Hi', 'Hello', { tools: TOOLS }), chatExample('Bye', 'Long', { label: false, tools: TOOLS })],
  ],
  ['pairs of chat', [CHAT_PAIR, CHAT_PAIR]],
  ['examples of tokens', [tokenExample([1, 2], [3]), tokenExample([151_000], [5, 6], false)]],
  ['pairs of tokens', [TOKEN_PAIR, TOKEN_PAIR]],
];

for (const [name, rows] of CASES) {
  test.each(FORMATS)(`${name} come back from %s by the mapping that is proposed for it`, async (format) => {
    const store = await sampleStore();
    expect(await throughFile(store, rows, format)).toEqual(rows);
  });
}

test('any texts come back from every format', async () => {
  const store = await sampleStore();
  // What the readers refuse is not exported: texts of white space alone, halves of characters.
  const answer = fc.oneof(
    fc.string({ unit: 'grapheme', minLength: 1 }),
    fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', ' ', 'a', ';', '\t') }),
  );
  const texts = fc.record({ prompt: fc.string({ unit: 'grapheme' }), completion: answer.map((text) => `${text}.`), label: fc.boolean() });
  const pairs = fc.record({ prompt: answer, chosen: answer.map((text) => `${text}!`), rejected: answer.map((text) => `${text}?`) });
  await fc.assert(
    fc.asyncProperty(fc.array(texts, { minLength: 1 }), fc.array(pairs, { minLength: 1 }), async (examples, comparisons) => {
      for (const format of FORMATS) {
        const ones = examples.map(({ prompt, completion, label }) => example(prompt, completion, label));
        expect(await importedBack(store, ones, format, EXAMPLES)).toEqual(ones);
        const twos = comparisons.map(({ prompt, chosen, rejected }) => pair(prompt, chosen, rejected));
        expect(await importedBack(store, twos, format, PAIRS)).toEqual(twos);
      }
    }),
    { numRuns: 15 },
  );
});

let count = 0;
async function importedBack(store: Store, rows: readonly Row[], format: ExportFormat, mapping: ColumnMapping): Promise<Row[]> {
  const path = join(store.folder.root, `export-${++count}.${format}`);
  const version = versionOf(store, rows);
  await exportDataset(store, { versionId: version.id, format, path });
  const { projectId } = sampleDataset(store, 'example', `target ${count}`);
  const { version: back } = await importDataset(store, { paths: [path], mapping, into: { projectId, name: 'Back' }, badRows: 'abort' });
  return contentOf(store, back);
}

test('the columns are those of TRL, and as many as are filled', async () => {
  const store = await sampleStore();
  const folder = await temporaryFolder();
  const path = join(folder, 'data.jsonl');
  const outcome = await exportDataset(store, { versionId: versionOf(store, [example('p', 'c')]).id, format: 'jsonl', path });
  expect(outcome).toEqual({ path, rows: 1, columns: ['prompt', 'completion', 'label'] });
  expect(await readFile(path, 'utf8')).toBe('{"prompt":"p","completion":"c","label":true}\n');
  const mixed = versionOf(store, [example('p', 'c'), chatExample('Hi', 'Ho', { tools: TOOLS }), tokenExample([1], [2])]);
  const csv = join(folder, 'mixed.csv');
  expect((await exportDataset(store, { versionId: mixed.id, format: 'csv', path: csv })).columns).toEqual([
    'prompt',
    'completion',
    'prompt_ids',
    'completion_ids',
    'label',
    'tools',
  ]);
  expect((await readFile(csv, 'utf8')).split('\n')).toEqual([
    'prompt,completion,prompt_ids,completion_ids,label,tools',
    'p,c,,,true,',
    '"[{""role"":""user"",""content"":""Hi""}]","[{""role"":""assistant"",""content"":""Ho""}]",,,true,"[{""type"":""function"",""function"":{""name"":""add""}}]"',
    ',,[1],[2],true,',
    '',
  ]);
});

test('one part of a split is exported alone', async () => {
  const { store, folder, file, bring } = await workplace();
  const lines = Array.from({ length: 40 }, (_, at) =>
    JSON.stringify({ prompt: `${at * 7919} and ${at}`, completion: `c${at}`, label: true }),
  );
  const { version } = await bring([await file('a.jsonl', lines.join('\n'))]);
  const { split } = await splitDataset(store, { versionId: version.id, seed: 1, evaluation: { ratio: 0.25 } });
  const path = join(folder, 'out.jsonl');
  const request = { versionId: version.id, format: 'jsonl', path } as const;
  const heldOut = await exportDataset(store, { ...request, split: { splitId: split.id, part: 'held-out' } });
  const held = (await readFile(path, 'utf8')).trim().split('\n');
  const train = await exportDataset(store, { ...request, split: { splitId: split.id, part: 'train' } });
  expect([heldOut.rows, train.rows]).toEqual([10, 30]);
  expect([...held, ...(await readFile(path, 'utf8')).trim().split('\n')].sort()).toEqual([...lines].sort());
  await expect(exportDataset(store, { ...request, split: { splitId: split.id, part: 'left-out' } })).rejects.toThrow(SettingsError);
});

test('an export that is cancelled or can not be written leaves the file that was there', async () => {
  const { store, folder, file, bring } = await workplace();
  const lines = Array.from({ length: 3000 }, (_, at) => JSON.stringify({ prompt: `p${at}`, completion: `c${at}`, label: true }));
  const { version } = await bring([await file('a.jsonl', lines.join('\n'))]);
  const path = join(folder, 'out.csv');
  await writeFile(path, 'before');
  const controller = new AbortController();
  const onProgress = ({ stage }: { readonly stage: string }): void => {
    if (stage === 'exporting') controller.abort();
  };
  const stopping = exportDataset(store, { versionId: version.id, format: 'csv', path }, { signal: controller.signal, onProgress });
  await expect(stopping).rejects.toThrow(CancelledError);
  expect(await readFile(path, 'utf8')).toBe('before');
  expect(await readdir(folder)).toEqual(['a.jsonl', 'out.csv']);
  const nowhere = exportDataset(store, { versionId: version.id, format: 'csv', path: join(folder, 'missing', 'out.csv') });
  await expect(nowhere).rejects.toThrow(StorageError);
});

test('the format follows from the name', () => {
  expect(['a.jsonl', 'B.CSV', 'c.parquet', 'd.xlsx'].map(exportFormatOf)).toEqual(['jsonl', 'csv', 'parquet', null]);
});
