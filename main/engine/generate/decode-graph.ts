/**
 * @file The decoder for generating: the keys and values of earlier tokens come in, those of the new tokens go out, and so do the logits after the
 * last new token of each sequence. The layers are put together from the parts that training uses.
 *
 * There are two graphs: `prompt` takes any number of tokens per sequence, `token` exactly one, and then no token has to be moved anywhere.
 */
import { makeGraph } from '#engine/graph/graph.ts';
import type { Graph } from '#engine/graph/graph.ts';
import type { Node } from '#engine/graph/node.ts';
import { add, gather, gatherRows, input } from '#engine/graph/operations.ts';
import { allLogits } from '#engine/model/head.ts';
import { embedding, keysAndValues, mlp, norm, outputProjection, projectHeads } from '#engine/model/layer-parts.ts';
import type { KeysValues, LayerTokens } from '#engine/model/layer-parts.ts';
import type { Adapters } from '#engine/model/lora.ts';
import type { ModelConfig } from '#engine/model/model-config.ts';
import { distinctWindows } from '#engine/model/stream-inputs.ts';
import { promptAttention, singleTokenAttention } from './cached-attention.ts';
import type { Attention } from './cached-attention.ts';

export type DecodeGraphKind = 'prompt' | 'token';

/** Names of inputs and outputs. */
export const DECODE = {
  ids: 'ids',
  cos: 'cos',
  sin: 'sin',
  slots: 'slots',
  places: 'places',
  last: 'last',
  logits: 'logits',
  cachedMask: (window: number | null) => `cached_mask${window === null ? '' : `_window_${window}`}`,
  ownMask: (window: number | null) => `own_mask${window === null ? '' : `_window_${window}`}`,
  cached: (part: 'keys' | 'values', layer: number) => `cached.${layer}.${part}`,
  added: (part: 'keys' | 'values', layer: number) => `added.${layer}.${part}`,
} as const;

/** Dimensions: sequences R, new tokens T (R of them in the graph `token`), slots per sequence S, room of the cache Z. */
export function decodeGraph(config: ModelConfig, adapters: Adapters, kind: DecodeGraphKind): Graph {
  const tokenCount = kind === 'token' ? 'R' : 'T';
  const rotation = [tokenCount, config.headDim / 2];
  const tokens: LayerTokens = { inputs: { cos: input(DECODE.cos, rotation), sin: input(DECODE.sin, rotation) }, adapters };
  const attention = kind === 'token' ? tokenAttention(config) : spreadAttention(config);
  const cacheShape =
    kind === 'token' ? ['R', config.keyValueHeads, 'Z', config.headDim] : ['R', config.keyValueHeads, 1, 'Z', config.headDim];
  const outputs: Record<string, Node> = {};
  let x = gather(embedding(config), input(DECODE.ids, [tokenCount], 'int32')); // [T, D]
  for (let layer = 0; layer < config.layerCount; layer++) {
    const cached = { keys: input(DECODE.cached('keys', layer), cacheShape), values: input(DECODE.cached('values', layer), cacheShape) };
    const result = cachedLayer(config, layer, { tokens, attention, cached, x });
    outputs[DECODE.added('keys', layer)] = result.added.keys;
    outputs[DECODE.added('values', layer)] = result.added.values;
    x = result.x;
  }
  const last = kind === 'token' ? x : gather(x, input(DECODE.last, ['R'], 'int32')); // [R, D]
  outputs[DECODE.logits] = allLogits(config, last); // [R, V]
  return makeGraph(outputs);
}

interface LayerInputs {
  readonly tokens: LayerTokens;
  readonly attention: Attention;
  readonly cached: KeysValues;
  /** `[T, D]` */
  readonly x: Node;
}

function cachedLayer(config: ModelConfig, layer: number, { tokens, attention, cached, x }: LayerInputs): { x: Node; added: KeysValues } {
  const name = `model.layers.${layer}`;
  const attentionName = `${name}.self_attn`;
  const normed = norm(config, `${name}.input_layernorm`, x); // [T, D]
  const { keys, values } = keysAndValues(config, attentionName, tokens, normed); // [T, K·H]
  const queries = projectHeads(config, `${attentionName}.q`, tokens, normed); // [T, N·H]
  const { mixed, added } = attention.attend({ queries, keys, values }, cached, config.slidingWindows[layer] ?? null);
  const afterAttention = add(x, outputProjection(config, attentionName, tokens, mixed)); // [T, D]
  const mlpInput = norm(config, `${name}.post_attention_layernorm`, afterAttention);
  return { x: add(afterAttention, mlp(config, `${name}.mlp`, tokens, mlpInput)), added };
}

function tokenAttention(config: ModelConfig): Attention {
  return singleTokenAttention(config, maskInputs(config, DECODE.cachedMask, ['R', 1, 1, 'Z']));
}

function spreadAttention(config: ModelConfig): Attention {
  const slots = input(DECODE.slots, ['R', 'S'], 'int32');
  const places = input(DECODE.places, ['T'], 'int32');
  return promptAttention(config, {
    spread: (x) => gatherRows(x, slots, places),
    pack: (x) => gatherRows(x, places, slots),
    ownMask: maskInputs(config, DECODE.ownMask, ['R', 1, 1, 'S', 'S']),
    cachedMask: maskInputs(config, DECODE.cachedMask, ['R', 1, 1, 'S', 'Z']),
  });
}

function maskInputs(config: ModelConfig, name: (window: number | null) => string, shape: readonly (string | number)[]) {
  const masks = new Map(distinctWindows(config).map((window) => [window, input(name(window), shape)]));
  return (window: number | null): Node => masks.get(window) as Node;
}
