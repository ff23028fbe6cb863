/** @file Token counts of truncated rows. A prompt that a tree shares counts once for every row below it, as in a padded batch. */
import type { SegmentTree } from '#engine/model/segment-tree.ts';
import type { RowGroup } from './chunk-rows.ts';

/** Prompt and completion tokens of a group's rows, without KL partners: TRL's `attention_mask.sum()`. */
export function rowTokens({ trees }: RowGroup): number {
  return paths(trees, 'policy').reduce((sum, { length }) => sum + length, 0);
}

/** Tokens of the longest row, KL partners included. */
export function longestRow(groups: readonly RowGroup[]): number {
  return Math.max(...groups.flatMap(({ trees }) => [...paths(trees, 'policy'), ...paths(trees, 'partner')].map(({ length }) => length)));
}

/** Completion tokens of each row, at least 1. */
export function completionLengths(groups: readonly RowGroup[]): number[] {
  const lengths: number[] = [];
  for (const { trees } of groups) for (const { row, own } of paths(trees, 'policy')) lengths[row] = Math.max(1, own);
  return lengths;
}

/** From root to each scored segment. */
function paths(trees: readonly SegmentTree[], stream: 'policy' | 'partner'): { row: number; length: number; own: number }[] {
  return trees.flatMap((tree) => {
    const lengths: number[] = [];
    return tree.flatMap(({ ids, parent, row, stream: own }) => {
      const length = ids.length + (parent === null ? 0 : (lengths[parent] as number));
      lengths.push(length);
      return row !== null && own === stream ? [{ row, length, own: ids.length }] : [];
    });
  });
}
