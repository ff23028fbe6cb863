/**
 * @file The decoder, once for every supported architecture (llama, mistral, qwen2, qwen3): token-major activations `[T, width]`, weights
 * `[out, in]` as they lie in the file. The policy stream is differentiated; the partner stream reuses its keys and values, detached.
 */
import type { Node } from '#engine/graph/node.ts';
import { add, concat, gather, gatherRows, matMul, reshape, softmax, stopGradient, transpose } from '#engine/graph/operations.ts';
import { recompute as recomputeRegion } from '#engine/graph/recompute.ts';
import { dimAt } from '#engine/graph/shape.ts';
import { embedding, headsFirst, keysAndValues, mlp, norm, outputProjection, projectHeads } from './layer-parts.ts';
import type { KeysValues } from './layer-parts.ts';
import type { Adapters } from './lora.ts';
import type { ModelConfig } from './model-config.ts';
import type { LastLayerInputs, StreamInputs } from './stream-inputs.ts';

/** A stream to compute: its inputs and how its linear modules are adapted. */
export interface DecoderStream {
  readonly inputs: StreamInputs;
  readonly adapters: Adapters;
}

export interface DecoderResult {
  /** Output of the last layer for the tokens it keeps, before the final norm; `[K, D]` */
  readonly policy: Node;
  /** The same (detached), followed by the partner tokens; `[K+U, D]`, or null without a partner stream */
  readonly withPartner: Node | null;
}

export interface DecoderOptions {
  readonly last: LastLayerInputs;
  /** Compute the policy stream's layers again in the backward pass instead of keeping their inner values. */
  readonly recompute: boolean;
}

/** Runs all layers over both streams. */
export function decoder(
  config: ModelConfig,
  policy: DecoderStream,
  partner: DecoderStream | null,
  { last, recompute }: DecoderOptions,
): DecoderResult {
  const table = embedding(config);
  let x = gather(table, policy.inputs.ids); // [T, D], after the last layer [K, D]
  let u = partner ? gather(table, partner.inputs.ids) : null; // [U, D]
  for (let layer = 0; layer < config.layerCount; layer++) {
    const isLast = layer === config.layerCount - 1;
    // The backward pass begins with the last layer, whose values are all still there.
    const policyLayer = recompute && !isLast ? recomputedLayer : decoderLayer;
    const own = policyLayer(config, layer, policy, x, { above: null, kept: isLast ? last : null });
    if (partner && u) {
      const above = { keys: stopGradient(own.keys), values: stopGradient(own.values) };
      u = decoderLayer(config, layer, partner, u, { above, kept: null }).x;
    }
    x = own.x;
  }
  return { policy: x, withPartner: u ? concat([stopGradient(x), u], 0) : null };
}

interface LayerOptions {
  /** Keys and values of another stream that come before this stream's own. */
  readonly above: KeysValues | null;
  /** The tokens to give a result for; null for all. */
  readonly kept: LastLayerInputs | null;
}

function decoderLayer(config: ModelConfig, layer: number, stream: DecoderStream, x: Node, options: LayerOptions): KeysValues & { x: Node } {
  const name = `model.layers.${layer}`;
  const { kept } = options;
  const normed = norm(config, `${name}.input_layernorm`, x); // [T, D]
  const { attended, keys, values } = attention(config, layer, stream, normed, options); // [T or K, D]
  const residual = kept ? gatherRows(x, kept.tokens, kept.kept) : x; // [T or K, D]
  const afterAttention = add(residual, attended);
  const mlpInput = norm(config, `${name}.post_attention_layernorm`, afterAttention);
  const selected = kept ? { ...stream, adapters: stream.adapters.select(kept.tokens) } : stream;
  return { x: add(afterAttention, mlp(config, `${name}.mlp`, selected, mlpInput)), keys, values }; // [T or K, D]
}

/** The same, but only its inputs are kept for the backward pass. Keys and values must be used without gradient. */
function recomputedLayer(
  config: ModelConfig,
  layer: number,
  stream: DecoderStream,
  x: Node,
  options: LayerOptions,
): KeysValues & { x: Node } {
  const { trainable } = stream.adapters;
  const names = [...trainable.keys()].filter((key) => key.startsWith(`model.layers.${layer}.`));
  const body = ([input, ...factors]: readonly Node[]): readonly Node[] => {
    const adapters = stream.adapters.rebind(new Map(names.map((key, i) => [key, factors[i] as Node])));
    const result = decoderLayer(config, layer, { ...stream, adapters }, input as Node, options);
    return [result.x, result.keys, result.values];
  };
  const [out, keys, values] = recomputeRegion(body, [x, ...names.map((key) => trainable.get(key) as Node)]) as [Node, Node, Node];
  return { x: out, keys, values };
}

function attention(
  config: ModelConfig,
  layer: number,
  stream: DecoderStream,
  x: Node,
  { above, kept }: LayerOptions,
): KeysValues & { attended: Node } {
  const { queryHeads, keyValueHeads, headDim } = config;
  const name = `model.layers.${layer}.self_attn`;
  const queryWidth = queryHeads * headDim;
  const { keys, values } = keysAndValues(config, name, stream, x); // [T, K·H]
  const asking = queryStream(config, layer, stream, kept);
  const queries = projectHeads(config, `${name}.q`, asking.stream, kept ? gatherRows(x, kept.tokens, kept.kept) : x); // [T or K, N·H]

  // Packed tokens are spread over one row of slots per tree, so that a token's scores are with its own tree only.
  const { inputs } = stream;
  const spread = (tokens: Node) => (above ? gather(tokens, inputs.keys) : gatherRows(tokens, inputs.slots, inputs.places));
  const allKeys = spread(above ? concat([above.keys, keys], 0) : keys); // [G, Z, K·H]
  const allValues = spread(above ? concat([above.values, values], 0) : values); // [G, Z, K·H]
  const q = headsFirst(gatherRows(queries, asking.slots, asking.places), keyValueHeads, queryHeads / keyValueHeads, headDim); // [G, K, N/K, S, H]
  const k = headsFirst(allKeys, keyValueHeads, 1, headDim); // [G, K, 1, Z, H]
  const v = headsFirst(allValues, keyValueHeads, 1, headDim); // [G, K, 1, Z, H]
  const scores = add(matMul(q, k, { transB: true, alpha: 1 / Math.sqrt(headDim) }), asking.mask); // [G, K, N/K, S, Z]
  const mixed = transpose(matMul(softmax(scores), v), [0, 3, 1, 2, 4]); // [G, S, K, N/K, H]
  const [groups, slots] = [dimAt(mixed.shape, 0), dimAt(mixed.shape, 1)];
  const packed = gatherRows(reshape(mixed, [groups, slots, queryWidth]), asking.places, asking.slots); // [T or K, N·H]
  return { attended: outputProjection(config, name, asking.stream, packed), keys, values }; // [T or K, D]
}

/** The tokens that ask, where they stand, and what they may see. */
function queryStream(config: ModelConfig, layer: number, stream: DecoderStream, kept: LastLayerInputs | null) {
  const { inputs, adapters } = stream;
  if (!kept) return { stream, slots: inputs.slots, places: inputs.places, mask: inputs.mask(config.slidingWindows[layer] ?? null) };
  const selected = { ...inputs, cos: gather(inputs.cos, kept.tokens), sin: gather(inputs.sin, kept.tokens) };
  return { stream: { inputs: selected, adapters: adapters.select(kept.tokens) }, slots: kept.slots, places: kept.places, mask: kept.mask };
}
