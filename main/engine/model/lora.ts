/**
 * @file Low-rank adapters inside a decoder graph, as PEFT defines them: y = x·Wᵀ + s·(x·Aᵀ)·Bᵀ, with A `[R, in]` and B `[out, R]`.
 *
 * Two ways to differentiate: with respect to A and B; or per row, where each row of the batch gets its own copy of A and B, so that one backward
 * pass gives the gradient of every row's log-probability and the weights of the rows may be decided afterwards.
 */
import type { Node } from '#engine/graph/node.ts';
import { add, gather, input, matMul, mul } from '#engine/graph/operations.ts';
import { productOfDims } from '#engine/graph/shape.ts';

/** One adapted linear module. */
export interface LoraModule {
  /** Module path in the Hugging Face model: `model.layers.0.self_attn.q_proj`. */
  readonly name: string;
  readonly inFeatures: number;
  readonly outFeatures: number;
  /** R */
  readonly rank: number;
  /** s: alpha / R, or alpha / √R for rank-stabilised LoRA. */
  readonly scaling: number;
}

export const loraInputName = (module: string, factor: 'lora_A' | 'lora_B'): string => `${module}.${factor}.weight`;

/** Adds the adapter's part to a linear module's result; streams may differ in how they do it. */
export interface Adapters {
  /** @param x `[T, in]` @param y `[T, out]`, the frozen module's result @returns `[T, out]` */
  apply(module: string, x: Node, y: Node): Node;
  /** The same adapter for a selection of the tokens. @param tokens `[K]` */
  select(tokens: Node): Adapters;
  /** The same adapter with other nodes in place of some of `trainable`. */
  rebind(replaced: ReadonlyMap<string, Node>): Adapters;
  /** Nodes to differentiate with respect to, by the name of the gradient. */
  readonly trainable: ReadonlyMap<string, Node>;
}

/** A and B of every module, as inputs of the graph by name. */
export type LoraFactors = ReadonlyMap<string, Node>;

export function loraFactors(modules: readonly LoraModule[]): LoraFactors {
  return new Map(
    modules.flatMap(({ name, rank, inFeatures, outFeatures }) => [
      [loraInputName(name, 'lora_A'), input(loraInputName(name, 'lora_A'), [rank, inFeatures])],
      [loraInputName(name, 'lora_B'), input(loraInputName(name, 'lora_B'), [outFeatures, rank])],
    ]),
  );
}

export const noAdapters: Adapters = {
  apply: (_module, _x, y) => y,
  select: () => noAdapters,
  rebind: () => noAdapters,
  trainable: new Map(),
};

/** Plain LoRA, differentiated with respect to A and B. */
export function loraAdapters(modules: readonly LoraModule[], factors: LoraFactors): Adapters {
  const byName = new Map(modules.map((module) => [module.name, module]));
  const adapters: Adapters = {
    trainable: factors,
    select: () => adapters, // every token is treated alike
    rebind: (replaced) => loraAdapters(modules, new Map([...factors, ...replaced])),
    apply(name, x, y) {
      const module = byName.get(name);
      if (!module) return y;
      const [a, b] = factorsOf(factors, name);
      return add(y, matMul(matMul(x, a, { transB: true }), b, { transB: true, alpha: module.scaling })); // [T, out]
    },
  };
  return adapters;
}

/**
 * LoRA with a copy of A and B per row of the batch (`n` rows): gradients come out as `[n·R, in]` and `[out, n·R]`.
 * Needs `row_of_token` and the matrices of `perRowMatrices` as inputs.
 */
export function perRowLoraAdapters(modules: readonly LoraModule[], factors: LoraFactors): Adapters {
  const byName = new Map(modules.map((module) => [module.name, module]));
  const membership = input('row_of_token', ['T', 'n']);
  const ranks = [...new Set(modules.map(({ rank }) => rank))];
  const perRank = new Map(
    ranks.map((rank) => {
      const copies = productOfDims([rank, 'n']);
      const stack = input(`stack_rank_${rank}`, [copies, rank]); // n identities of R above each other
      const spread = input(`spread_rank_${rank}`, ['n', copies]); // row i has ones in columns i·R … (i+1)·R
      return [rank, { stack, mask: matMul(membership, spread) }] as const; // mask [T, n·R]
    }),
  );
  const copied = new Map<string, Node>();
  for (const { name, rank } of modules) {
    const { stack } = perRank.get(rank) as { stack: Node };
    const [a, b] = factorsOf(factors, name);
    copied.set(loraInputName(name, 'lora_A'), matMul(stack, a)); // [n·R, in]
    copied.set(loraInputName(name, 'lora_B'), matMul(b, stack, { transB: true })); // [out, n·R]
  }
  const masks = new Map([...perRank].map(([rank, { mask }]) => [rank, mask]));
  return copiedAdapters(byName, copied, masks);
}

/** @param masks - by rank, `[T, n·R]`: a row's tokens only in its own columns */
function copiedAdapters(
  byName: ReadonlyMap<string, LoraModule>,
  copied: ReadonlyMap<string, Node>,
  masks: ReadonlyMap<number, Node>,
): Adapters {
  return {
    trainable: copied,
    rebind: (replaced) => copiedAdapters(byName, new Map([...copied, ...replaced]), masks),
    select: (tokens) => copiedAdapters(byName, copied, new Map([...masks].map(([rank, mask]) => [rank, gather(mask, tokens)]))),
    apply(name, x, y) {
      const module = byName.get(name);
      if (!module) return y;
      const [a, b] = factorsOf(copied, name);
      const inner = mul(matMul(x, a, { transB: true }), masks.get(module.rank) as Node); // [T, n·R]
      return add(y, matMul(inner, b, { transB: true, alpha: module.scaling })); // [T, out]
    },
  };
}

/** Host-side matrices for `perRowLoraAdapters`, for `n` rows and one rank. */
export function perRowMatrices(rows: number, rank: number): { stack: Float32Array; spread: Float32Array } {
  const stack = new Float32Array(rows * rank * rank);
  const spread = new Float32Array(rows * rows * rank);
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < rank; k++) {
      stack[(row * rank + k) * rank + k] = 1;
      spread[row * rows * rank + row * rank + k] = 1;
    }
  }
  return { stack, spread };
}

function factorsOf(nodes: ReadonlyMap<string, Node>, module: string): [Node, Node] {
  return [nodes.get(loraInputName(module, 'lora_A')) as Node, nodes.get(loraInputName(module, 'lora_B')) as Node];
}
