/** @file Edits make versions, and no version ever changes. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { listVersions, type DatasetVersion } from '#store/datasets.ts';
import { editRows, type RowEdit } from '#store/edit-rows.ts';
import { BLOCK_POSITIONS } from '#store/row-blocks.ts';
import type { NewRow } from '#store/row-columns.ts';
import { iterateRows, readRow, readRows } from '#store/rows.ts';
import type { Store } from '#store/store.ts';
import { contentOf, example, examples, idAt, importRows, promptsOf, sampleDataset, sampleStore, storeErrorOf } from './sample-store.ts';

test('one row of many makes a version without copying the others', async () => {
  const store = await sampleStore();
  const { datasetId } = sampleDataset(store);
  const first = importRows(store, datasetId, examples(5000));
  const rowId = idAt(store, first, 3001);
  const before = readRow(store, rowId);
  const second = editRows(store, { versionId: first.id, edits: [{ kind: 'relabel', rowId, label: false }], origin: { kind: 'edit' } });
  expect(second).toMatchObject({
    number: 2,
    rowCount: 5000,
    desirableCount: first.desirableCount - 1,
    undesirableCount: first.undesirableCount + 1,
    origin: { kind: 'edit' },
  });
  expect(store.get('SELECT count(*) AS count FROM rows')).toEqual({ count: 5001 });
  expect(store.get('SELECT count(*) AS count FROM row_blocks WHERE version = 2')).toEqual({ count: 1 });
  const [now] = readRows(store, { versionId: second.id, from: 3001, count: 1 });
  expect(now).toEqual({ ...before, id: 5001, label: false, datasetId: undefined });
  expect(readRows(store, { versionId: first.id, from: 3001, count: 1 })[0]).toMatchObject({ id: rowId, label: true });
});

test('an edit of an old version, or of a row that is not there, changes nothing', async () => {
  const store = await sampleStore();
  const { datasetId } = sampleDataset(store);
  const first = importRows(store, datasetId, examples(3));
  const rowId = idAt(store, first, 0);
  const second = editRows(store, { versionId: first.id, edits: [{ kind: 'delete', rowId }], origin: {} });
  const tries: [number, RowEdit[]][] = [
    [first.id, [{ kind: 'append', row: example(9) }]],
    [
      second.id,
      [
        { kind: 'append', row: example(9) },
        { kind: 'delete', rowId },
      ],
    ],
    [second.id, [{ kind: 'relabel', rowId: 999, label: true }]],
    [second.id, [2, 2].map((id) => ({ kind: 'relabel', rowId: id, label: true }))],
  ];
  for (const [versionId, edits] of tries) {
    const error = storeErrorOf(() => editRows(store, { versionId, edits, origin: {} }));
    expect(error.reason).toBe('conflict');
    expect(error.message).toContain('Look at its newest version');
  }
  expect(listVersions(store, datasetId)).toEqual([first, second]);
  expect(promptsOf(store, second)).toEqual(['Question 1?', 'Question 2?']);
});

test('rows of another dataset are not touched', async () => {
  const store = await sampleStore();
  const one = importRows(store, sampleDataset(store, 'example', 'One').datasetId, examples(2));
  const two = importRows(store, sampleDataset(store, 'example', 'Two').datasetId, examples(2));
  const edits: RowEdit[] = [{ kind: 'delete', rowId: idAt(store, two, 0) }];
  expect(storeErrorOf(() => editRows(store, { versionId: one.id, edits, origin: {} })).reason).toBe('conflict');
  expect(promptsOf(store, two)).toHaveLength(2);
});

test('after any edits every version is what a plain list says', async () => {
  const store = await sampleStore();
  let name = 0;
  const step = fc.oneof(
    fc.record({ kind: fc.constant('import' as const), count: fc.integer({ min: 0, max: 60 }), keepRows: fc.boolean() }),
    fc.record({ kind: fc.constant('edit' as const), at: fc.array(fc.nat(), { maxLength: 40 }), appended: fc.nat(3) }),
  );
  const property = fc.property(fc.array(step, { minLength: 1, maxLength: 8 }), (steps) => {
    const { datasetId } = sampleDataset(store, 'example', `Any ${name++}`);
    const history: { version: DatasetVersion; rows: readonly NewRow[] }[] = [];
    let next = 0;
    // As if a version had been made of a large file: positions of several blocks.
    const large = examples(BLOCK_POSITIONS + 50);
    history.push({ version: importRows(store, datasetId, large), rows: large });
    for (const change of steps) {
      const last = history.at(-1);
      if (!last) throw new Error('There is always a version.');
      if (change.kind === 'import') {
        const rows = examples(change.count, (next += 100));
        history.push({
          version: importRows(store, datasetId, rows, change.keepRows),
          rows: change.keepRows ? [...last.rows, ...rows] : rows,
        });
      } else history.push(edited(store, last, { at: change.at, appended: examples(change.appended, (next += 100)) }));
    }
    for (const { version, rows } of history) {
      expect(Array.from(iterateRows(store, version.id), contentOf)).toEqual(rows);
      expect(version).toMatchObject({
        rowCount: rows.length,
        desirableCount: rows.filter(({ label }) => label).length,
        undesirableCount: rows.filter(({ label }) => label === false).length,
      });
      const from = Math.floor(rows.length / 2);
      expect(readRows(store, { versionId: version.id, from, count: 20 }).map(contentOf)).toEqual(rows.slice(from, from + 20));
    }
  });
  fc.assert(property, { numRuns: 25 });
});

/** Deletes, relabels or replaces the rows at some places, and appends. */
function edited(
  store: Store,
  { version, rows }: { version: DatasetVersion; rows: readonly NewRow[] },
  { at, appended }: { at: readonly number[]; appended: readonly NewRow[] },
): { version: DatasetVersion; rows: readonly NewRow[] } {
  const edits: RowEdit[] = [];
  const after: (NewRow | null)[] = [...rows];
  for (const index of new Set(rows.length === 0 ? [] : at.map((place) => place % rows.length))) {
    const rowId = idAt(store, version, index);
    const row = rows[index] ?? example(0);
    const kind = (['delete', 'relabel', 'replace'] as const)[index % 3] ?? 'delete';
    if (kind === 'delete') {
      edits.push({ kind, rowId });
      after[index] = null;
    } else if (kind === 'relabel') {
      edits.push({ kind, rowId, label: !row.label });
      after[index] = { ...row, label: !row.label };
    } else {
      const other = { ...row, completion: `${row.completion} More.` };
      edits.push({ kind, rowId, row: other });
      after[index] = other;
    }
  }
  edits.push(...appended.map((row): RowEdit => ({ kind: 'append', row })));
  return {
    version: editRows(store, { versionId: version.id, edits, origin: {} }),
    rows: [...after.filter((row) => row !== null), ...appended],
  };
}
