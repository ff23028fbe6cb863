/** @file The decoder architectures that can be built, and what Transformers assumes where their config.json says nothing. */
import type { Architecture } from './model-config.ts';

/** Values of the Transformers config class that differ between architectures (transformers 5.18, models/<name>/configuration_<name>.py). */
export interface ArchitectureDefaults {
  /** Class name stem: `<stem>ForCausalLM` in `architectures`. */
  readonly classStem: string;
  /** `num_key_value_heads` when the key is absent; null means as many as query heads. */
  readonly keyValueHeads: number | null;
  /** `head_dim` when absent; null means hidden size / query heads. */
  readonly headDim: number | null;
  /** `max_position_embeddings` when absent. */
  readonly maxPositions: number;
}

export const ARCHITECTURES: Readonly<Record<Architecture, ArchitectureDefaults>> = {
  llama: { classStem: 'Llama', keyValueHeads: null, headDim: null, maxPositions: 2048 },
  mistral: { classStem: 'Mistral', keyValueHeads: 8, headDim: null, maxPositions: 131_072 },
  qwen2: { classStem: 'Qwen2', keyValueHeads: 32, headDim: null, maxPositions: 32_768 },
  qwen3: { classStem: 'Qwen3', keyValueHeads: 32, headDim: 128, maxPositions: 32_768 },
};

export const SUPPORTED_ARCHITECTURES: readonly Architecture[] = ['llama', 'mistral', 'qwen2', 'qwen3'];

/** Narrows a `model_type` to one that can be built. */
export function isArchitecture(name: string): name is Architecture {
  return Object.hasOwn(ARCHITECTURES, name);
}
