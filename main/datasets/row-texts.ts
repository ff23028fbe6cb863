/** @file Rows as the store keeps them: texts as they are, messages and token ids as JSON. */
import { StoreError } from '#contract/errors.ts';
import type { ChatOptions, JsonValue, Message, Row } from '#engine/data/row.ts';
import { promptContent, textKeyOf } from '#engine/data/similarity/row-words.ts';
import type { NewRow, StoredRow } from '#store/row-columns.ts';

export interface RowSource {
  readonly sourceFile: number | null;
  readonly sourceRow: number | null;
  /** The pair it was made of. */
  readonly sourceRowId?: number | null;
}

export function toNewRow(row: Row, { sourceFile, sourceRow, sourceRowId = null }: RowSource): NewRow {
  const label = row.kind === 'example' ? row.label : null;
  const base = { form: row.form, label, sourceFile, sourceRow, sourceRowId, promptKey: BigInt(textKeyOf(promptContent(row))) };
  switch (row.form) {
    case 'text': {
      const rejected = row.kind === 'pair' ? row.rejected : null;
      return { ...base, options: null, prompt: row.prompt, completion: row.kind === 'pair' ? row.chosen : row.completion, rejected };
    }
    case 'chat': {
      const rejected = row.kind === 'pair' ? JSON.stringify(row.rejected) : null;
      const completion = JSON.stringify(row.kind === 'pair' ? row.chosen : row.completion);
      return { ...base, options: writeOptions(row.options), prompt: JSON.stringify(row.prompt), completion, rejected };
    }
    case 'tokens': {
      const rejected = row.kind === 'pair' ? writeIds(row.rejectedIds) : null;
      const completion = writeIds(row.kind === 'pair' ? row.chosenIds : row.completionIds);
      return { ...base, options: null, prompt: writeIds(row.promptIds), completion, rejected };
    }
    default:
      return row satisfies never;
  }
}

/**
 * The way back.
 * @param number - 1-based, in the version, for messages and reports
 * @throws {StoreError} `corrupt` if another program wrote the row
 */
export function fromStoredRow(stored: StoredRow, number: number): Row {
  try {
    return stored.rejected === null ? toExample(stored, number) : toPair(stored, stored.rejected, number);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const message = `Row ${number} of the dataset is damaged: it holds no JSON where messages or token ids are expected. Restore a backup.`;
    throw new StoreError(message, { reason: 'corrupt', choices: ['restore-backup'] }, { cause: error });
  }
}

function toExample({ form, prompt, completion, label, options }: StoredRow, row: number): Row {
  const base = { kind: 'example', row, label: label ?? false } as const;
  switch (form) {
    case 'text':
      return { ...base, form, prompt, completion };
    case 'chat':
      return { ...base, form, prompt: readMessages(prompt), completion: readMessages(completion), options: readOptions(options) };
    case 'tokens':
      return { ...base, form, promptIds: readIds(prompt), completionIds: readIds(completion) };
    default:
      return form satisfies never;
  }
}

function toPair({ form, prompt, completion: chosen, options }: StoredRow, rejected: string, row: number): Row {
  const base = { kind: 'pair', row } as const;
  switch (form) {
    case 'text':
      return { ...base, form, prompt, chosen, rejected };
    case 'chat': {
      const answers = { chosen: readMessages(chosen), rejected: readMessages(rejected) };
      return { ...base, form, prompt: readMessages(prompt), ...answers, options: readOptions(options) };
    }
    case 'tokens':
      return { ...base, form, promptIds: readIds(prompt), chosenIds: readIds(chosen), rejectedIds: readIds(rejected) };
    default:
      return form satisfies never;
  }
}

/** Null for what most rows have: nothing. */
function writeOptions({ tools, templateKwargs }: ChatOptions): string | null {
  return tools === null && Object.keys(templateKwargs).length === 0 ? null : JSON.stringify({ tools, templateKwargs });
}

function readOptions(options: string | null): ChatOptions {
  if (options === null) return { tools: null, templateKwargs: {} };
  return JSON.parse(options) as { tools: readonly JsonValue[] | null; templateKwargs: Readonly<Record<string, JsonValue>> };
}

function readMessages(text: string): readonly Message[] {
  return JSON.parse(text) as readonly Message[];
}

function writeIds(ids: Int32Array): string {
  return `[${ids.join(',')}]`;
}

function readIds(text: string): Int32Array {
  return Int32Array.from(JSON.parse(text) as readonly number[]);
}
