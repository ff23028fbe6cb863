/** @file A row as a record under the column names of TRL, which is what {@link parseRow} reads. */
import type { ChatOptions, JsonValue, Message, Row } from './row.ts';

/** By the name of the column; token ids as plain numbers. */
export type RowRecord = Readonly<Record<string, JsonValue | readonly Message[]>>;

/** Columns in the order in which they are written, of all forms of a kind. */
export const RECORD_COLUMNS: { readonly [Kind in Row['kind']]: readonly string[] } = {
  example: ['prompt', 'completion', 'prompt_ids', 'completion_ids', 'label', 'tools', 'chat_template_kwargs'],
  pair: ['prompt', 'chosen', 'rejected', 'prompt_ids', 'chosen_ids', 'rejected_ids', 'tools', 'chat_template_kwargs'],
};

export function rowRecord(row: Row): RowRecord {
  switch (row.form) {
    case 'text':
      return row.kind === 'pair'
        ? { prompt: row.prompt, chosen: row.chosen, rejected: row.rejected }
        : { prompt: row.prompt, completion: row.completion, label: row.label };
    case 'chat':
      return row.kind === 'pair'
        ? { prompt: row.prompt, chosen: row.chosen, rejected: row.rejected, ...optionFields(row.options) }
        : { prompt: row.prompt, completion: row.completion, label: row.label, ...optionFields(row.options) };
    case 'tokens':
      return row.kind === 'pair'
        ? { prompt_ids: [...row.promptIds], chosen_ids: [...row.chosenIds], rejected_ids: [...row.rejectedIds] }
        : { prompt_ids: [...row.promptIds], completion_ids: [...row.completionIds], label: row.label };
    default:
      return row satisfies never;
  }
}

function optionFields({ tools, templateKwargs }: ChatOptions): RowRecord {
  return {
    ...(tools === null ? {} : { tools }),
    ...(Object.keys(templateKwargs).length === 0 ? {} : { chat_template_kwargs: templateKwargs }),
  };
}
