/** @file Cuts a micro-batch into chunks that fit in memory. How it is cut never changes the numbers: everything that joins rows is computed after. */
import { treeTokens } from '#engine/model/segment-tree.ts';
import type { SegmentTree } from '#engine/model/segment-tree.ts';

/** Rows that must be computed together (one KTO example with its KL partner; one DPO pair). */
export interface RowGroup {
  readonly trees: readonly SegmentTree[];
  /** Row numbers (of the micro-batch) that the trees' segments are credited to. */
  readonly rows: readonly number[];
}

export interface Chunk {
  /** Segments credited to rows `0 … rows.length − 1`. */
  readonly trees: readonly SegmentTree[];
  /** Row of the micro-batch, by row of the chunk; the rows of a group stay together and in order. */
  readonly rows: readonly number[];
}

/**
 * Groups of similar length go together, because attention pads trees to the longest of the chunk.
 * @param maxTokens - policy tokens per chunk; a longer group gets a chunk of its own
 */
export function chunkRows(groups: readonly RowGroup[], maxTokens: number): Chunk[] {
  const size = ({ trees }: RowGroup) => trees.reduce((sum, tree) => sum + treeTokens(tree, 'policy'), 0);
  const longestFirst = groups.map((group) => ({ group, tokens: size(group) })).toSorted((a, b) => b.tokens - a.tokens);
  const total = longestFirst.reduce((sum, { tokens }) => sum + tokens, 0);
  // Chunks of about equal size: the last one is not left with a single short row.
  const target = total / Math.ceil(total / Math.max(1, maxTokens));
  const chunks: RowGroup[][] = [];
  let filled = Infinity;
  for (const { group, tokens } of longestFirst) {
    if (filled + tokens > maxTokens || filled >= target) {
      chunks.push([]);
      filled = 0;
    }
    chunks.at(-1)?.push(group);
    filled += tokens;
  }
  return chunks.map(renumber);
}

function renumber(groups: readonly RowGroup[]): Chunk {
  const rows = groups.flatMap((group) => group.rows);
  const local = new Map(rows.map((row, i) => [row, i]));
  const trees = groups.flatMap((group) =>
    group.trees.map((tree) =>
      tree.map((segment) => ({ ...segment, row: segment.row === null ? null : (local.get(segment.row) as number) })),
    ),
  );
  return { trees, rows };
}
