/** @file Leaves out examples of the more frequent label, at random. */
import { Random } from './random.ts';
import type { LabelCounts } from './weight-balance.ts';

/** Selects the sequence of random numbers, so that no other use of the seed follows the same one. */
const STREAM = 3;

/**
 * @param labels - true for desirable
 * @param keep - how many of each label stay; all, where there are no more
 * @returns indices that stay, ascending
 */
export function subsampleMajority(labels: readonly boolean[], keep: LabelCounts, seed: number): number[] {
  const random = Random.fromSeed(seed, STREAM);
  const indicesOf = (wanted: boolean) => labels.flatMap((label, index) => (label === wanted ? [index] : []));
  const desirable = random.shuffle(indicesOf(true)).slice(0, keep.desirable);
  const undesirable = random.shuffle(indicesOf(false)).slice(0, keep.undesirable);
  return [...desirable, ...undesirable].sort((a, b) => a - b);
}
