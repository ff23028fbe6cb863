/**
 * @file The parts of a decoder layer that do not depend on which tokens attend to which: norms, projections, rotation, MLP. Token-major activations
 * `[T, width]`, weights `[out, in]` as they lie in the file. Training and generation put them together with an attention of their own.
 */
import type { Node } from '#engine/graph/node.ts';
import { add, matMul, mul, parameter, reshape, rmsNormalization, rotaryEmbedding, silu, transpose } from '#engine/graph/operations.ts';
import { dimAt } from '#engine/graph/shape.ts';
import type { Adapters } from './lora.ts';
import type { ModelConfig } from './model-config.ts';

/** Tokens to compute: how they are rotated (`[T, H/2]` each), and how the linear modules are adapted. */
export interface LayerTokens {
  readonly inputs: { readonly cos: Node; readonly sin: Node };
  readonly adapters: Adapters;
}

/** Keys and values of a stream's tokens, rotated; `[T, K·H]` each. */
export interface KeysValues {
  readonly keys: Node;
  readonly values: Node;
}

/** @param name `….self_attn` @param x normed; `[T, D]` */
export function keysAndValues(config: ModelConfig, name: string, tokens: LayerTokens, x: Node): KeysValues {
  const { hiddenSize, keyValueHeads, headDim, qkvBias } = config;
  const size = { inFeatures: hiddenSize, outFeatures: keyValueHeads * headDim, bias: qkvBias };
  return { keys: projectHeads(config, `${name}.k`, tokens, x), values: linear(tokens, `${name}.v_proj`, x, size) };
}

/** Queries or keys: projected, normalised per head (qwen3), rotated. @param part `….self_attn.q` or `….self_attn.k` */
export function projectHeads(config: ModelConfig, part: string, tokens: LayerTokens, x: Node): Node {
  const { hiddenSize, queryHeads, keyValueHeads, headDim, qkvBias } = config;
  const heads = part.endsWith('.q') ? queryHeads : keyValueHeads;
  const projected = linear(tokens, `${part}_proj`, x, { inFeatures: hiddenSize, outFeatures: heads * headDim, bias: qkvBias });
  return rotaryEmbedding(headNorm(config, `${part}_norm`, projected), tokens.inputs.cos, tokens.inputs.sin, headDim);
}

/** `[G, S, K·P·H]` → `[G, K, P, S, H]` */
export function headsFirst(x: Node, keyHeads: number, perKeyHead: number, headDim: number): Node {
  const [groups, slots] = [dimAt(x.shape, 0), dimAt(x.shape, 1)];
  return transpose(reshape(x, [groups, slots, keyHeads, perKeyHead, headDim]), [0, 2, 3, 1, 4]);
}

/** @param name `….self_attn` @param mixed what the heads attended to; `[T, N·H]` @returns `[T, D]` */
export function outputProjection(config: ModelConfig, name: string, tokens: LayerTokens, mixed: Node): Node {
  const { queryHeads, headDim, hiddenSize, outputBias } = config;
  return linear(tokens, `${name}.o_proj`, mixed, { inFeatures: queryHeads * headDim, outFeatures: hiddenSize, bias: outputBias });
}

/** @param name `….mlp` @param x normed; `[T, D]` @returns `[T, D]` */
export function mlp(config: ModelConfig, name: string, tokens: LayerTokens, x: Node): Node {
  const { hiddenSize, intermediateSize, mlpBias: bias } = config;
  const up = { inFeatures: hiddenSize, outFeatures: intermediateSize, bias };
  const gated = mul(silu(linear(tokens, `${name}.gate_proj`, x, up)), linear(tokens, `${name}.up_proj`, x, up)); // [T, F]
  return linear(tokens, `${name}.down_proj`, gated, { inFeatures: intermediateSize, outFeatures: hiddenSize, bias }); // [T, D]
}

export function norm(config: ModelConfig, name: string, x: Node): Node {
  return rmsNormalization(x, parameter(`${name}.weight`, [config.hiddenSize]), config.rmsNormEps);
}

/** Norm before the language-model head. */
export function finalNorm(config: ModelConfig, x: Node): Node {
  return norm(config, 'model.norm', x);
}

/** `[V, D]` */
export function embedding(config: ModelConfig): Node {
  return parameter('model.embed_tokens.weight', [config.vocabSize, config.hiddenSize]);
}

/** y = x·Wᵀ (+ b), plus the adapter's part. */
function linear({ adapters }: LayerTokens, name: string, x: Node, size: { inFeatures: number; outFeatures: number; bias: boolean }): Node {
  const weight = parameter(`${name}.weight`, [size.outFeatures, size.inFeatures]);
  const product = matMul(x, weight, { transB: true }); // [T, out]
  const y = size.bias ? add(product, parameter(`${name}.bias`, [size.outFeatures])) : product;
  return adapters.apply(name, x, y);
}

/** qwen3 normalises each head of q and k before the rotation; the others leave them as they are. */
function headNorm(config: ModelConfig, name: string, x: Node): Node {
  if (!config.qkNorm) return x;
  const { headDim, rmsNormEps } = config;
  const [tokens, width] = [dimAt(x.shape, 0), dimAt(x.shape, 1)];
  const heads = reshape(x, [tokens, (width as number) / headDim, headDim]); // [T, heads, H]
  return reshape(rmsNormalization(heads, parameter(`${name}.weight`, [headDim]), rmsNormEps), [tokens, width]); // [T, heads·H]
}
