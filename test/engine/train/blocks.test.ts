/** @file Blocks of rows: TRL's order, or shuffled once with both labels in every block. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BlockRequest, planBlocks } from '#engine/train/blocks.ts';

const kto = (labels: boolean[], overrides: Partial<BlockRequest> = {}): BlockRequest => ({
  rowCount: labels.length,
  labels,
  batchSize: 4,
  shuffle: true,
  seed: 42,
  klPartners: true,
  ...overrides,
});

const repeat = (desirable: number, undesirable: number): boolean[] => [
  ...new Array<boolean>(desirable).fill(true),
  ...new Array<boolean>(undesirable).fill(false),
];

describe('planBlocks without shuffling', () => {
  it('keeps the rows in their order, with a shorter last block, as TRL does', () => {
    const plan = planBlocks(kto(repeat(5, 5), { shuffle: false }));
    expect(plan.blocks).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
      [8, 9],
    ]);
    expect(plan.keepLast).toBe(true);
  });

  it('counts the blocks with one label and says how to mix them', () => {
    const plan = planBlocks(kto(repeat(4, 4), { shuffle: false }));
    expect(plan.blocksWithOneLabel).toBe(2);
    expect(plan.notes).toEqual([
      '2 of 2 batches hold one label only, because rows are used in their order. Set shuffle to true to mix them.',
    ]);
  });

  it('keeps a last block of one row, as TRL does, and says what is wrong with it', () => {
    const plan = planBlocks(kto([true, false, true, false, true], { shuffle: false }));
    expect(plan.blocks).toEqual([[0, 1, 2, 3], [4]]);
    expect(plan.notes.join(' ')).toContain('The last batch holds a single example, which is its own KL partner');
  });
});

describe('planBlocks with shuffling', () => {
  it('uses every row once and mixes both labels into every block whenever there are enough of each', () => {
    const request = fc.record({
      desirable: fc.integer({ min: 0, max: 60 }),
      undesirable: fc.integer({ min: 0, max: 60 }),
      batchSize: fc.integer({ min: 2, max: 9 }),
      seed: fc.integer({ min: 0, max: 1000 }),
    });
    fc.assert(
      fc.property(request, ({ desirable, undesirable, batchSize, seed }) => {
        const labels = repeat(desirable, undesirable);
        const plan = planBlocks(kto(labels, { batchSize, seed }));
        expect(plan.blocks.flat().sort((a, b) => a - b)).toEqual(labels.map((_, row) => row));
        expect(plan.blocks.filter((block) => block.length === 1)).toHaveLength(labels.length === 1 ? 1 : 0);
        for (const block of plan.blocks) expect(block.length).toBeLessThanOrEqual(batchSize === 2 ? 3 : batchSize);
        const rare = Math.min(desirable, undesirable);
        const oneLabel = plan.blocks.filter((block) => block.every((row) => labels[row] === labels[block[0] as number])).length;
        expect(plan.blocksWithOneLabel).toBe(oneLabel);
        expect(oneLabel).toBe(Math.max(0, plan.blocks.length - rare));
        expect(plan.notes.length > 0).toBe(
          oneLabel > 0 || plan.blocks.at(-1)?.length === 1 || (plan.blocks.at(-1)?.length ?? 0) > batchSize,
        );
      }),
    );
  });

  it('gives full blocks nearly the same share of each label', () => {
    const labels = repeat(60, 20);
    const counts = planBlocks(kto(labels, { batchSize: 8 })).blocks.map((block) => block.filter((row) => labels[row]).length);
    expect(counts).toEqual(new Array(10).fill(6));
  });

  it('depends on the seed alone', () => {
    const labels = repeat(20, 20);
    expect(planBlocks(kto(labels))).toEqual(planBlocks(kto(labels)));
    expect(planBlocks(kto(labels, { seed: 1 })).blocks).not.toEqual(planBlocks(kto(labels)).blocks);
  });

  it('does not always put the same label first in a block', () => {
    const labels = repeat(40, 40);
    const first = planBlocks(kto(labels)).blocks.map((block) => labels[block[0] as number]);
    expect(new Set(first).size).toBe(2);
  });

  it('moves a row into a last block that would hold one', () => {
    expect(planBlocks(kto(repeat(5, 4))).blocks.map((block) => block.length)).toEqual([4, 3, 2]);
  });

  it('lets a left-over row join the block before when the batch size is 2', () => {
    const plan = planBlocks(kto(repeat(3, 2), { batchSize: 2 }));
    expect(plan.blocks.map((block) => block.length)).toEqual([2, 3]);
    expect(plan.notes).toEqual(['The last batch holds 3 examples instead of one left over, because a single example has no KL partner.']);
  });

  it('leaves a last block of one row alone when no KL partner is needed', () => {
    expect(planBlocks(kto(repeat(5, 4), { klPartners: false })).blocks.map((block) => block.length)).toEqual([4, 4, 1]);
    expect(planBlocks({ ...kto([]), rowCount: 9, labels: null, klPartners: false }).blocks.map((block) => block.length)).toEqual([4, 4, 1]);
  });

  it('says which label is too rare to be in every batch', () => {
    const plan = planBlocks(kto(repeat(2, 18)));
    expect(plan.blocksWithOneLabel).toBe(3);
    expect(plan.notes[0]).toMatch(/^Only 2 of 20 examples are desirable, so 3 of 5 batches hold one label only\./);
    expect(planBlocks(kto(repeat(8, 0))).notes[0]).toMatch(/^All 8 examples are desirable/);
  });

  it('shuffles pairs without labels', () => {
    const plan = planBlocks({ ...kto([]), rowCount: 10, labels: null, klPartners: false });
    expect(plan.blocks.flat().sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(plan.blocks.flat()).not.toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(plan).toMatchObject({ blocksWithOneLabel: 0, notes: [] });
  });

  it('allows a batch size of 1 for losses without a KL estimate, without complaint', () => {
    const plan = planBlocks(kto(repeat(2, 2), { batchSize: 1, klPartners: false }));
    expect(plan.blocks).toHaveLength(4);
    expect(plan.notes).toEqual([]);
  });
});
