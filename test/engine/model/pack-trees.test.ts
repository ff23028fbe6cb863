/** @file Packing random trees of segments, against what each token's own row says: ids, positions, slots, masks and scored positions. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InternalError } from '#contract/errors.ts';
import { packTrees } from '#engine/model/pack-trees.ts';
import type { PackedStream, PackedTrees } from '#engine/model/pack-trees.ts';
import type { Segment, SegmentTree, Stream } from '#engine/model/segment-tree.ts';

const WINDOWS = [null, 1, 3];
/** Ids of random trees begin above the filler's. */
const FIRST_ID = 1;

/** Every token of every tree has an id of its own, every scored segment a row of its own. */
const randomTrees = fc
  .array(
    fc.array(fc.record({ length: fc.nat(5), parent: fc.nat(100), partner: fc.boolean(), scored: fc.boolean() }), {
      minLength: 1,
      maxLength: 6,
    }),
    {
      minLength: 1,
      maxLength: 4,
    },
  )
  .map((shapes) => {
    let nextId = FIRST_ID;
    let nextRow = 0;
    const trees = shapes.map((shape) => {
      const tree: Segment[] = [];
      for (const { length, parent, partner, scored } of shape) {
        const parents = [...tree.keys()].filter((i) => tree[i]?.stream === 'policy');
        const ids = Int32Array.from({ length }, () => nextId++);
        const stream: Stream = partner && parents.length > 0 ? 'partner' : 'policy';
        tree.push({
          ids,
          parent: parents.length === 0 ? null : (parents[parent % parents.length] as number),
          stream,
          row: scored ? nextRow++ : null,
        });
      }
      return tree;
    });
    return { trees, rowCount: nextRow };
  });

/** What the packed arrays must say of one token. */
interface Truth {
  readonly id: number;
  readonly stream: Stream;
  readonly tree: number;
  /** Ids before it in its row, first to last, and its own at the end. */
  readonly path: readonly number[];
  /** Row its segment is scored for. */
  readonly row: number | null;
  /** Row whose copy of the adapter it uses, −1 where the tree has none. */
  readonly owner: number;
}

function truths(trees: readonly SegmentTree[]): Truth[] {
  return trees.flatMap((tree, g) => {
    const paths: number[][] = [];
    return tree.flatMap(({ ids, parent, stream, row }) => {
      const before = parent === null ? [] : (paths[parent] as number[]);
      paths.push([...before, ...ids]);
      const owner = row ?? tree.find((other) => other.stream === stream && other.row !== null)?.row ?? -1;
      return [...ids].map((id, i): Truth => ({ id, stream, tree: g, path: [...before, ...ids.subarray(0, i + 1)], row, owner }));
    });
  });
}

interface Context {
  readonly packed: PackedTrees;
  /** One of its two streams, and the tokens that it must hold. */
  readonly stream: PackedStream;
  readonly tokens: readonly Truth[];
  /** Id of the token that a key or a source points at. */
  readonly idOf: (index: number) => number;
}

/** Runs a check over both streams of many random batches, fillers left out. */
function check(property: (context: Context) => void): void {
  fc.assert(
    fc.property(randomTrees, ({ trees, rowCount }) => {
      const packed = packTrees(trees, WINDOWS, rowCount);
      const idOf = (key: number) =>
        (key < packed.policy.ids.length ? packed.policy.ids[key] : packed.partner?.ids[key - packed.policy.ids.length]) as number;
      for (const name of ['policy', 'partner'] as const) {
        const stream = packed[name];
        const tokens = truths(trees).filter((truth) => truth.stream === name);
        expect(stream !== null || tokens.length === 0).toBe(true);
        if (stream) property({ packed, stream, tokens, idOf });
      }
    }),
    { numRuns: 200, seed: 3, endOnFailure: true },
  );
}

const real = (ids: Iterable<number>): number[] => [...ids].filter((id) => id >= FIRST_ID);

describe('packing', () => {
  test('keeps every token once, in order, at its position in its row', () => {
    check(({ stream, tokens }) => {
      expect(real(stream.ids)).toEqual(tokens.map(({ id }) => id));
      tokens.forEach(({ path }, t) => expect(stream.positions[t]).toBe(path.length - 1));
    });
  });

  test('gives every token one slot, in its own tree, and finds it back', () => {
    check(({ packed, stream, tokens }) => {
      expect(stream.slots).toHaveLength(packed.treeCount * stream.slotCount);
      expect([...stream.slots].filter((token) => token >= 0).toSorted((a, b) => a - b)).toEqual([...stream.ids.keys()]);
      stream.places.forEach((place, token) => expect(stream.slots[place]).toBe(token));
      tokens.forEach(({ tree }, t) => expect(Math.floor((stream.places[t] as number) / stream.slotCount)).toBe(tree));
    });
  });

  test('lets a token attend to exactly the tokens before it in its row and itself, as far as the window reaches', () => {
    check(({ stream, tokens, idOf }) => {
      for (const window of WINDOWS) {
        const mask = stream.masks.get(window) as Float32Array;
        tokens.forEach(({ tree, path }, t) => {
          const keys = stream.keys.subarray(tree * stream.keyCount, (tree + 1) * stream.keyCount);
          const scores = mask.subarray((stream.places[t] as number) * stream.keyCount).subarray(0, stream.keyCount);
          const seen = [...keys].filter((_, z) => scores[z] === 0);
          expect(seen.map((key) => (key < 0 ? 'padding' : idOf(key)))).toEqual(window === null ? path : path.slice(-window));
        });
        // What is hidden is hidden by a finite number: −∞ would turn an unused slot, which sees nothing, into NaN.
        expect(mask.every((score) => score === 0 || (score < -1e20 && Number.isFinite(score)))).toBe(true);
      }
    });
  });

  test('scores each token of a scored segment that has one before it, from that one, for its row', () => {
    check(({ stream, tokens, idOf }) => {
      const { sources, targets, rows } = stream.scored;
      const expected = tokens
        .filter(({ row, path }) => row !== null && path.length > 1)
        .map(({ id, path, row }) => ({ source: path.at(-2), target: id, row }));
      const got = [...sources]
        .map((source, m) => ({ source: idOf(source), target: targets[m], row: rows[m] }))
        .filter(({ row }) => row !== -1);
      expect(got).toEqual(expected);
      expect(sources.length).toBe(Math.max(expected.length, 1));
    });
  });

  test('assigns a token to its own row, and a shared one to the first row of its tree', () => {
    check(({ stream, tokens }) => {
      tokens.forEach(({ owner }, t) => expect(stream.rows[t]).toBe(owner));
    });
  });
});

describe('rows without tokens', () => {
  const none = Int32Array.of();
  const segment = (ids: Int32Array, parent: number | null, row: number | null, stream: Stream = 'policy'): Segment => ({
    ids,
    parent,
    row,
    stream,
  });

  test('get a position that no row is credited with, where nothing is scored', () => {
    const { policy, partner } = packTrees([[segment(Int32Array.of(7, 8), null, null), segment(none, 0, 0)]], [null], 1);
    expect(policy.ids).toEqual(Int32Array.of(7, 8));
    expect(policy.scored).toEqual({ sources: Int32Array.of(0), targets: Int32Array.of(0), rows: Int32Array.of(-1) });
    expect(partner).toBeNull();
  });

  test('get a token, where a stream would have none', () => {
    const { policy, partner } = packTrees([[segment(none, null, null), segment(none, 0, 0), segment(none, 0, 0, 'partner')]], [null], 1);
    for (const stream of [policy, partner]) {
      expect(stream).toMatchObject({
        ids: Int32Array.of(0),
        slots: Int32Array.of(0),
        slotCount: 1,
        keyCount: 1,
        scored: { rows: Int32Array.of(-1) },
      });
      expect(stream?.masks.get(null)).toEqual(Float32Array.of(0));
    }
    expect(partner?.keys).toEqual(Int32Array.of(1));
  });
});

test('a segment that hangs from a partner, or from one that is not before it, is refused', () => {
  const segment = (parent: number | null, stream: Stream): Segment => ({ ids: Int32Array.of(1), parent, stream, row: null });
  expect(() => packTrees([[segment(null, 'policy'), segment(0, 'partner'), segment(1, 'policy')]], [null], 0)).toThrow(InternalError);
  expect(() => packTrees([[segment(1, 'policy'), segment(null, 'policy')]], [null], 0)).toThrow(InternalError);
});
