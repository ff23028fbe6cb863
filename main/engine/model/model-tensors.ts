/** @file The tensors a decoder is made of: their Hugging Face names, their shapes, and where a checkpoint stores them. */
import { FormatError } from '#contract/errors.ts';
import type { ModelConfig } from './model-config.ts';

const EMBEDDING = 'model.embed_tokens.weight';
const LM_HEAD = 'lm_head.weight';
// Enough to recognise what is missing, few enough to read.
const LISTED_NAMES = 3;

/** Width of the input and output of a linear module; its weight is stored `[out, in]`. */
export interface LinearSize {
  readonly in: number;
  readonly out: number;
}

/**
 * The linear modules of all layers, by full module name without `.weight`; the LM head is not among them (it is never adapted).
 * @returns in the order of computation, layer by layer
 */
export function linearModules(config: ModelConfig): ReadonlyMap<string, LinearSize> {
  const { hiddenSize, intermediateSize, layerCount, queryHeads, keyValueHeads, headDim } = config;
  const sizes: readonly (readonly [string, LinearSize])[] = [
    ['self_attn.q_proj', { in: hiddenSize, out: queryHeads * headDim }],
    ['self_attn.k_proj', { in: hiddenSize, out: keyValueHeads * headDim }],
    ['self_attn.v_proj', { in: hiddenSize, out: keyValueHeads * headDim }],
    ['self_attn.o_proj', { in: queryHeads * headDim, out: hiddenSize }],
    ['mlp.gate_proj', { in: hiddenSize, out: intermediateSize }],
    ['mlp.up_proj', { in: hiddenSize, out: intermediateSize }],
    ['mlp.down_proj', { in: intermediateSize, out: hiddenSize }],
  ];
  const modules = new Map<string, LinearSize>();
  for (let layer = 0; layer < layerCount; layer += 1) {
    for (const [name, size] of sizes) modules.set(`model.layers.${layer}.${name}`, size);
  }
  return modules;
}

/**
 * Every tensor the decoder reads, `lm_head.weight` included even where it shares the embedding's values.
 * @returns shape by Hugging Face name; linear weights are `[out, in]`, the embedding and the LM head `[V, D]`
 */
export function modelTensors(config: ModelConfig): ReadonlyMap<string, readonly number[]> {
  const { vocabSize, hiddenSize, layerCount, headDim, qkNorm } = config;
  const shapes = new Map<string, readonly number[]>([[EMBEDDING, [vocabSize, hiddenSize]]]);
  for (let layer = 0; layer < layerCount; layer += 1) {
    const prefix = `model.layers.${layer}`;
    shapes.set(`${prefix}.input_layernorm.weight`, [hiddenSize]);
    shapes.set(`${prefix}.post_attention_layernorm.weight`, [hiddenSize]);
    if (qkNorm) {
      shapes.set(`${prefix}.self_attn.q_norm.weight`, [headDim]);
      shapes.set(`${prefix}.self_attn.k_norm.weight`, [headDim]);
    }
  }
  for (const [module, size] of linearModules(config)) {
    shapes.set(`${module}.weight`, [size.out, size.in]);
    if (hasBias(config, module)) shapes.set(`${module}.bias`, [size.out]);
  }
  shapes.set('model.norm.weight', [hiddenSize]);
  shapes.set(LM_HEAD, [vocabSize, hiddenSize]);
  return shapes;
}

/**
 * Finds each needed tensor in a checkpoint. Tied models store the embedding or the LM head or both; where both are stored each is
 * used as it is, since Transformers ties them only if they are equal. Names may lack `model.` (a checkpoint of the bare decoder).
 * Tensors that the decoder does not need (old rotary buffers, other heads) are ignored.
 * @param available - what the checkpoint stores, by name
 * @param file - the checkpoint's name, for messages
 * @returns stored name by needed name, for every name of `modelTensors`
 * @throws {FormatError} if tensors are missing or have another shape than config.json calls for
 */
export function resolveModelTensors(
  config: ModelConfig,
  available: ReadonlyMap<string, { readonly shape: readonly number[] }>,
  file: string,
): ReadonlyMap<string, string> {
  const needed = modelTensors(config);
  const resolved = new Map<string, string>();
  const missing: string[] = [];
  for (const name of needed.keys()) {
    const stored = storedNames(config, name).find((candidate) => available.has(candidate));
    if (stored === undefined) missing.push(name);
    else resolved.set(name, stored);
  }
  if (missing.length > 0) throw missingError(config, missing, needed.size, file);
  checkShapes(needed, resolved, available, file);
  return resolved;
}

function hasBias(config: ModelConfig, module: string): boolean {
  if (module.includes('.mlp.')) return config.mlpBias;
  return module.endsWith('.o_proj') ? config.outputBias : config.qkvBias;
}

/** Names under which a checkpoint may hold a tensor, best first. */
function storedNames(config: ModelConfig, name: string): readonly string[] {
  const bare = (full: string): readonly string[] => [full, full.replace(/^model\./, '')];
  const tiedTo = config.tieWordEmbeddings ? { [LM_HEAD]: EMBEDDING, [EMBEDDING]: LM_HEAD }[name] : undefined;
  return tiedTo === undefined ? bare(name) : [...bare(name), ...bare(tiedTo)];
}

function missingError(config: ModelConfig, missing: readonly string[], neededCount: number, file: string): FormatError {
  const listed = missing.slice(0, LISTED_NAMES).join(', ') + (missing.length > LISTED_NAMES ? ', …' : '');
  const found = `${file} lacks ${missing.length} of the ${neededCount} tensors of a ${config.layerCount}-layer ${config.architecture} model (${listed})`;
  const onlyHead = missing.length === 1 && missing[0] === LM_HEAD;
  const advice = onlyHead
    ? 'If the model shares its embedding with the output, set `tie_word_embeddings` to true in config.json; otherwise download the model again.'
    : 'The checkpoint is incomplete or of another architecture; download the whole model again.';
  return new FormatError(`${found}. ${advice}`, { file, field: missing[0] ?? LM_HEAD });
}

function checkShapes(
  needed: ReadonlyMap<string, readonly number[]>,
  resolved: ReadonlyMap<string, string>,
  available: ReadonlyMap<string, { readonly shape: readonly number[] }>,
  file: string,
): void {
  for (const [name, stored] of resolved) {
    const expected = needed.get(name) ?? [];
    const got = available.get(stored)?.shape ?? [];
    if (got.length === expected.length && got.every((size, axis) => size === expected[axis])) continue;
    const message = `${stored} in ${file} has the shape [${got.join(', ')}], but config.json calls for [${expected.join(', ')}].`;
    throw new FormatError(`${message} The two files do not belong together; download the whole model again.`, { file, field: stored });
  }
}
