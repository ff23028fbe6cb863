/** @file Tokenised rows as trees of segments, truncated as TRL's collators truncate. */
import { promptTree, treeTokens } from '#engine/model/segment-tree.ts';
import type { SegmentTree, Stream } from '#engine/model/segment-tree.ts';
import { truncateSequence } from '#engine/text/truncate-sequence.ts';
import type { RowGroup } from './chunk-rows.ts';

export interface Truncation {
  readonly maxLength: number | null;
  readonly truncationMode: 'keep_start' | 'keep_end';
}

interface Answer {
  readonly prompt: Int32Array;
  readonly completion: Int32Array;
}

/**
 * A KTO example, and the mismatched completion whose log-probability enters z0 (null for none); both are truncated on the right.
 * @param row - its number in the micro-batch
 */
export function exampleGroup(
  example: { promptIds: Int32Array; completionIds: Int32Array },
  partnerIds: Int32Array | null,
  row: number,
  maxLength: number | null,
): RowGroup {
  const truncation: Truncation = { maxLength, truncationMode: 'keep_start' };
  const { prompt, completion } = truncated(example.promptIds, example.completionIds, truncation);
  const partner = partnerIds && truncated(example.promptIds, partnerIds, truncation).completion;
  const answers = [
    { ids: completion, row, stream: 'policy' as const },
    ...(partner ? [{ ids: partner, row, stream: 'partner' as const }] : []),
  ];
  return { trees: [promptTree(prompt, answers)], rows: [row] };
}

/** A DPO pair: chosen is row 2·pair, rejected row 2·pair + 1. The prompt is shared unless truncation cut it differently for the two. */
export function pairGroup(
  pair: { promptIds: Int32Array; chosenIds: Int32Array; rejectedIds: Int32Array },
  index: number,
  truncation: Truncation,
): RowGroup {
  const chosen = truncated(pair.promptIds, pair.chosenIds, truncation);
  const rejected = truncated(pair.promptIds, pair.rejectedIds, truncation);
  const answers = [
    { ids: chosen.completion, row: 2 * index, stream: 'policy' as const },
    { ids: rejected.completion, row: 2 * index + 1, stream: 'policy' as const },
  ] as const;
  const shared = sameIds(chosen.prompt, rejected.prompt);
  const trees = shared
    ? [promptTree(chosen.prompt, answers)]
    : [promptTree(chosen.prompt, [answers[0]]), promptTree(rejected.prompt, [answers[1]])];
  return { trees, rows: [2 * index, 2 * index + 1] };
}

/** The same groups without one kind of segment (a prompt is never left out). */
export function onlyStream(groups: readonly RowGroup[], stream: Stream): RowGroup[] {
  return groups.map(({ trees, rows }) => ({
    rows,
    trees: trees.map((tree) => tree.filter(({ row, stream: own }) => row === null || own === stream)),
  }));
}

/**
 * Groups whose only tree begins with the same prompt become one, so that the prompt is computed once.
 * @param maxTokens - tokens of a chunk, which a group is never cut for: more answers than that get the prompt again
 */
export function sharePrompts(groups: readonly RowGroup[], maxTokens: number): RowGroup[] {
  const filling = new Map<string, { tree: SegmentTree; rows: readonly number[]; tokens: number }>();
  const done: RowGroup[] = [];
  for (const { trees, rows } of groups) {
    const [tree] = trees;
    const [root] = tree ?? [];
    if (trees.length !== 1 || !tree || !root || root.row !== null) {
      done.push({ trees, rows });
      continue;
    }
    const key = root.ids.join(' ');
    const known = filling.get(key);
    const answers = allTokens(tree) - root.ids.length;
    if (known && known.tokens + answers <= maxTokens) {
      // Completions hang from the root, which is segment 0 of every such tree.
      const shared = { tree: [...known.tree, ...tree.slice(1)], rows: [...known.rows, ...rows], tokens: known.tokens + answers };
      filling.set(key, shared);
    } else {
      if (known) done.push({ trees: [known.tree], rows: known.rows });
      filling.set(key, { tree, rows, tokens: root.ids.length + answers });
    }
  }
  return [...[...filling.values()].map(({ tree, rows }) => ({ trees: [tree], rows })), ...done];
}

/** A completion of a group, and what it is scored for. */
export interface GroupCompletion {
  readonly prompt: Int32Array;
  readonly completion: Int32Array;
  readonly row: number;
  readonly stream: Stream;
}

export function completionsOf({ trees }: RowGroup): GroupCompletion[] {
  return trees.flatMap((tree) =>
    tree.flatMap(({ ids, parent, row, stream }) =>
      row === null ? [] : [{ prompt: tree[parent ?? 0]?.ids ?? new Int32Array(), completion: ids, row, stream }],
    ),
  );
}

function truncated(promptIds: Int32Array, completionIds: Int32Array, { maxLength, truncationMode }: Truncation): Answer {
  const { ids, completionStart } = truncateSequence({ promptIds, completionIds, maxLength, truncationMode });
  return { prompt: ids.subarray(0, completionStart), completion: ids.subarray(completionStart) };
}

function allTokens(tree: SegmentTree): number {
  return treeTokens(tree, 'policy') + treeTokens(tree, 'partner');
}

function sameIds(a: Int32Array, b: Int32Array): boolean {
  return a.length === b.length && a.every((id, i) => id === b[i]);
}
