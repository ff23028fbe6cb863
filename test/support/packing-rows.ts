/** @file Rows of every awkward length, and ways to pack them that must all give the same numbers. */
import { promptTree } from '#engine/model/segment-tree.ts';
import type { SegmentTree } from '#engine/model/segment-tree.ts';
import type { RowGroup } from '#engine/train/chunk-rows.ts';

export interface PackingRow {
  readonly prompt: Int32Array;
  readonly completion: Int32Array;
  /** A mismatched completion below the same prompt. */
  readonly partner: Int32Array;
}

/** Ids stay below the smallest vocabulary of the golden models. */
const VOCABULARY = 64;

/** Tokens of prompt, completion and partner; rows 0 and 1, and 6 and 7, have one prompt each. */
const LENGTHS = [
  [9, 5, 4],
  [9, 8, 1],
  [0, 6, 2], // empty prompt
  [0, 1, 1], // nothing before its only token: not scored
  [1, 3, 7], // prompt of one token
  [7, 1, 9], // completion of one token
  [4, 12, 3],
  [4, 2, 6],
  [3, 0, 5], // completion lost to truncation
] as const;

export const PACKING_ROWS: readonly PackingRow[] = LENGTHS.map(([prompt, completion, partner], row) => ({
  prompt: tokens(prompt, row === 7 ? 6 : Math.max(row, 1)),
  completion: tokens(completion, 100 + row),
  partner: tokens(partner, 200 + row),
}));

export const LONGEST_PACKING_ROW = Math.max(...LENGTHS.map(([prompt, completion, partner]) => prompt + Math.max(completion, partner)));

/** Rows with the same prompt. */
export const TWINS: readonly (readonly [number, number])[] = [
  [0, 1],
  [6, 7],
];

export interface PackingOptions {
  readonly partner: boolean;
  /** Whether twins share one prompt instead of having it once each. */
  readonly share: boolean;
}

/** One group per row or pair of twins, in the given order of rows. */
export function packingGroups(order: readonly number[], { partner, share }: PackingOptions): RowGroup[] {
  const done = new Set<number>();
  return order.flatMap((row) => {
    if (done.has(row)) return [];
    const twin = share ? TWINS.find((pair) => pair.includes(row))?.find((other) => other !== row && order.includes(other)) : undefined;
    const rows = twin === undefined ? [row] : [row, twin];
    for (const one of rows) done.add(one);
    return [{ trees: [treeOf(rows, partner)], rows }];
  });
}

function treeOf(rows: readonly number[], partner: boolean): SegmentTree {
  const answers = rows.flatMap((row) => {
    const { completion, partner: other } = PACKING_ROWS[row] as PackingRow;
    const own = { ids: completion, row, stream: 'policy' as const };
    return partner ? [own, { ids: other, row, stream: 'partner' as const }] : [own];
  });
  return promptTree((PACKING_ROWS[rows[0] as number] as PackingRow).prompt, answers);
}

function tokens(count: number, seed: number): Int32Array {
  let state = seed * 2654435761;
  return Int32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return 3 + ((state >>> 8) % (VOCABULARY - 3));
  });
}
