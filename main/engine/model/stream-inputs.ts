/** @file What a decoder graph is fed for one stream: the nodes on one side, the arrays of a packed batch on the other, by the same names. */
import type { Feeds } from '#engine/graph/backend.ts';
import type { Node } from '#engine/graph/node.ts';
import { input } from '#engine/graph/operations.ts';
import { floatTensor, intTensor } from '#engine/tensor/tensor.ts';
import type { Tensor } from '#engine/tensor/tensor.ts';
import type { ModelConfig } from './model-config.ts';
import type { PackedStream, PackedTrees, ScoredPositions } from './pack-trees.ts';
import { ropeTables } from './rope-tables.ts';
import type { Stream } from './segment-tree.ts';

export interface StreamInputs {
  /** `[T]` */
  readonly ids: Node;
  /** `[T, H/2]` */
  readonly cos: Node;
  readonly sin: Node;
  /** `[G, S]` */
  readonly slots: Node;
  /** `[T]` */
  readonly places: Node;
  /** `[G, Z]` */
  readonly keys: Node;
  /** Additive mask for a layer's window; `[G, 1, 1, S, Z]` */
  mask(window: number | null): Node;
  /** The positions that predict completion tokens, in groups that the head takes one after the other. */
  readonly scored: readonly ScoredInputs[];
}

/** A group of scored positions: where they are, what they predict, which row each is credited to. */
export interface ScoredInputs {
  /** `[M]` */
  readonly sources: Node;
  /** `[M]` */
  readonly targets: Node;
  /** `[n, M]` */
  readonly credit: Node;
}

/** Which tokens of the policy stream the last layer computes, as nodes; see last-layer.ts. */
export interface LastLayerInputs {
  /** `[K]` */
  readonly tokens: Node;
  /** `[T]` */
  readonly kept: Node;
  /** `[G, R]` */
  readonly slots: Node;
  /** `[K]` */
  readonly places: Node;
  /** `[G, 1, 1, R, S]` */
  readonly mask: Node;
}

export function lastLayerInputs(): LastLayerInputs {
  return {
    tokens: input('last.tokens', ['K'], 'int32'),
    kept: input('last.kept', ['T'], 'int32'),
    slots: input('last.slots', ['G', 'R'], 'int32'),
    places: input('last.places', ['K'], 'int32'),
    mask: input('last.mask', ['G', 1, 1, 'R', 'S']),
  };
}

/** The distinct sliding windows of a model's layers. */
export function distinctWindows(config: ModelConfig): (number | null)[] {
  return [...new Set(config.slidingWindows)];
}

const maskName = (stream: Stream, window: number | null) => `${stream}.mask${window === null ? '' : `_window_${window}`}`;

/**
 * Dimensions: policy tokens T, slots S, scored M; partner U, Q, keys Z, scored P; last layer's tokens K, slots R; trees G; rows n. The policy
 * stream's keys are its slots.
 */
export function streamInputs(config: ModelConfig, stream: Stream, headGroups: number): StreamInputs {
  const [tokens, slots, keys, scored] = stream === 'policy' ? ['T', 'S', 'S', 'M'] : ['U', 'Q', 'Z', 'P'];
  const masks = new Map(distinctWindows(config).map((window) => [window, input(maskName(stream, window), ['G', 1, 1, slots, keys])]));
  return {
    ids: input(`${stream}.ids`, [tokens], 'int32'),
    cos: input(`${stream}.cos`, [tokens, config.headDim / 2]),
    sin: input(`${stream}.sin`, [tokens, config.headDim / 2]),
    slots: input(`${stream}.slots`, ['G', slots], 'int32'),
    places: input(`${stream}.places`, [tokens], 'int32'),
    keys: input(`${stream}.keys`, ['G', keys], 'int32'),
    mask: (window) => masks.get(window) as Node,
    scored: Array.from({ length: headGroups }, (_, group) => ({
      sources: input(`${stream}.sources.${group}`, [`${scored}${group}`], 'int32'),
      targets: input(`${stream}.targets.${group}`, [`${scored}${group}`], 'int32'),
      credit: input(`${stream}.credit.${group}`, ['n', `${scored}${group}`]),
    })),
  };
}

export interface PackedFeedOptions {
  /** Tokens of the longest row of the whole batch; "dynamic" rope depends on it. */
  readonly longestRow: number;
  /** As the graph was built. */
  readonly headGroups: number;
}

/** Feeds of both streams and of the last layer. */
export function packedFeeds(config: ModelConfig, packed: PackedTrees, { longestRow, headGroups }: PackedFeedOptions): Feeds {
  const { treeCount, rowCount, policy, partner, lastLayer } = packed;
  // Scored positions point at the last layer's output: kept policy tokens, then partner tokens.
  const keptTokens = lastLayer.tokens.length;
  const remap = (source: number) =>
    source < policy.ids.length ? (lastLayer.kept[source] as number) : source - policy.ids.length + keptTokens;
  const options = { treeCount, rowCount, longestRow, headGroups, remap };
  const mask = lastLayer.mask(policy.masks.get(config.slidingWindows.at(-1) ?? null) as Float32Array);
  return {
    ...streamFeeds(config, 'policy', policy, options),
    ...(partner ? streamFeeds(config, 'partner', partner, options) : {}),
    'last.tokens': intTensor([keptTokens], lastLayer.tokens),
    'last.kept': intTensor([lastLayer.kept.length], lastLayer.kept),
    'last.slots': intTensor([treeCount, lastLayer.slotCount], lastLayer.slots),
    'last.places': intTensor([keptTokens], lastLayer.places),
    'last.mask': floatTensor([treeCount, 1, 1, lastLayer.slotCount, policy.keyCount], mask),
  };
}

interface StreamFeedOptions extends PackedFeedOptions {
  readonly treeCount: number;
  readonly rowCount: number;
  readonly remap: (source: number) => number;
}

function streamFeeds(config: ModelConfig, stream: Stream, packed: PackedStream, options: StreamFeedOptions): Feeds {
  const { treeCount, longestRow, remap } = options;
  const { slotCount, keyCount, scored } = packed;
  const tokens = packed.ids.length;
  const { cos, sin } = ropeTables(config, packed.positions, longestRow);
  const masks = [...packed.masks].map(
    ([window, mask]) => [maskName(stream, window), floatTensor([treeCount, 1, 1, slotCount, keyCount], mask)] as const,
  );
  // A padding key is masked, so any row will do in its place.
  const keys = packed.keys.map((key) => Math.max(key, 0));
  return {
    [`${stream}.ids`]: intTensor([tokens], packed.ids),
    [`${stream}.cos`]: floatTensor([tokens, config.headDim / 2], cos),
    [`${stream}.sin`]: floatTensor([tokens, config.headDim / 2], sin),
    [`${stream}.slots`]: intTensor([treeCount, slotCount], packed.slots),
    [`${stream}.places`]: intTensor([tokens], packed.places),
    [`${stream}.keys`]: intTensor([treeCount, keyCount], keys),
    ...Object.fromEntries(masks),
    ...scoredFeeds(stream, { ...scored, sources: scored.sources.map(remap) }, options),
  };
}

/** Cuts the scored positions into groups of equal size; one that is left empty gets a position that no row is credited with. */
function scoredFeeds(stream: Stream, { sources, targets, rows }: ScoredPositions, { rowCount, headGroups }: StreamFeedOptions): Feeds {
  const size = Math.ceil(sources.length / headGroups);
  const feeds: Record<string, Tensor> = {};
  for (let group = 0; group < headGroups; group++) {
    const cut = (values: Int32Array, filler: number) => {
      const part = values.subarray(group * size, (group + 1) * size);
      return part.length > 0 ? part : Int32Array.of(filler);
    };
    const [from, to, credited] = [cut(sources, 0), cut(targets, 0), cut(rows, -1)];
    feeds[`${stream}.sources.${group}`] = intTensor([from.length], from);
    feeds[`${stream}.targets.${group}`] = intTensor([to.length], to);
    feeds[`${stream}.credit.${group}`] = floatTensor([rowCount, credited.length], creditMatrix(credited, rowCount));
  }
  return feeds;
}

/** Ones where position m is credited to row r, none for row −1; `[n, M]` */
function creditMatrix(rows: Int32Array, rowCount: number): Float32Array {
  const credit = new Float32Array(rowCount * rows.length);
  rows.forEach((row, m) => {
    if (row >= 0) credit[row * rows.length + m] = 1;
  });
  return credit;
}
