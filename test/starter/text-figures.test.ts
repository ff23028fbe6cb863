/** @file Variety and similarity, on texts small enough to count by hand. */
import { describe, expect, it } from 'vitest';
import { distinctNgrams, distinctSentences, nearestNeighbour, wordLengths } from '#starter/text-figures.ts';

describe('text figures', () => {
  it('counts distinct n-grams over all, without crossing texts', () => {
    expect(distinctNgrams(['a b a', 'A b'], 1)).toBe(2 / 5);
    expect(distinctNgrams(['a b a', 'A b'], 2)).toBe(2 / 3);
    expect(distinctNgrams(['a b'], 3)).toBe(0);
  });

  it('counts distinct sentences', () => {
    expect(distinctSentences(['It rains. It snows?', 'it rains. Stop!'])).toBe(3);
  });

  it('gives the least, mean and greatest length in words', () => {
    expect(wordLengths(['one', 'one two three'])).toEqual({ least: 1, mean: 2, most: 3 });
  });

  it('compares a text with its nearest neighbour by word trigrams', () => {
    // "a b c d" has the trigrams abc, bcd; the nearest of the others shares abc and has abc, bcx.
    expect(nearestNeighbour(['a b c d', 'x y z'], ['a b c x', 'q r s'])).toEqual({ mean: 1 / 6, max: 1 / 3 });
    expect(nearestNeighbour(['a b c d'], ['A b, c d!']).max).toBe(1);
  });
});
