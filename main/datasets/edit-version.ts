/** @file What a person changed in rows, as the next version of their dataset; texts are checked as if they came from a file. */
import { ImportError } from '#contract/errors.ts';
import type { RowEdit } from '#contract/rows.ts';
import { parseRow } from '#engine/data/parse-row.ts';
import { requireVersion, type DatasetVersion } from '#store/datasets.ts';
import { editRows, type RowEdit as StoreEdit } from '#store/edit-rows.ts';
import { notFound } from '#store/not-found.ts';
import type { NewRow, StoredRow } from '#store/row-columns.ts';
import { readRow } from '#store/rows.ts';
import type { Store } from '#store/store.ts';
import { toNewRow } from './row-texts.ts';

type Rewrite = Extract<RowEdit, { kind: 'rewrite' }>;

/**
 * All edits or none.
 * @throws {ImportError} if a text can't be used, with the reason
 * @throws {StoreError} `conflict` if the dataset has a newer version, or `not-found`
 */
export function editVersion(
  store: Store,
  { versionId, edits }: { readonly versionId: number; readonly edits: readonly RowEdit[] },
): DatasetVersion {
  const { datasetId } = requireVersion(store, versionId);
  const count = (kind: RowEdit['kind']): number => edits.filter((edit) => edit.kind === kind).length;
  return editRows(store, {
    versionId,
    edits: edits.map((edit) => (edit.kind === 'rewrite' ? rewriteOf(store, datasetId, edit) : edit)),
    origin: { kind: 'edit', deleted: count('delete'), relabelled: count('relabel'), rewritten: count('rewrite') },
  });
}

function rewriteOf(store: Store, datasetId: number, edit: Rewrite): StoreEdit {
  const before = readRow(store, edit.rowId);
  if (!before || before.datasetId !== datasetId) throw notFound('row', edit.rowId);
  return { kind: 'replace', rowId: edit.rowId, row: rewritten(before, edit) };
}

function rewritten(before: StoredRow, edit: Rewrite): NewRow {
  const { sourceFile, sourceRow, sourceRowId, options, form } = before;
  const row = parseRow(fieldsOf(form, edit), { file: 'the dataset', row: before.position + 1 });
  return { ...toNewRow(row, { sourceFile, sourceRow, sourceRowId }), options };
}

/** As a file of Prospect's own column names would have it. */
function fieldsOf(form: StoredRow['form'], { prompt, completion, rejected, label }: Rewrite): Readonly<Record<string, unknown>> {
  const read = (text: string): unknown => (form === 'text' ? text : parseStored(text));
  const suffix = form === 'tokens' ? '_ids' : '';
  const answers =
    rejected === null
      ? { [`completion${suffix}`]: read(completion), label }
      : { [`chosen${suffix}`]: read(completion), [`rejected${suffix}`]: read(rejected) };
  return { [`prompt${suffix}`]: read(prompt), ...answers };
}

function parseStored(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : '';
    throw new ImportError(
      `This row holds JSON of messages or token ids, and what was typed is not valid JSON (${reason}). Repair it.`,
      { file: '' },
      { cause: error },
    );
  }
}
