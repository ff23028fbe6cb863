/** @file How varied texts are, and how close new ones come to those seen in training. */
import { countWords } from './grammar/english.ts';

export interface WordLengths {
  readonly least: number;
  readonly mean: number;
  readonly most: number;
}

export interface Similarity {
  /** Of each text's nearest neighbour: Jaccard index of word trigrams, 0 … 1. */
  readonly mean: number;
  readonly max: number;
}

/** Distinct-n (Li et al., 2016): different n-grams of words over all of them, 0 … 1; n-grams don't cross texts. */
export function distinctNgrams(texts: readonly string[], n: number): number {
  const seen = new Set<string>();
  let total = 0;
  for (const text of texts) {
    const grams = ngrams(text, n);
    total += grams.length;
    for (const gram of grams) seen.add(gram);
  }
  return total === 0 ? 0 : seen.size / total;
}

/** Sentences that differ in more than capitals. */
export function distinctSentences(texts: readonly string[]): number {
  return new Set(texts.flatMap((text) => text.toLowerCase().split(/(?<=[.?!])\s+/u))).size;
}

export function wordLengths(texts: readonly string[]): WordLengths {
  const lengths = texts.map(countWords);
  const sum = lengths.reduce((total, length) => total + length, 0);
  return { least: Math.min(...lengths), mean: sum / lengths.length, most: Math.max(...lengths) };
}

/**
 * How close each text comes to the nearest of the others. Time is proportional to the number of trigrams that the two lists share.
 * @param texts - for example the answers held out; at least one
 * @param others - for example the answers trained on
 */
export function nearestNeighbour(texts: readonly string[], others: readonly string[]): Similarity {
  const sizes: number[] = [];
  const holders = new Map<string, number[]>();
  for (const [i, other] of others.entries()) {
    const grams = new Set(ngrams(other, 3));
    sizes.push(grams.size);
    for (const gram of grams) {
      const list = holders.get(gram);
      if (list === undefined) holders.set(gram, [i]);
      else list.push(i);
    }
  }
  const nearest = texts.map((text) => nearestOf(new Set(ngrams(text, 3)), holders, sizes));
  return { mean: nearest.reduce((total, value) => total + value, 0) / nearest.length, max: Math.max(...nearest) };
}

function nearestOf(grams: ReadonlySet<string>, holders: ReadonlyMap<string, readonly number[]>, sizes: readonly number[]): number {
  const shared = new Map<number, number>();
  for (const gram of grams) for (const i of holders.get(gram) ?? []) shared.set(i, (shared.get(i) ?? 0) + 1);
  let nearest = 0;
  for (const [i, count] of shared) nearest = Math.max(nearest, count / (grams.size + (sizes[i] as number) - count));
  return nearest;
}

function ngrams(text: string, n: number): string[] {
  const words = text.toLowerCase().match(/[a-z0-9]+(?:['-][a-z0-9]+)*/gu) ?? [];
  return Array.from({ length: Math.max(0, words.length - n + 1) }, (_, i) => words.slice(i, i + n).join(' '));
}
