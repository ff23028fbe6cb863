/** @file Turns trees of segments into the arrays a decoder graph is fed: tokens in a row, attention slots per tree, masks, scored positions. */
import { InternalError } from '#contract/errors.ts';
import { keepInLastLayer } from './last-layer.ts';
import type { LastLayer } from './last-layer.ts';
import { treeTokens } from './segment-tree.ts';
import type { Segment, SegmentTree, Stream } from './segment-tree.ts';

/** Added to the attention score of a pair that must not be seen: exp of it is exactly 0 in float32, and it stays finite. */
export const MASKED = -1e30;

/** One stream of packed tokens, `T` in all; trees are padded to `S` slots for attention only. */
export interface PackedStream {
  /** Token ids; `[T]` */
  readonly ids: Int32Array;
  /** Position of each token in its row; `[T]` */
  readonly positions: Int32Array;
  /** Row (of LoRA's per-row gradients) each token belongs to, −1 for none; `[T]` */
  readonly rows: Int32Array;
  /** Query slots per tree: token index or −1; `[G, S]` */
  readonly slots: Int32Array;
  readonly slotCount: number;
  /** Slot of each token, flattened; `[T]` */
  readonly places: Int32Array;
  /** What a query slot may attend to: per tree, token indices (the partner stream's follow the policy stream's), −1 for padding; `[G, Z]` */
  readonly keys: Int32Array;
  readonly keyCount: number;
  /** Additive attention masks `[G, S, Z]`, one per distinct window (null: no window). */
  readonly masks: ReadonlyMap<number | null, Float32Array>;
  readonly scored: ScoredPositions;
}

/** Positions that predict completion tokens, `M` in all. */
export interface ScoredPositions {
  /** Token whose hidden state predicts; the partner stream's follow the policy stream's; `[M]` */
  readonly sources: Int32Array;
  /** The token to predict; `[M]` */
  readonly targets: Int32Array;
  /** Row credited, −1 for none; `[M]` */
  readonly rows: Int32Array;
}

export interface PackedTrees {
  readonly treeCount: number;
  readonly rowCount: number;
  readonly policy: PackedStream;
  /** Null where no tree has a partner segment. */
  readonly partner: PackedStream | null;
  /** What the last layer computes for the policy stream. */
  readonly lastLayer: LastLayer;
}

export interface PackOptions {
  /** Keep every token's output of the last layer, not only those that predict a completion token. */
  readonly everyToken?: boolean;
}

interface PlacedSegment extends Segment {
  /** Index of the first token in its stream. */
  readonly first: number;
  /** Position of the first token in its row. */
  readonly start: number;
  readonly ancestors: readonly number[];
}

/**
 * No stream comes out empty, because executors do not agree on what a product over nothing is: where rows have lost every token to
 * truncation, a filler takes their place that no row is credited with.
 * @param windows - the distinct sliding windows of the model's layers (null for full attention)
 * @throws {InternalError} if a tree breaks the rules of segment-tree.ts
 */
export function packTrees(
  trees: readonly SegmentTree[],
  windows: readonly (number | null)[],
  rowCount: number,
  { everyToken = false }: PackOptions = {},
): PackedTrees {
  const counts: Record<Stream, number> = { policy: 0, partner: 0 };
  const placed = withFillers(trees).map((tree) => placeTree(tree, counts));
  const policy = packStream(placed, 'policy', counts, windows);
  const partner = counts.partner === 0 ? null : packStream(placed, 'partner', counts, windows);
  const sources = [...policy.scored.sources, ...(partner?.scored.sources ?? [])];
  const wanted = everyToken ? policy.ids.keys() : sources.filter((token) => token < counts.policy);
  return { treeCount: trees.length, rowCount, policy, partner, lastLayer: keepInLastLayer(policy, wanted, trees.length) };
}

/** A token of its own, seen by no other, in the first tree for every stream that has segments but no token. */
function withFillers(trees: readonly SegmentTree[]): readonly SegmentTree[] {
  const used = new Set<Stream>(['policy', ...trees.flat().map(({ stream }) => stream)]);
  const empty = [...used].filter((stream) => trees.every((tree) => treeTokens(tree, stream) === 0));
  const fillers = empty.map((stream): Segment => ({ ids: Int32Array.of(0), parent: null, stream, row: null }));
  return trees.map((tree, g) => (g === 0 ? [...tree, ...fillers] : tree));
}

function placeTree(tree: SegmentTree, counts: Record<Stream, number>): PlacedSegment[] {
  const placed: PlacedSegment[] = [];
  for (const segment of tree) {
    const parent = segment.parent === null ? null : placed[segment.parent];
    if (parent === undefined || parent?.stream === 'partner')
      throw new InternalError('A segment must hang from a policy segment before it.');
    const ancestors = parent ? [...parent.ancestors, placed.indexOf(parent)] : [];
    const start = parent ? parent.start + parent.ids.length : 0;
    placed.push({ ...segment, first: counts[segment.stream], start, ancestors });
    counts[segment.stream] += segment.ids.length;
  }
  return placed;
}

function packStream(
  trees: readonly PlacedSegment[][],
  stream: Stream,
  counts: Readonly<Record<Stream, number>>,
  windows: readonly (number | null)[],
): PackedStream {
  const total = counts[stream];
  const own = trees.map((tree) => tree.filter((segment) => segment.stream === stream));
  const seen = trees.map((tree, g) => tree.filter((segment, s) => own[g]?.some((q) => q === segment || q.ancestors.includes(s))));
  const lengths = (segments: readonly PlacedSegment[]) => segments.reduce((sum, { ids }) => sum + ids.length, 0);
  const slotCount = Math.max(...own.map(lengths));
  const keyCount = Math.max(...seen.map(lengths));

  const ids = new Int32Array(total);
  const positions = new Int32Array(total);
  const rows = new Int32Array(total).fill(-1);
  const slots = new Int32Array(trees.length * slotCount).fill(-1);
  const places = new Int32Array(total);
  const keys = new Int32Array(trees.length * keyCount).fill(-1);
  const offset = (segment: PlacedSegment) => (stream === 'partner' && segment.stream === 'partner' ? counts.policy : 0);
  own.forEach((segments, g) => {
    const treeRow = segments.find(({ row }) => row !== null)?.row ?? -1;
    let slot = g * slotCount;
    for (const segment of segments) {
      ids.set(segment.ids, segment.first);
      segment.ids.forEach((_, i) => {
        positions[segment.first + i] = segment.start + i;
        rows[segment.first + i] = segment.row ?? treeRow;
        slots[slot] = segment.first + i;
        places[segment.first + i] = slot++;
      });
    }
    let key = g * keyCount;
    for (const segment of seen[g] ?? []) segment.ids.forEach((_, i) => (keys[key++] = offset(segment) + segment.first + i));
  });
  const masks = new Map(windows.map((window) => [window, attentionMask(trees, own, seen, { slotCount, keyCount, window })]));
  return { ids, positions, rows, slots, slotCount, places, keys, keyCount, masks, scored: scoredPositions(trees, own, counts, stream) };
}

interface MaskOptions {
  readonly slotCount: number;
  readonly keyCount: number;
  readonly window: number | null;
}

function attentionMask(
  trees: readonly PlacedSegment[][],
  own: readonly PlacedSegment[][],
  seen: readonly PlacedSegment[][],
  { slotCount, keyCount, window }: MaskOptions,
): Float32Array {
  const mask = new Float32Array(trees.length * slotCount * keyCount).fill(MASKED); // [G, S, Z]
  own.forEach((queries, g) => {
    let slot = 0;
    for (const query of queries) {
      const visible = new Set([query, ...query.ancestors.map((a) => trees[g]?.[a])]);
      for (let i = 0; i < query.ids.length; i++, slot++) {
        const at = query.start + i;
        let column = (g * slotCount + slot) * keyCount;
        for (const key of seen[g] ?? []) {
          // Keys of one segment that are neither later than the query nor out of its window.
          const from = window === null ? 0 : Math.max(0, at - window + 1 - key.start);
          const to = Math.min(key.ids.length, at - key.start + 1);
          if (visible.has(key) && from < to) mask.fill(0, column + from, column + to);
          column += key.ids.length;
        }
      }
    }
  });
  return mask;
}

/** The first token of a row with an empty prompt has nothing before it and is not scored, as in TRL. */
function scoredPositions(
  trees: readonly PlacedSegment[][],
  own: readonly PlacedSegment[][],
  counts: Readonly<Record<Stream, number>>,
  stream: Stream,
): ScoredPositions {
  const sources: number[] = [];
  const targets: number[] = [];
  const rows: number[] = [];
  const indexOf = (segment: PlacedSegment, i: number) =>
    (segment.stream === stream && stream === 'partner' ? counts.policy : 0) + segment.first + i;
  own.forEach((segments, g) => {
    for (const segment of segments) {
      const { row } = segment;
      if (row === null) continue;
      const before = segment.ancestors.map((a) => trees[g]?.[a] as PlacedSegment).findLast(({ ids }) => ids.length > 0);
      segment.ids.forEach((target, i) => {
        if (i === 0 && !before) return;
        sources.push(i > 0 ? indexOf(segment, i - 1) : indexOf(before as PlacedSegment, (before as PlacedSegment).ids.length - 1));
        targets.push(target);
        rows.push(row);
      });
    }
  });
  if (sources.length === 0) {
    sources.push(0);
    targets.push(0);
    rows.push(-1);
  }
  return { sources: Int32Array.from(sources), targets: Int32Array.from(targets), rows: Int32Array.from(rows) };
}
