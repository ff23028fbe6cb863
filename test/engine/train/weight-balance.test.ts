/** @file The balance of labels, as TRL warns about it. */
import { describe, expect, it } from 'vitest';
import { weightBalance } from '#engine/train/weight-balance.ts';

const ONE = { desirable: 1, undesirable: 1 };

describe('weightBalance', () => {
  it('gives the ranges that TRL prints', () => {
    expect(weightBalance({ desirable: 6, undesirable: 4 }, ONE)).toEqual({
      desirableWeightRange: [0.67, 0.89],
      undesirableWeightRange: [1.13, 1.5],
      balanced: false,
    });
  });

  it('rounds exact halves to the even digit, as Python does', () => {
    expect(weightBalance({ desirable: 80, undesirable: 10 }, ONE).desirableWeightRange[0]).toBe(0.12);
    expect(weightBalance({ desirable: 80, undesirable: 30 }, ONE).desirableWeightRange[0]).toBe(0.38);
  });

  it('takes a missing label as one example', () => {
    expect(weightBalance({ desirable: 10, undesirable: 0 }, ONE).undesirableWeightRange).toEqual([7.52, 10]);
  });

  it('is content with either weight in its range', () => {
    const counts = { desirable: 10, undesirable: 100 };
    expect(weightBalance(counts, { desirable: 12, undesirable: 1 }).balanced).toBe(true);
    expect(weightBalance(counts, { desirable: 1, undesirable: 0.09 }).balanced).toBe(true);
    expect(weightBalance(counts, { desirable: 20, undesirable: 1 }).balanced).toBe(false);
  });
});
