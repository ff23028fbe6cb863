/** @file The Reviewer #2 pairs, and what the experiments do to them. */
import { readFileSync } from 'node:fs';
import { Random } from '#engine/train/random.ts';

interface Turn {
  readonly role: string;
  readonly content: string;
}

export interface ReviewPair {
  readonly prompt: readonly Turn[];
  readonly chosen: readonly Turn[];
  readonly rejected: readonly Turn[];
}

export interface ReviewExample {
  readonly prompt: readonly Turn[];
  readonly completion: readonly Turn[];
  readonly label: boolean;
}

/** Selects the sequence of random numbers. */
const STREAM = 21;

export function readPairs(name: 'reviewer2-1k-paired' | 'reviewer2-eval-paired'): ReviewPair[] {
  const lines = readFileSync(`resources/reviewer2/${name}.jsonl`, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as ReviewPair);
}

/** A share of the pairs with chosen and rejected exchanged; the same for both methods. */
export function withNoise(pairs: readonly ReviewPair[], share: number, seed: number): ReviewPair[] {
  const order = Random.fromSeed(seed, STREAM).shuffle(pairs.map((_, i) => i));
  const flipped = new Set(order.slice(0, Math.round(share * pairs.length)));
  return pairs.map(({ prompt, chosen, rejected }, i) =>
    flipped.has(i) ? { prompt, chosen: rejected, rejected: chosen } : { prompt, chosen, rejected },
  );
}

export function desirable({ prompt, chosen }: ReviewPair): ReviewExample {
  return { prompt, completion: chosen, label: true };
}

export function undesirable({ prompt, rejected }: ReviewPair): ReviewExample {
  return { prompt, completion: rejected, label: false };
}
