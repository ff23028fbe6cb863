/** @file Changes rows by hand: another label, another text, no row, one more. Every edit makes a version; runs keep the one they used. */
import type { Row } from '#engine/data/row.ts';
import { createRowParser } from '#engine/data/row-parser.ts';
import { requireVersion, type DatasetVersion } from '#store/datasets.ts';
import { editRows, type RowEdit } from '#store/edit-rows.ts';
import { readRow } from '#store/rows.ts';
import type { Store } from '#store/store.ts';
import { datasetOf } from './stage-rows.ts';
import { toNewRow } from './row-texts.ts';
import { ImportError } from '#contract/errors.ts';

export type DatasetEdit =
  | { readonly kind: 'delete'; readonly rowId: number }
  /** `true` = desirable. */
  | { readonly kind: 'relabel'; readonly rowId: number; readonly label: boolean }
  /** `record`: the whole row under the column names of TRL. */
  | { readonly kind: 'rewrite'; readonly rowId: number; readonly record: unknown }
  | { readonly kind: 'append'; readonly record: unknown };

export interface EditRequest {
  /** The version the person saw; it must be the dataset's newest. */
  readonly versionId: number;
  readonly edits: readonly DatasetEdit[];
}

/**
 * All edits or none.
 * @throws {ImportError} if a record is no row of the dataset's kind
 * @throws {StoreError} `conflict` if the dataset was changed meanwhile, or a row is not in this version
 */
export function editDataset(store: Store, { versionId, edits }: EditRequest): DatasetVersion {
  const version = requireVersion(store, versionId);
  const { kind, name } = datasetOf(store, version);
  const parse = (record: unknown, index: number): Row => {
    const row = createRowParser(name)(record, index + 1);
    if (row.kind === kind) return row;
    const [is, are] = kind === 'pair' ? ['an example', 'pairs'] : ['a pair', 'examples'];
    throw new ImportError(`The row is ${is}, but “${name}” holds ${are}.`, { file: name, row: index + 1 });
  };
  const rowEdits = edits.map((edit, index): RowEdit => {
    switch (edit.kind) {
      case 'delete':
      case 'relabel':
        return edit;
      case 'rewrite': {
        const { sourceFile = null, sourceRow = null, sourceRowId = null } = readRow(store, edit.rowId) ?? {};
        return { kind: 'replace', rowId: edit.rowId, row: toNewRow(parse(edit.record, index), { sourceFile, sourceRow, sourceRowId }) };
      }
      case 'append':
        return { kind: 'append', row: toNewRow(parse(edit.record, index), { sourceFile: null, sourceRow: null }) };
      default:
        return edit satisfies never;
    }
  });
  return editRows(store, { versionId, edits: rowEdits, origin: { kind: 'edit', from: versionId, edits: edits.length } });
}
