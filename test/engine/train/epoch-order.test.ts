/** @file The order of blocks in an epoch. */
import { describe, expect, it } from 'vitest';
import { epochOrder } from '#engine/train/epoch-order.ts';

const request = { blockCount: 12, epoch: 0, seed: 42, shuffle: true };

describe('epochOrder', () => {
  it('keeps the order in every epoch without shuffling', () => {
    expect(epochOrder({ ...request, blockCount: 4, shuffle: false, epoch: 3 })).toEqual([0, 1, 2, 3]);
  });

  it('visits every block once, in another order each epoch, and the same again for the same seed and epoch', () => {
    const first = epochOrder(request);
    expect([...first].sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, i) => i));
    expect(epochOrder({ ...request, epoch: 1 })).not.toEqual(first);
    expect(epochOrder({ ...request, seed: 43 })).not.toEqual(first);
    expect(epochOrder(request)).toEqual(first);
  });

  it('keeps a last block of another size last', () => {
    for (let epoch = 0; epoch < 20; epoch++) expect(epochOrder({ ...request, epoch, keepLast: true }).at(-1)).toBe(11);
    expect(epochOrder({ ...request, blockCount: 1, keepLast: true })).toEqual([0]);
    expect(epochOrder({ ...request, blockCount: 0, keepLast: true })).toEqual([]);
  });
});
