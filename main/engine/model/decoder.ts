/**
 * @file The decoder, once for every supported architecture (llama, mistral, qwen2, qwen3): token-major activations `[T, width]`, weights
 * `[out, in]` as they lie in the file. The policy stream is differentiated; the partner stream reuses its keys and values, detached.
 */
import type { Node } from '#engine/graph/node.ts';
import {
  add,
  concat,
  gather,
  gatherRows,
  matMul,
  mul,
  parameter,
  reshape,
  rmsNormalization,
  rotaryEmbedding,
  silu,
  softmax,
  stopGradient,
  transpose,
} from '#engine/graph/operations.ts';
import { dimAt } from '#engine/graph/shape.ts';
import type { Adapters } from './lora.ts';
import type { ModelConfig } from './model-config.ts';
import type { StreamInputs } from './stream-inputs.ts';

/** A stream to compute: its inputs and how its linear modules are adapted. */
export interface DecoderStream {
  readonly inputs: StreamInputs;
  readonly adapters: Adapters;
}

export interface DecoderResult {
  /** Residual stream after the last layer, before the final norm; `[T, D]` */
  readonly policy: Node;
  /** Policy tokens (detached) followed by partner tokens; `[T+U, D]`, or null without a partner stream */
  readonly withPartner: Node | null;
}

/** Runs all layers over both streams. */
export function decoder(config: ModelConfig, policy: DecoderStream, partner: DecoderStream | null): DecoderResult {
  const embedding = parameter('model.embed_tokens.weight', [config.vocabSize, config.hiddenSize]);
  let x = gather(embedding, policy.inputs.ids); // [T, D]
  let u = partner ? gather(embedding, partner.inputs.ids) : null; // [U, D]
  for (let layer = 0; layer < config.layerCount; layer++) {
    const own = decoderLayer(config, layer, policy, x, null);
    if (partner && u) {
      const shared = { keys: stopGradient(own.keys), values: stopGradient(own.values) };
      u = decoderLayer(config, layer, partner, u, shared).x;
    }
    x = own.x;
  }
  return { policy: x, withPartner: u ? concat([stopGradient(x), u], 0) : null };
}

/** Keys and values of a stream's tokens, rotated; `[T, K·H]` each. */
interface KeysValues {
  readonly keys: Node;
  readonly values: Node;
}

/** @param above - keys and values of another stream that come before this stream's own */
function decoderLayer(
  config: ModelConfig,
  layer: number,
  stream: DecoderStream,
  x: Node,
  above: KeysValues | null,
): KeysValues & { x: Node } {
  const name = `model.layers.${layer}`;
  const normed = norm(config, `${name}.input_layernorm`, x); // [T, D]
  const { attended, keys, values } = attention(config, layer, stream, normed, above);
  const afterAttention = add(x, attended); // [T, D]
  const mlpInput = norm(config, `${name}.post_attention_layernorm`, afterAttention); // [T, D]
  return { x: add(afterAttention, mlp(config, `${name}.mlp`, stream, mlpInput)), keys, values }; // [T, D]
}

function attention(
  config: ModelConfig,
  layer: number,
  stream: DecoderStream,
  x: Node,
  above: KeysValues | null,
): KeysValues & { attended: Node } {
  const { queryHeads, keyValueHeads, headDim, hiddenSize, qkvBias, outputBias } = config;
  const { inputs } = stream;
  const name = `model.layers.${layer}.self_attn`;
  const [queryWidth, keyWidth] = [queryHeads * headDim, keyValueHeads * headDim];
  const project = (part: string, width: number) =>
    linear(stream, `${name}.${part}`, x, { inFeatures: hiddenSize, outFeatures: width, bias: qkvBias });
  const rotate = (part: string, heads: Node) =>
    rotaryEmbedding(headNorm(config, `${name}.${part}`, heads), inputs.cos, inputs.sin, headDim);

  const queries = rotate('q_norm', project('q_proj', queryWidth)); // [T, N·H]
  const keys = rotate('k_norm', project('k_proj', keyWidth)); // [T, K·H]
  const values = project('v_proj', keyWidth); // [T, K·H]

  // Packed tokens are spread over one row of slots per tree, so that a token's scores are with its own tree only.
  const [groups, slots] = [dimAt(inputs.slots.shape, 0), dimAt(inputs.slots.shape, 1)];
  const perKeyHead = queryHeads / keyValueHeads;
  const spread = (tokens: Node) => (above ? gather(tokens, inputs.keys) : gatherRows(tokens, inputs.slots, inputs.places)); // [G, Z, K·H]
  const allKeys = spread(above ? concat([above.keys, keys], 0) : keys); // [G, Z, K·H]
  const allValues = spread(above ? concat([above.values, values], 0) : values); // [G, Z, K·H]
  const q = headsFirst(gatherRows(queries, inputs.slots, inputs.places), keyValueHeads, perKeyHead, headDim); // [G, K, N/K, S, H]
  const k = headsFirst(allKeys, keyValueHeads, 1, headDim); // [G, K, 1, Z, H]
  const v = headsFirst(allValues, keyValueHeads, 1, headDim); // [G, K, 1, Z, H]
  const scores = add(matMul(q, k, { transB: true, alpha: 1 / Math.sqrt(headDim) }), inputs.mask(config.slidingWindows[layer] ?? null)); // [G, K, N/K, S, Z]
  const mixed = transpose(matMul(softmax(scores), v), [0, 3, 1, 2, 4]); // [G, S, K, N/K, H]
  const packed = gatherRows(reshape(mixed, [groups, slots, queryWidth]), inputs.places, inputs.slots); // [T, N·H]

  const attended = linear(stream, `${name}.o_proj`, packed, { inFeatures: queryWidth, outFeatures: hiddenSize, bias: outputBias }); // [T, D]
  return { attended, keys, values };
}

/** `[G, S, K·P·H]` → `[G, K, P, S, H]` */
function headsFirst(x: Node, keyHeads: number, perKeyHead: number, headDim: number): Node {
  const [groups, slots] = [dimAt(x.shape, 0), dimAt(x.shape, 1)];
  return transpose(reshape(x, [groups, slots, keyHeads, perKeyHead, headDim]), [0, 2, 3, 1, 4]);
}

function mlp({ hiddenSize, intermediateSize, mlpBias: bias }: ModelConfig, name: string, stream: DecoderStream, x: Node): Node {
  const up = { inFeatures: hiddenSize, outFeatures: intermediateSize, bias };
  const gated = mul(silu(linear(stream, `${name}.gate_proj`, x, up)), linear(stream, `${name}.up_proj`, x, up)); // [T, F]
  return linear(stream, `${name}.down_proj`, gated, { inFeatures: intermediateSize, outFeatures: hiddenSize, bias }); // [T, D]
}

/** y = x·Wᵀ (+ b), plus the adapter's part. */
function linear(stream: DecoderStream, name: string, x: Node, size: { inFeatures: number; outFeatures: number; bias: boolean }): Node {
  const weight = parameter(`${name}.weight`, [size.outFeatures, size.inFeatures]);
  const product = matMul(x, weight, { transB: true }); // [T, out]
  const y = size.bias ? add(product, parameter(`${name}.bias`, [size.outFeatures])) : product;
  return stream.adapters.apply(name, x, y);
}

function norm(config: ModelConfig, name: string, x: Node): Node {
  return rmsNormalization(x, parameter(`${name}.weight`, [config.hiddenSize]), config.rmsNormEps);
}

/** qwen3 normalises each head of q and k before the rotation; the others leave them as they are. */
function headNorm(config: ModelConfig, name: string, x: Node): Node {
  if (!config.qkNorm) return x;
  const { headDim, rmsNormEps } = config;
  const [tokens, width] = [dimAt(x.shape, 0), dimAt(x.shape, 1)];
  const heads = reshape(x, [tokens, (width as number) / headDim, headDim]); // [T, heads, H]
  return reshape(rmsNormalization(heads, parameter(`${name}.weight`, [headDim]), rmsNormEps), [tokens, width]); // [T, heads·H]
}

/** Norm before the language-model head. */
export function finalNorm(config: ModelConfig, x: Node): Node {
  return norm(config, 'model.norm', x);
}
