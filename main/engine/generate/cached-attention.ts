/**
 * @file Attention of new tokens to the cached ones before them and to each other. The cache is read where it lies and never copied: the two parts
 * have a softmax in common, put together from their maxima and sums.
 */
import type { Node } from '#engine/graph/node.ts';
import { add, div, exp, matMul, reduceMax, reduceSum, relu, reshape, sub, transpose } from '#engine/graph/operations.ts';
import { dimAt } from '#engine/graph/shape.ts';
import { headsFirst } from '#engine/model/layer-parts.ts';
import type { KeysValues } from '#engine/model/layer-parts.ts';
import type { ModelConfig } from '#engine/model/model-config.ts';

/** What the queries of a layer attend to besides the new tokens: keys (rotated) and values of a cache with room for Z tokens; `[R, K, (1,) Z, H]` each. */
export type CachedLayer = KeysValues;

/** What a layer computes for the new tokens, `T` in all. */
export interface NewTokens extends KeysValues {
  /** `[T, N·H]` */
  readonly queries: Node;
}

export interface AttentionResult {
  /** `[T, N·H]` */
  readonly mixed: Node;
  /** Keys and values of the new tokens as the cache holds them; `[R, K, (1,) S, H]` each */
  readonly added: KeysValues;
}

/** How the new tokens of a layer find what they may see. */
export interface Attention {
  attend(fresh: NewTokens, cached: CachedLayer, window: number | null): AttentionResult;
}

/** One new token per sequence, T = R: no token has to be moved. @param mask hides what is not there (any more); `[R, 1, 1, Z]` */
export function singleTokenAttention(config: ModelConfig, mask: (window: number | null) => Node): Attention {
  const { queryHeads, keyValueHeads, headDim } = config;
  const perKeyHead = queryHeads / keyValueHeads;
  return {
    attend({ queries, keys, values }, cached, window) {
      const rows = dimAt(queries.shape, 0);
      const q = reshape(queries, [rows, keyValueHeads, perKeyHead, headDim]); // [R, K, N/K, H]
      const added = {
        keys: reshape(keys, [rows, keyValueHeads, 1, headDim]), // [R, K, 1, H]
        values: reshape(values, [rows, keyValueHeads, 1, headDim]), // [R, K, 1, H]
      };
      const mixed = attendToBoth(config, q, { own: added, ownMask: null, cached, cachedMask: mask(window) }); // [R, K, N/K, H]
      return { mixed: reshape(mixed, [rows, queryHeads * headDim]), added };
    },
  };
}

/** Several tokens per sequence, as many as each has; all query heads of a key head look through an axis of size 1. */
export interface SpreadTokens {
  /** `[T, W]` → `[R, S, W]` */
  spread(tokens: Node): Node;
  /** `[R, S, W]` → `[T, W]` */
  pack(slots: Node): Node;
  /** `[R, 1, 1, S, S]` */
  ownMask(window: number | null): Node;
  /** `[R, 1, 1, S, Z]` */
  cachedMask(window: number | null): Node;
}

export function promptAttention(config: ModelConfig, tokens: SpreadTokens): Attention {
  const { queryHeads, keyValueHeads, headDim } = config;
  return {
    attend({ queries, keys, values }, cached, window) {
      const q = headsFirst(tokens.spread(queries), keyValueHeads, queryHeads / keyValueHeads, headDim); // [R, K, N/K, S, H]
      const added = {
        keys: headsFirst(tokens.spread(keys), keyValueHeads, 1, headDim), // [R, K, 1, S, H]
        values: headsFirst(tokens.spread(values), keyValueHeads, 1, headDim), // [R, K, 1, S, H]
      };
      const parts = { own: added, ownMask: tokens.ownMask(window), cached, cachedMask: tokens.cachedMask(window) };
      const mixed = transpose(attendToBoth(config, q, parts), [0, 3, 1, 2, 4]); // [R, S, K, N/K, H]
      const [rows, slots] = [dimAt(mixed.shape, 0), dimAt(mixed.shape, 1)];
      return { mixed: tokens.pack(reshape(mixed, [rows, slots, queryHeads * headDim])), added };
    },
  };
}

interface Parts {
  readonly own: KeysValues;
  /** Null where every new token sees all of its own part. */
  readonly ownMask: Node | null;
  readonly cached: KeysValues;
  readonly cachedMask: Node;
}

/**
 * softmax([a, b])·[V; U] = (exp(a − m)·V + exp(b − m)·U) / (Σ exp(a − m) + Σ exp(b − m)) with m the greater of the two maxima. A token sees itself,
 * so the maximum of its own part is a real score; m begins with it, because of the two only the other may be that of hidden keys alone.
 * @param q `[…, S, H]`
 */
function attendToBoth({ headDim }: ModelConfig, q: Node, { own, ownMask, cached, cachedMask }: Parts): Node {
  const scores = (keys: Node) => matMul(q, keys, { transB: true, alpha: 1 / Math.sqrt(headDim) });
  const a = add(scores(cached.keys), cachedMask); // […, S, Z]
  const bare = scores(own.keys); // […, S, S]
  const b = ownMask ? add(bare, ownMask) : bare; // […, S, S]
  const [topA, topB] = [reduceMax(a, [-1], { keepDims: true }), reduceMax(b, [-1], { keepDims: true })]; // […, S, 1]
  const top = add(topB, relu(sub(topA, topB)));
  const [weightsA, weightsB] = [exp(sub(a, top)), exp(sub(b, top))];
  const total = add(reduceSum(weightsA, [-1], { keepDims: true }), reduceSum(weightsB, [-1], { keepDims: true })); // […, S, 1]
  return div(add(matMul(weightsA, cached.values), matMul(weightsB, own.values)), total); // […, S, H]
}
