/** @file Edits by hand make versions; what was there stays. */
import { expect, test } from 'vitest';
import { ImportError, StoreError } from '#contract/errors.ts';
import { editDataset } from '#datasets/edit-dataset.ts';
import { listDatasetSummaries } from '#datasets/list-datasets.ts';
import { iterateRows } from '#store/rows.ts';
import { idAt, promptsOf } from '#test/store/sample-store.ts';
import { workplace } from './sample-import.ts';
import { exampleLines } from './sample-rows.ts';

test('rows are relabelled, rewritten, deleted and added in one version', async () => {
  const { store, file, bring, projectId } = await workplace();
  const { version } = await bring([await file('a.jsonl', exampleLines(4))]);
  const record = { prompt: [{ role: 'user', content: 'Hi' }], completion: [{ role: 'assistant', content: 'Ho' }], label: 0 };
  const edited = editDataset(store, {
    versionId: version.id,
    edits: [
      { kind: 'relabel', rowId: idAt(store, version, 0), label: true },
      { kind: 'rewrite', rowId: idAt(store, version, 1), record: { prompt: 'New?', completion: 'Yes.', label: false } },
      { kind: 'rewrite', rowId: idAt(store, version, 2), record },
      { kind: 'delete', rowId: idAt(store, version, 3) },
      { kind: 'append', record: { prompt: 'Last?', completion: 'Yes.', label: true } },
    ],
  });
  expect(edited).toMatchObject({ number: 2, rowCount: 4, desirableCount: 2, undesirableCount: 2, origin: { kind: 'edit', edits: 5 } });
  const rows = Array.from(iterateRows(store, edited.id));
  expect(rows.map(({ label, form, sourceRow }) => [label, form, sourceRow])).toEqual([
    [true, 'text', 1],
    [false, 'text', 2],
    [false, 'chat', 3],
    [true, 'text', null],
  ]);
  expect(promptsOf(store, edited).slice(1)).toEqual(['New?', '[{"role":"user","content":"Hi"}]', 'Last?']);
  expect(promptsOf(store, version)).toEqual(['Question 0?', 'Question 1?', 'Question 2?', 'Question 3?']);
  expect(listDatasetSummaries(store, projectId)).toMatchObject([{ dataset: { name: 'Reviews' }, latest: { number: 2 }, versions: 2 }]);
});

test('a record that is no row of the dataset changes nothing', async () => {
  const { store, file, bring } = await workplace();
  const { version } = await bring([await file('a.jsonl', exampleLines(2))]);
  const rowId = idAt(store, version, 0);
  const { id: versionId } = version;
  const pair = { prompt: 'p', chosen: 'c', rejected: 'r' };
  expect(() => editDataset(store, { versionId, edits: [{ kind: 'rewrite', rowId, record: pair }] })).toThrow(
    'a pair, but “Reviews” holds examples',
  );
  const empty = { kind: 'append', record: { prompt: 'p', completion: ' ', label: true } } as const;
  expect(() => editDataset(store, { versionId, edits: [{ kind: 'delete', rowId }, empty] })).toThrow(ImportError);
  editDataset(store, { versionId, edits: [{ kind: 'delete', rowId }] });
  expect(() => editDataset(store, { versionId, edits: [{ kind: 'delete', rowId }] })).toThrow(StoreError);
});
