/**
 * @file A KTO or DPO micro-batch as it is, and with one saving switched off at a time: the same graphs are fed with rows that lack it.
 */
import { completionsOf, exampleGroup, onlyStream, pairGroup } from '#engine/train/row-groups.ts';
import type { RowGroup } from '#engine/train/chunk-rows.ts';
import { promptTree } from '#engine/model/segment-tree.ts';
import type { SegmentTree } from '#engine/model/segment-tree.ts';
import type { BenchWork } from './bench-job.ts';

export type PassName = 'gradient' | 'gradient without partners' | 'scores' | 'reference';

/** Rows that go through one compiled graph. */
export interface Work {
  readonly pass: PassName;
  readonly groups: readonly RowGroup[];
}

/** The first is the step as it is. */
export function savingsVariants(work: BenchWork): Readonly<Record<string, readonly Work[]>> {
  return work.job.method === 'kto' ? ktoVariants(work) : dpoVariants(work);
}

function ktoVariants({ examples, job }: BenchWork): Record<string, readonly Work[]> {
  const block = examples.slice(0, job.batch);
  const groups = block.map((example, i) => exampleGroup(example, block.at(i - 1)?.completionIds ?? null, i, null));
  return {
    'as it is': [{ pass: 'gradient', groups }],
    'reference not cached': [
      { pass: 'gradient', groups },
      { pass: 'reference', groups },
    ],
    'prompts not shared': [
      { pass: 'gradient without partners', groups: onlyStream(groups, 'policy') },
      { pass: 'scores', groups: groups.flatMap((group) => alone(group, 'partner')) },
    ],
    ...sameForBoth(groups),
  };
}

function dpoVariants({ pairs, job }: BenchWork): Record<string, readonly Work[]> {
  const groups = pairs.slice(0, job.batch).map((pair, i) => pairGroup(pair, i, { maxLength: null, truncationMode: 'keep_start' }));
  return {
    'as it is': [{ pass: 'gradient', groups }],
    'reference not cached': [
      { pass: 'gradient', groups },
      { pass: 'reference', groups },
    ],
    'prompts not shared': [{ pass: 'gradient', groups: groups.flatMap((group) => alone(group, 'policy')) }],
    ...sameForBoth(groups),
  };
}

function sameForBoth(groups: readonly RowGroup[]): Record<string, readonly Work[]> {
  const longest = Math.max(...groups.map(policyTokens));
  return {
    'rows padded to the longest': [{ pass: 'gradient', groups: groups.map((group) => padded(group, longest)) }],
    'head and last layer everywhere': [{ pass: 'gradient', groups: groups.map(scoredEverywhere) }],
  };
}

/** Every completion of a stream in a tree of its own, under a prompt of its own. */
function alone(group: RowGroup, wanted: 'policy' | 'partner'): RowGroup[] {
  return completionsOf(group)
    .filter(({ stream }) => stream === wanted)
    .map(({ prompt, completion, row }) => ({ rows: [row], trees: [promptTree(prompt, [{ ids: completion, row, stream: 'policy' }])] }));
}

function policyTokens({ trees }: RowGroup): number {
  return trees.flat().reduce((sum, { ids, stream }) => sum + (stream === 'policy' ? ids.length : 0), 0);
}

/** Tokens that nobody looks at, after the last completion. */
function padded(group: RowGroup, longest: number): RowGroup {
  const filler = { ids: new Int32Array(longest - policyTokens(group)).fill(3), parent: 0, stream: 'policy', row: null } as const;
  return {
    rows: group.rows,
    trees: group.trees.map((tree, t): SegmentTree => (t === 0 && filler.ids.length > 0 ? [...tree, filler] : tree)),
  };
}

/** The prompt's tokens are scored, too, for the group's first row. */
function scoredEverywhere({ trees, rows }: RowGroup): RowGroup {
  return { rows, trees: trees.map((tree) => tree.map((segment, s) => (s === 0 ? { ...segment, row: rows[0] ?? 0 } : segment))) };
}
