/** @file Which tokens the last layer keeps, where they stand, and what they see. */
import { describe, expect, it } from 'vitest';
import { packTrees } from '#engine/model/pack-trees.ts';
import { promptTree } from '#engine/model/segment-tree.ts';

const ids = (...values: number[]) => Int32Array.from(values);
/** Two trees: a prompt of 3 with answers of 2 and 3 tokens; a prompt of 1 with an answer of 1. */
const TREES = [
  promptTree(ids(10, 11, 12), [
    { ids: ids(20, 21), row: 0, stream: 'policy' },
    { ids: ids(30, 31, 32), row: 1, stream: 'policy' },
  ]),
  promptTree(ids(40), [{ ids: ids(50), row: 2, stream: 'policy' }]),
];

describe('the last layer', () => {
  const { policy, lastLayer, treeCount } = packTrees(TREES, [null], 3);

  it('keeps the tokens that predict a completion token, once each', () => {
    // 12 predicts 20 and 30; 20 predicts 21; 30 and 31 predict 31 and 32; 40 predicts 50.
    expect([...lastLayer.tokens].map((token) => policy.ids[token])).toEqual([12, 20, 30, 31, 40]);
    expect([...lastLayer.kept]).toEqual([-1, -1, 0, 1, -1, 2, 3, -1, 4, -1]);
  });

  it('gives each kept token a slot of its own tree and finds it back', () => {
    expect(lastLayer.slotCount).toBe(4);
    expect([...lastLayer.slots]).toEqual([0, 1, 2, 3, 4, -1, -1, -1]);
    expect([...lastLayer.places]).toEqual([0, 1, 2, 3, 4]);
  });

  it('shows a kept token what it saw in the layers before, and an unused slot everything', () => {
    const full = policy.masks.get(null) as Float32Array;
    const mask = lastLayer.mask(full);
    expect(mask).toHaveLength(treeCount * lastLayer.slotCount * policy.keyCount);
    lastLayer.tokens.forEach((token, k) => {
      const row = (of: Float32Array, place: number) => [...of.subarray(place * policy.keyCount, (place + 1) * policy.keyCount)];
      expect(row(mask, lastLayer.places[k] as number)).toEqual(row(full, policy.places[token] as number));
    });
    expect(mask.subarray(5 * policy.keyCount).every((score) => score === 0)).toBe(true);
  });

  it('keeps every token when all outputs are wanted', () => {
    const all = packTrees(TREES, [null], 3, { everyToken: true }).lastLayer;
    expect([...all.tokens]).toEqual([...policy.ids.keys()]);
  });
});
