/** @file What a text is made of, for comparison: its pairs of neighbouring words. */
import { mixWord } from './text-hash.ts';

/**
 * Two words in a row tell near copies from texts that only share words; a text of one word is that word.
 * @param words - from `wordHashes`, or token ids
 * @returns distinct unsigned 32-bit hashes, ascending; empty for a text without words
 */
export function shingles(words: ArrayLike<number>): Uint32Array {
  const { length } = words;
  if (length === 0) return new Uint32Array(0);
  const all = new Uint32Array(Math.max(1, length - 1));
  if (length === 1) all[0] = mixWord((words[0] as number) ^ 0x27d4eb2f);
  for (let i = 0; i + 1 < length; i++) all[i] = mixWord(Math.imul(mixWord(words[i] as number), 0x9e3779b1) ^ (words[i + 1] as number));
  return distinctSorted(all.sort());
}

/** |A ∩ B| / |A ∪ B| of two ascending lists; 0 if both are empty. */
export function jaccard(a: Uint32Array, b: Uint32Array): number {
  let i = 0;
  let j = 0;
  let shared = 0;
  while (i < a.length && j < b.length) {
    const difference = (a[i] as number) - (b[j] as number);
    if (difference <= 0) i++;
    if (difference >= 0) j++;
    if (difference === 0) shared++;
  }
  const union = a.length + b.length - shared;
  return union === 0 ? 0 : shared / union;
}

function distinctSorted(sorted: Uint32Array): Uint32Array {
  let kept = 0;
  for (let i = 0; i < sorted.length; i++) if (i === 0 || sorted[i] !== sorted[i - 1]) sorted[kept++] = sorted[i] as number;
  return sorted.subarray(0, kept);
}
