/** @file The order in which an epoch visits the fixed blocks. */
import { Random } from './random.ts';

const STREAM = 2;

/**
 * Depends on the seed and the epoch only, so a resumed run needs no stored order.
 * @param epoch - from 0
 * @param shuffle - false: blocks in their order, in every epoch, as TRL's sequential sampler
 * @param keepLast - the last block (of another size) stays last
 * @returns block indices, each once
 */
export function epochOrder({
  blockCount,
  epoch,
  seed,
  shuffle,
  keepLast = false,
}: {
  readonly blockCount: number;
  readonly epoch: number;
  readonly seed: number;
  readonly shuffle: boolean;
  readonly keepLast?: boolean;
}): number[] {
  const order = Array.from({ length: blockCount }, (_, block) => block);
  if (!shuffle) return order;
  const random = Random.fromSeed(seed, STREAM, epoch);
  if (!keepLast || blockCount === 0) return random.shuffle(order);
  return [...random.shuffle(order.slice(0, -1)), blockCount - 1];
}
