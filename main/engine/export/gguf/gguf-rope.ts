/** @file Rotary embedding in llama.cpp's terms. @see llama.cpp src/llama-model.cpp `load_hparams`, src/llama-context.cpp */
import { UnsupportedModelError } from '#contract/errors.ts';
import type { ModelConfig, RopeConfig } from '#engine/model/model-config.ts';
import { inverseFrequencies } from '#engine/model/rope-tables.ts';
import { float32, string, uint32 } from './gguf-value.ts';
import type { GgufValue } from './gguf-value.ts';

/** llama.cpp has these as constants. */
const YARN_BETA_FAST = 32;
const YARN_BETA_SLOW = 1;

export interface GgufRope {
  /** Keys without the architecture before them. */
  readonly fields: ReadonlyMap<string, GgufValue>;
  /** What each frequency is divided by, for the tensor `rope_freqs.weight`; `[H/2]`, or null. */
  readonly factors: Float32Array | null;
}

/** @throws {UnsupportedModelError} if llama.cpp would rotate by other angles */
export function ggufRope(config: ModelConfig): GgufRope {
  const { rope, architecture } = config;
  const fields = new Map<string, GgufValue>([['rope.freq_base', float32(rope.theta)]]);
  switch (rope.type) {
    case 'default':
    case 'dynamic': // no different from the default up to the trained length, and a GGUF file promises no more
      return { fields, factors: null };
    case 'linear':
      fields.set('rope.scaling.type', string('linear'));
      fields.set('rope.scaling.factor', float32(rope.factor));
      return { fields, factors: null };
    case 'llama3':
      if (architecture !== 'llama' && architecture !== 'mistral') throw unsupported(config, 'llama3 rope');
      return { fields, factors: llama3Factors(config) };
    case 'yarn':
      for (const [key, value] of yarnFields(config, rope)) fields.set(key, value);
      return { fields, factors: null };
    default:
      return rope satisfies never;
  }
}

function llama3Factors(config: ModelConfig): Float32Array {
  const plain = inverseFrequencies({ ...config, rope: { type: 'default', theta: config.rope.theta } }, 1).invFreq;
  const scaled = inverseFrequencies(config, 1).invFreq;
  return plain.map((frequency, pair) => frequency / (scaled[pair] as number));
}

function yarnFields(config: ModelConfig, rope: Extract<RopeConfig, { type: 'yarn' }>): [string, GgufValue][] {
  if (rope.betaFast !== YARN_BETA_FAST || rope.betaSlow !== YARN_BETA_SLOW || !rope.truncate)
    throw unsupported(config, 'yarn rope with other betas');
  const usual = rope.factor <= 1 ? 1 : 0.1 * Math.log(rope.factor) + 1;
  const { attentionScaling } = inverseFrequencies(config, 1);
  return [
    ['rope.scaling.type', string('yarn')],
    ['rope.scaling.factor', float32(rope.factor)],
    ['rope.scaling.original_context_length', uint32(rope.originalMaxPositions)],
    ['rope.scaling.attn_factor', float32(attentionScaling / usual)],
  ];
}

function unsupported({ architecture }: ModelConfig, what: string): UnsupportedModelError {
  return new UnsupportedModelError(
    `This ${architecture} model uses ${what}, which llama.cpp computes in another way; it can be trained and exported as safetensors, but not as GGUF.`,
    { architecture, supported: ['default', 'linear', 'llama3 (llama)', 'yarn'] },
  );
}
