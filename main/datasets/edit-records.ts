/** @file What a person typed into a row's texts, as a record under TRL's column names, which is then checked as if it came from a file. */
import { ImportError } from '#contract/errors.ts';
import type { RowEdit } from '#contract/rows.ts';
import { notFound } from '#store/not-found.ts';
import type { StoredRow } from '#store/row-columns.ts';
import { readRow } from '#store/rows.ts';
import type { Store } from '#store/store.ts';
import type { DatasetEdit } from './edit-dataset.ts';

type Rewrite = Extract<RowEdit, { kind: 'rewrite' }>;

/** @throws {ImportError} if what was typed is no JSON where the row holds messages or token ids @throws {StoreError} `not-found` */
export function datasetEdits(store: Store, edits: readonly RowEdit[]): DatasetEdit[] {
  return edits.map((edit) => {
    if (edit.kind !== 'rewrite') return edit;
    const before = readRow(store, edit.rowId);
    if (!before) throw notFound('row', edit.rowId);
    return { kind: 'rewrite', rowId: edit.rowId, record: { ...recordOf(before.form, edit), ...chatOptions(before) } };
  });
}

function recordOf(form: StoredRow['form'], { prompt, completion, rejected, label }: Rewrite): Readonly<Record<string, unknown>> {
  const read = (text: string): unknown => (form === 'text' ? text : parseStored(text));
  const suffix = form === 'tokens' ? '_ids' : '';
  const answers =
    rejected === null
      ? { [`completion${suffix}`]: read(completion), label }
      : { [`chosen${suffix}`]: read(completion), [`rejected${suffix}`]: read(rejected) };
  return { [`prompt${suffix}`]: read(prompt), ...answers };
}

/** They stay what they were. */
function chatOptions({ options }: StoredRow): Readonly<Record<string, unknown>> {
  if (options === null) return {};
  const { tools, templateKwargs } = JSON.parse(options) as { readonly tools: unknown; readonly templateKwargs: unknown };
  return { tools, chat_template_kwargs: templateKwargs };
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
