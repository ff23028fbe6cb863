import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { promptTree, treeTokens } from '#engine/model/segment-tree.ts';
import { chunkRows } from '#engine/train/chunk-rows.ts';
import type { Chunk, RowGroup } from '#engine/train/chunk-rows.ts';
import { exampleGroup, pairGroup } from '#engine/train/row-groups.ts';

const ids = (length: number) => new Int32Array(length).fill(7);

/** An example of that many tokens, with a KL partner of 50. */
const example = (row: number, tokens: number): RowGroup =>
  exampleGroup({ promptIds: ids(1), completionIds: ids(tokens - 1) }, ids(50), row, null);

const tokensOf = ({ trees }: Pick<Chunk, 'trees'>) => trees.reduce((sum, tree) => sum + treeTokens(tree, 'policy'), 0);

describe('chunkRows', () => {
  it('puts everything into one chunk where it fits', () => {
    const groups = [example(0, 3), example(1, 5), example(2, 4)];
    expect(chunkRows(groups, 12).map(({ rows }) => rows)).toEqual([[1, 2, 0]]);
    expect(chunkRows(groups, Infinity)).toHaveLength(1);
  });

  it('puts rows of similar length together, in chunks of about equal size', () => {
    const groups = [10, 2, 9, 3, 8, 4].map((tokens, row) => example(row, tokens));
    // 36 tokens in chunks of at most 30 would be 27 + 9 if filled to the brim.
    expect(chunkRows(groups, 30).map(({ rows }) => rows)).toEqual([
      [0, 2],
      [4, 5, 3, 1],
    ]);
  });

  it('gives a group that is longer than a chunk one of its own', () => {
    const groups = [example(0, 4), example(1, 100), example(2, 4)];
    expect(chunkRows(groups, 10).map(({ rows }) => rows)).toEqual([[1], [0, 2]]);
  });

  it('keeps a pair together, its answers next to each other', () => {
    const pairs = [3, 9, 6].map((length, i) =>
      pairGroup({ promptIds: ids(2), chosenIds: ids(length), rejectedIds: ids(1) }, i, { maxLength: null, truncationMode: 'keep_start' }),
    );
    expect(chunkRows(pairs, 1).map(({ rows }) => rows)).toEqual([
      [2, 3],
      [4, 5],
      [0, 1],
    ]);
  });

  it('takes rows that have lost every token', () => {
    const empty = (row: number): RowGroup => ({ trees: [promptTree(ids(0), [{ ids: ids(0), row, stream: 'policy' }])], rows: [row] });
    expect(chunkRows([empty(0), empty(1)], 16).map(({ rows }) => rows)).toEqual([[0, 1]]);
    expect(chunkRows([], 16)).toEqual([]);
  });

  it('holds every row exactly once, numbered anew, and never exceeds the limit by more than one group', () => {
    const arbitrary = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(arbitrary, fc.integer({ min: 1, max: 120 }), (lengths, maxTokens) => {
        const groups = lengths.map((tokens, row) => example(row, tokens));
        const chunks = chunkRows(groups, maxTokens);
        expect(chunks.flatMap(({ rows }) => rows).toSorted((a, b) => a - b)).toEqual(lengths.map((_, row) => row));
        for (const { rows, trees } of chunks) {
          expect(rows.length === 1 || tokensOf({ trees }) <= maxTokens).toBe(true);
          const credited = trees.map((tree) => tree.flatMap(({ row }) => (row === null ? [] : [row])));
          expect(credited).toEqual(rows.map((_, i) => [i, i])); // the answer's row, and the partner's
          expect(trees.map((tree) => treeTokens(tree, 'policy'))).toEqual(rows.map((row) => lengths[row]));
        }
      }),
    );
  });
});
