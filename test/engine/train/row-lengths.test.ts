import { describe, expect, it } from 'vitest';
import { exampleGroup, pairGroup } from '#engine/train/row-groups.ts';
import { completionLengths, longestRow, rowTokens } from '#engine/train/row-lengths.ts';

const ids = (length: number) => new Int32Array(length).fill(7);
const whole = { maxLength: null, truncationMode: 'keep_start' } as const;

describe('the lengths of rows', () => {
  const example = exampleGroup({ promptIds: ids(3), completionIds: ids(4) }, ids(9), 0, null);
  const pair = pairGroup({ promptIds: ids(3), chosenIds: ids(4), rejectedIds: ids(1) }, 0, whole);

  it('count a prompt for each answer below it, and no KL partner', () => {
    expect(rowTokens(example)).toBe(3 + 4);
    expect(rowTokens(pair)).toBe(3 + 4 + 3 + 1);
  });

  it('find the longest row, partners included', () => {
    expect(longestRow([example])).toBe(3 + 9);
    expect(longestRow([pair])).toBe(3 + 4);
    expect(longestRow([pair, example])).toBe(12);
  });

  it('give the completion tokens by row, at least 1', () => {
    const second = pairGroup({ promptIds: ids(5), chosenIds: ids(2), rejectedIds: ids(6) }, 1, { ...whole, maxLength: 5 });
    expect(completionLengths([pair, second])).toEqual([4, 1, 1, 1]);
    const split = pairGroup({ promptIds: ids(5), chosenIds: ids(2), rejectedIds: ids(6) }, 0, { maxLength: 6, truncationMode: 'keep_end' });
    expect(split.trees).toHaveLength(2);
    expect(completionLengths([split])).toEqual([2, 6]);
  });
});
