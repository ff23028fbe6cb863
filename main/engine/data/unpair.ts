/**
 * @file Turns pairs into examples: KTO trains on single completions with a label.
 */
import type { ExampleRow, PairRow } from './row.ts';

/** An example and where it comes from. */
export interface UnpairedExample {
  readonly example: ExampleRow;
  /** Index of the pair, from 0, in the order they came. */
  readonly pair: number;
  readonly side: 'chosen' | 'rejected';
}

/** Pairs that are unpaired together: the batch size of `datasets.map`. */
const BATCH_ROWS = 1000;

/**
 * Each pair gives a desirable example (chosen) and an undesirable one (rejected), in TRL's order: for every 1000 pairs all
 * chosen completions, then all rejected ones. That order makes long runs of one label, so shuffle before training unless it is
 * TRL's order that is wanted.
 * @param batchRows - pairs that are unpaired together
 * @see trl/data_utils.py (`unpair_preference_dataset`)
 */
export function unpair(pairs: readonly PairRow[], batchRows = BATCH_ROWS): ExampleRow[] {
  return Array.from(unpairEach(pairs, batchRows), ({ example }) => example);
}

/** The same one by one, with the pair each example comes from; holds one batch of pairs at a time. */
export function* unpairEach(pairs: Iterable<PairRow>, batchRows = BATCH_ROWS): Generator<UnpairedExample, void, undefined> {
  let batch: PairRow[] = [];
  let start = 0;
  for (const pair of pairs) {
    batch.push(pair);
    if (batch.length < batchRows) continue;
    yield* unpairBatch(batch, start);
    start += batch.length;
    batch = [];
  }
  yield* unpairBatch(batch, start);
}

function* unpairBatch(batch: readonly PairRow[], start: number): Generator<UnpairedExample, void, undefined> {
  for (const side of ['chosen', 'rejected'] as const) {
    for (const [index, pair] of batch.entries()) yield { example: toExample(pair, side === 'chosen'), pair: start + index, side };
  }
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
