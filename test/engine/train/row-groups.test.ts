import { describe, expect, it } from 'vitest';
import { completionsOf, exampleGroup, onlyStream, pairGroup, sharePrompts } from '#engine/train/row-groups.ts';
import type { RowGroup } from '#engine/train/chunk-rows.ts';

const ids = (...values: number[]) => Int32Array.from(values);

/** Segments as plain lists: ids, parent, row, stream. */
const plain = ({ trees }: RowGroup) =>
  trees.map((tree) => tree.map(({ ids: own, parent, row, stream }) => [[...own], parent, row, stream]));

describe('exampleGroup', () => {
  const example = { promptIds: ids(1, 2, 3), completionIds: ids(4, 5, 6) };

  it('hangs the answer and its KL partner from the prompt', () => {
    const group = exampleGroup(example, ids(7, 8), 5, null);
    expect(group.rows).toEqual([5]);
    expect(plain(group)).toEqual([
      [
        [[1, 2, 3], null, null, 'policy'],
        [[4, 5, 6], 0, 5, 'policy'],
        [[7, 8], 0, 5, 'partner'],
      ],
    ]);
  });

  it('has no partner where none is given', () => {
    expect(plain(exampleGroup(example, null, 0, null))[0]).toHaveLength(2);
  });

  it.each([
    [6, [4, 5, 6], [7, 8]],
    [5, [4, 5], [7, 8]],
    [4, [4], [7]],
    [3, [], []],
  ])('cut to %i tokens keeps the beginning of both answers', (maxLength, answer, partner) => {
    const [tree] = plain(exampleGroup(example, ids(7, 8), 0, maxLength));
    expect(tree?.map(([own]) => own)).toEqual([[1, 2, 3], answer, partner]);
  });

  it('cuts into the prompt where even that is too long', () => {
    expect(plain(exampleGroup(example, ids(7), 0, 2))[0]?.map(([own]) => own)).toEqual([[1, 2], [], []]);
  });
});

describe('pairGroup', () => {
  const pair = { promptIds: ids(1, 2, 3), chosenIds: ids(4, 5, 6), rejectedIds: ids(7) };

  it('shares the prompt between the answers, chosen first', () => {
    const group = pairGroup(pair, 2, { maxLength: null, truncationMode: 'keep_start' });
    expect(group.rows).toEqual([4, 5]);
    expect(plain(group)).toEqual([
      [
        [[1, 2, 3], null, null, 'policy'],
        [[4, 5, 6], 0, 4, 'policy'],
        [[7], 0, 5, 'policy'],
      ],
    ]);
  });

  it('cut at the end keeps sharing it', () => {
    const group = pairGroup(pair, 0, { maxLength: 4, truncationMode: 'keep_start' });
    expect(plain(group)[0]?.map(([own]) => own)).toEqual([[1, 2, 3], [4], [7]]);
  });

  it('cut at the beginning gets a tree for each answer, because the prompts differ', () => {
    const group = pairGroup(pair, 0, { maxLength: 4, truncationMode: 'keep_end' });
    expect(plain(group)).toEqual([
      [
        [[3], null, null, 'policy'],
        [[4, 5, 6], 0, 0, 'policy'],
      ],
      [
        [[1, 2, 3], null, null, 'policy'],
        [[7], 0, 1, 'policy'],
      ],
    ]);
    expect(group.rows).toEqual([0, 1]);
  });
});

describe('onlyStream', () => {
  const group = exampleGroup({ promptIds: ids(1, 2), completionIds: ids(4, 5) }, ids(7), 3, null);

  it('leaves out the other kind of answers, and never a prompt', () => {
    const prompt = [[1, 2], null, null, 'policy'];
    expect(onlyStream([group], 'policy').map(plain)).toEqual([[[prompt, [[4, 5], 0, 3, 'policy']]]]);
    expect(onlyStream([group], 'partner').map(plain)).toEqual([[[prompt, [[7], 0, 3, 'partner']]]]);
    expect(onlyStream([group], 'partner')[0]?.rows).toEqual([3]);
  });
});

describe('sharePrompts', () => {
  const example = (prompt: readonly number[], answer: readonly number[], row: number) =>
    exampleGroup({ promptIds: ids(...prompt), completionIds: ids(...answer) }, null, row, null);
  const groups = [example([1, 2], [5], 0), example([1, 3], [6], 1), example([1, 2], [7, 8], 2), example([1, 2], [5], 3)];

  it('hangs all answers of a prompt from one root', () => {
    const shared = sharePrompts(groups, Infinity);
    expect(shared.map(({ rows }) => rows)).toEqual([[0, 2, 3], [1]]);
    expect(shared.map(plain)[0]).toEqual([
      [
        [[1, 2], null, null, 'policy'],
        [[5], 0, 0, 'policy'],
        [[7, 8], 0, 2, 'policy'],
        [[5], 0, 3, 'policy'],
      ],
    ]);
  });

  it('scores the same completions as before', () => {
    const scored = (some: readonly RowGroup[]) =>
      some
        .flatMap(completionsOf)
        .map(({ prompt, completion, row }) => `${row}: ${prompt.join()} > ${completion.join()}`)
        .toSorted();
    for (const maxTokens of [1, 4, 5, Infinity]) expect(scored(sharePrompts(groups, maxTokens))).toEqual(scored(groups));
  });

  it('begins another group where one would get too large for a chunk', () => {
    expect(sharePrompts(groups, 5).map(({ rows }) => rows)).toEqual([[3], [1], [0, 2]]);
    expect(sharePrompts(groups, 1).map(({ rows }) => rows)).toEqual([[3], [1], [0], [2]]);
  });

  it('does not confuse prompts whose ids read alike, and leaves groups of two trees as they are', () => {
    expect(sharePrompts([example([1, 23], [5], 0), example([12, 3], [5], 1)], Infinity)).toHaveLength(2);
    const cut = { maxLength: 4, truncationMode: 'keep_end' } as const;
    const split = pairGroup({ promptIds: ids(1, 2, 3), chosenIds: ids(4, 5, 6), rejectedIds: ids(7) }, 0, cut);
    expect(sharePrompts([split], Infinity)).toEqual([split]);
  });
});
