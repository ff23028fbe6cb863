/**
 * @file Turns pairs into examples: KTO trains on single completions with a label.
 */
import type { ExampleRow, PairRow } from './row.ts';

/**
 * Each pair gives a desirable example (chosen) and an undesirable one (rejected), in TRL's order: for every 1000 pairs all
 * chosen completions, then all rejected ones. That order makes long runs of one label, so shuffle before training unless it is
 * TRL's order that is wanted.
 * @param batchRows - pairs that are unpaired together; 1000 is the batch size of `datasets.map`
 * @see trl/data_utils.py (`unpair_preference_dataset`)
 */
export function unpair(pairs: readonly PairRow[], batchRows = 1000): ExampleRow[] {
  const examples: ExampleRow[] = [];
  for (let start = 0; start < pairs.length; start += batchRows) {
    const batch = pairs.slice(start, start + batchRows);
    for (const pair of batch) examples.push(toExample(pair, true));
    for (const pair of batch) examples.push(toExample(pair, false));
  }
  return examples;
}

function toExample(pair: PairRow, label: boolean): ExampleRow {
  const base = { kind: 'example', row: pair.row, label } as const;
  switch (pair.form) {
    case 'text':
      return { ...base, form: 'text', prompt: pair.prompt, completion: label ? pair.chosen : pair.rejected };
    case 'chat':
      return { ...base, form: 'chat', prompt: pair.prompt, completion: label ? pair.chosen : pair.rejected, options: pair.options };
    case 'tokens':
      return { ...base, form: 'tokens', promptIds: pair.promptIds, completionIds: label ? pair.chosenIds : pair.rejectedIds };
    default:
      return pair satisfies never;
  }
}
