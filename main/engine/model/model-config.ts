/** @file What the decoder builder needs to know about a model: the fields of config.json, checked and completed. */

export type Architecture = 'llama' | 'mistral' | 'qwen2' | 'qwen3';

/** Rotary position embedding; field names are Transformers' `rope_parameters` in camelCase. */
export type RopeConfig =
  | { readonly type: 'default'; readonly theta: number }
  | { readonly type: 'linear'; readonly theta: number; readonly factor: number }
  /** Stretches only sequences longer than `maxPositions`. */
  | { readonly type: 'dynamic'; readonly theta: number; readonly factor: number }
  | {
      readonly type: 'llama3';
      readonly theta: number;
      readonly factor: number;
      readonly lowFreqFactor: number;
      readonly highFreqFactor: number;
      readonly originalMaxPositions: number;
    }
  | {
      readonly type: 'yarn';
      readonly theta: number;
      readonly factor: number;
      readonly originalMaxPositions: number;
      readonly attentionFactor: number | null;
      readonly betaFast: number;
      readonly betaSlow: number;
      readonly mscale: number | null;
      readonly mscaleAllDim: number | null;
      readonly truncate: boolean;
    };

export interface ModelConfig {
  readonly architecture: Architecture;
  /** V */
  readonly vocabSize: number;
  /** D */
  readonly hiddenSize: number;
  readonly intermediateSize: number;
  /** L */
  readonly layerCount: number;
  /** N */
  readonly queryHeads: number;
  /** K, a divisor of N */
  readonly keyValueHeads: number;
  /** H; not always D / N */
  readonly headDim: number;
  readonly rmsNormEps: number;
  readonly maxPositions: number;
  readonly tieWordEmbeddings: boolean;
  /** Bias on q_proj, k_proj and v_proj (llama `attention_bias`; always in qwen2). */
  readonly qkvBias: boolean;
  /** Bias on o_proj (llama and qwen3 `attention_bias`; never in qwen2). */
  readonly outputBias: boolean;
  /** Bias on gate_proj, up_proj and down_proj (llama `mlp_bias`). */
  readonly mlpBias: boolean;
  /** RMS norm over each head of q and k before the rotation (qwen3). */
  readonly qkNorm: boolean;
  /** Per layer: number of most recent positions a token may attend to (itself included), or null for all. */
  readonly slidingWindows: readonly (number | null)[];
  readonly rope: RopeConfig;
}
