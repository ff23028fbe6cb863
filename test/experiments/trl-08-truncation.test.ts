import { describe, expect, it } from 'vitest';
import { truncateDpoAsTrl08, truncateKtoAsTrl08 } from './trl-08-truncation.ts';

const ends = { bosId: 1, eosId: 2 };
const ids = (count: number, from = 10) => Array.from({ length: count }, (_, i) => from + i);
/** A training of 2024 that was published with these limits. */
const SWAPPED = { maxLength: 128, maxPromptLength: 256, ...ends };

describe('truncation as in TRL 0.8', () => {
  it('leaves rows alone that fit with BOS and EOS', () => {
    const row = { promptIds: ids(76), answerIds: ids(50, 500) };
    expect(truncateKtoAsTrl08(row, SWAPPED)).toEqual({ promptIds: [1, ...row.promptIds], completionIds: [...row.answerIds, 2] });
  });

  it('keeps the end of the prompt and the beginning of the answer', () => {
    const row = { promptIds: ids(100), answerIds: ids(100, 500) };
    const { promptIds, completionIds } = truncateKtoAsTrl08(row, { maxLength: 102, maxPromptLength: 40, ...ends });
    expect(promptIds).toEqual([1, ...ids(40, 70)]);
    expect(completionIds).toEqual([...ids(60, 500), 2]);
  });

  it('leaves the bare EOS of a KTO answer where max_prompt_length exceeds max_length', () => {
    const { promptIds, completionIds } = truncateKtoAsTrl08({ promptIds: ids(77), answerIds: ids(50, 500) }, SWAPPED);
    expect(promptIds).toHaveLength(78);
    expect(completionIds).toEqual([2]);
    expect(truncateKtoAsTrl08({ promptIds: ids(300), answerIds: ids(200, 500) }, SWAPPED).completionIds).toHaveLength(71);
  });

  it('leaves nothing at all of a DPO answer there', () => {
    const pair = { promptIds: ids(77), chosenIds: ids(60, 500), rejectedIds: ids(20, 600) };
    expect(truncateDpoAsTrl08(pair, SWAPPED)).toEqual({ promptIds: [1, ...ids(77)], chosenIds: [], rejectedIds: [] });
    const short = { promptIds: ids(60), chosenIds: ids(60, 500), rejectedIds: ids(20, 600) };
    expect(truncateDpoAsTrl08(short, SWAPPED).chosenIds).toEqual([...ids(60, 500), 2]);
  });
});
