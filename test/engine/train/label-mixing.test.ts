import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planBlocks } from '#engine/train/blocks.ts';
import { labelMixing } from '#engine/train/label-mixing.ts';

const labelsOf = (desirable: number, undesirable: number) => [
  ...new Array<boolean>(desirable).fill(true),
  ...new Array<boolean>(undesirable).fill(false),
];

function mixing(labels: readonly boolean[], { batchSize = 4, shuffle = true, klPartners = true } = {}) {
  return labelMixing({ rowCount: labels.length, labels, batchSize, shuffle, seed: 1, klPartners });
}

describe('labelMixing', () => {
  it('counts the batches of training that hold both labels', () => {
    expect(mixing(labelsOf(10, 30))).toEqual({ batches: 10, mixed: 10, share: 1, possible: 10, reasons: [] });
    expect(mixing(labelsOf(5, 35))).toEqual({
      batches: 10,
      mixed: 5,
      share: 0.5,
      possible: 5,
      reasons: ['There are 5 desirable examples for 10 batches. With a per_device_train_batch_size of 8 every batch can have one.'],
    });
  });

  it('says what stands in the way', () => {
    expect(mixing(labelsOf(8, 8), { shuffle: false })).toMatchObject({
      mixed: 0,
      possible: 4,
      reasons: ['Rows are used in their order, which makes runs of one label. Set shuffle to true.'],
    });
    expect(mixing(labelsOf(0, 8)).reasons).toEqual(['All 8 examples are undesirable, so no batch can hold both labels.']);
    expect(mixing(labelsOf(4, 4), { batchSize: 1, klPartners: false }).reasons).toEqual([
      'A batch of one example holds one label. Set per_device_train_batch_size to 2 or more.',
    ]);
    expect(mixing(labelsOf(6, 3), { batchSize: 4, klPartners: false })).toMatchObject({
      batches: 3,
      mixed: 2,
      possible: 2,
      reasons: ['The last batch holds a single example.'],
    });
    expect(mixing([])).toEqual({ batches: 0, mixed: 0, share: 0, possible: 0, reasons: [] });
  });

  it('mixes all batches that can be mixed when rows are shuffled, as counted on the blocks', () => {
    const scenario = fc.record({
      labels: fc.array(fc.boolean(), { maxLength: 60 }),
      batchSize: fc.integer({ min: 1, max: 9 }),
      klPartners: fc.boolean(),
    });
    fc.assert(
      fc.property(scenario, ({ labels, batchSize, klPartners }) => {
        const { mixed, possible, batches, reasons } = mixing(labels, { batchSize, klPartners });
        expect(mixed).toBe(possible);
        expect(reasons.length > 0).toBe(mixed < batches);
        const { blocks } = planBlocks({ rowCount: labels.length, labels, batchSize, shuffle: true, seed: 1, klPartners });
        expect(blocks.filter((block) => new Set(block.map((row) => labels[row])).size === 2).length).toBe(mixed);
      }),
    );
  });
});
