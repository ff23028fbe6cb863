/** @file A row of a dataset as the store keeps it: texts, whose meaning is the caller's. */

export type RowForm = 'text' | 'chat' | 'tokens';

/** Exactly one of `rejected` (a pair) and `label` (an example) is given. */
export interface NewRow {
  /** How the texts are to be read: as they are, or as JSON of messages or of token ids. */
  readonly form: RowForm;
  readonly prompt: string;
  /** A pair's chosen text. */
  readonly completion: string;
  readonly rejected: string | null;
  /** `true` = desirable. */
  readonly label: boolean | null;
  /** JSON of what a chat passes to its template. */
  readonly options: string | null;
  /** Hash of the normalised prompt: signed, 64 bits. */
  readonly promptKey: bigint;
  /** Index in the list of imported files, and 1-based row in that file; null for rows that were made here. */
  readonly sourceFile: number | null;
  readonly sourceRow: number | null;
  /** The pair an example was made of, which may be gone by now. */
  readonly sourceRowId: number | null;
}

export interface StoredRow extends NewRow {
  /** Of this text at this place; an edit gives the place a row with another id. Never used again. */
  readonly id: number;
  /** Ascending in a version, with gaps where rows were deleted. */
  readonly position: number;
}

/** As SQLite gives a row when whole numbers come as bigint, which promptKey needs. */
export interface RowColumns {
  readonly id: bigint;
  readonly position: bigint;
  readonly form: RowForm;
  readonly prompt: string;
  readonly completion: string;
  readonly rejected: string | null;
  readonly label: bigint | null;
  readonly options: string | null;
  readonly promptKey: bigint;
  readonly sourceFile: bigint | null;
  readonly sourceRow: bigint | null;
  readonly sourceRowId: bigint | null;
}

export const ROW_COLUMNS = `id, position, form, prompt, completion, rejected, label, options, prompt_key AS promptKey,
  source_file AS sourceFile, source_row AS sourceRow, source_row_id AS sourceRowId`;

export function toStoredRow(row: RowColumns): StoredRow {
  return {
    id: Number(row.id),
    position: Number(row.position),
    form: row.form,
    prompt: row.prompt,
    completion: row.completion,
    rejected: row.rejected,
    label: row.label === null ? null : row.label === 1n,
    options: row.options,
    promptKey: row.promptKey,
    sourceFile: row.sourceFile === null ? null : Number(row.sourceFile),
    sourceRow: row.sourceRow === null ? null : Number(row.sourceRow),
    sourceRowId: row.sourceRowId === null ? null : Number(row.sourceRowId),
  };
}
