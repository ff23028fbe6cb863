/** @file What a GGUF file says about a model's shape. @see llama.cpp gguf-py/gguf/constants.py `Keys.LLM` */
import { UnsupportedModelError } from '#contract/errors.ts';
import type { ModelConfig } from '#engine/model/model-config.ts';
import { LLAMA_FTYPE } from './gguf-dtype.ts';
import type { GgufDtype } from './gguf-dtype.ts';
import { ggufArchitecture } from './gguf-names.ts';
import { ggufRope } from './gguf-rope.ts';
import { float32, string, uint32 } from './gguf-value.ts';
import type { GgufMetadata, GgufValue } from './gguf-value.ts';

export interface ModelDescription {
  readonly config: ModelConfig;
  readonly dtype: GgufDtype;
  /** For people. */
  readonly name: string;
}

/** @throws {UnsupportedModelError} if llama.cpp can't compute this model */
export function ggufModelMetadata({ config, dtype, name }: ModelDescription): GgufMetadata {
  checkBiases(config);
  const architecture = ggufArchitecture(config.architecture);
  const own: readonly (readonly [string, GgufValue])[] = [
    ['context_length', uint32(ggufContextLength(config))],
    ['embedding_length', uint32(config.hiddenSize)],
    ['block_count', uint32(config.layerCount)],
    ['feed_forward_length', uint32(config.intermediateSize)],
    ['attention.head_count', uint32(config.queryHeads)],
    ['attention.head_count_kv', uint32(config.keyValueHeads)],
    ['attention.key_length', uint32(config.headDim)],
    ['attention.value_length', uint32(config.headDim)],
    ['attention.layer_norm_rms_epsilon', float32(config.rmsNormEps)],
    ['rope.dimension_count', uint32(config.headDim)],
    ...ggufRope(config).fields,
    ['vocab_size', uint32(config.vocabSize)],
  ];
  return new Map([
    ['general.architecture', string(architecture)],
    ['general.type', string('model')],
    ['general.name', string(name)],
    ['general.file_type', uint32(LLAMA_FTYPE[dtype])],
    ['general.quantization_version', uint32(2)],
    ...own.map(([key, value]) => [`${architecture}.${key}`, value] as const),
  ]);
}

/**
 * Tokens for which llama.cpp computes what the model was trained to: its graphs for these architectures have no sliding windows, so a model with one is
 * limited to it.
 */
export function ggufContextLength({ maxPositions, slidingWindows }: Pick<ModelConfig, 'maxPositions' | 'slidingWindows'>): number {
  return slidingWindows.reduce<number>((least, window) => Math.min(least, window ?? least), maxPositions);
}

/** llama.cpp's graphs of qwen2 and qwen3 leave these biases out. */
function checkBiases({ architecture, outputBias, mlpBias }: ModelConfig): void {
  if (architecture === 'llama' || architecture === 'mistral' || (!outputBias && !mlpBias)) return;
  throw new UnsupportedModelError(
    `This ${architecture} model has biases on o_proj or in its feed-forward layers, which llama.cpp leaves out; it can be trained and exported as safetensors, but not as GGUF.`,
    { architecture, supported: ['llama', 'mistral'] },
  );
}
