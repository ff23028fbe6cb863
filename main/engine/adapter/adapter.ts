/** @file A LoRA adapter in memory: its configuration and the two factors of every adapted module. */
import type { LoraConfig } from './lora-config.ts';

/** Row-major; `data` has `rows · cols` values. */
export interface Matrix {
  readonly data: Float32Array;
  readonly rows: number;
  readonly cols: number;
}

export interface LoraFactorPair {
  /** A, `[R, in]` */
  readonly loraA: Matrix;
  /** B, `[out, R]` */
  readonly loraB: Matrix;
}

export interface Adapter {
  readonly config: LoraConfig;
  /** By module path in the Hugging Face model: `model.layers.0.self_attn.q_proj`. */
  readonly tensors: ReadonlyMap<string, LoraFactorPair>;
}
