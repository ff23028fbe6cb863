/**
 * @file Rotary settings of a config.json. Transformers 5 writes `rope_parameters`; older ones `rope_theta` and `rope_scaling`
 * (whose `type` was later called `rope_type`). Both are read the way transformers 5.18 does (modeling_rope_utils.py).
 */
import { FormatError, UnsupportedModelError } from '#contract/errors.ts';
import { SUPPORTED_ARCHITECTURES } from './architectures.ts';
import { describeValue, type RawModelConfig, type RawRopeConfig } from './config-schema.ts';
import type { Architecture, RopeConfig } from './model-config.ts';

const DEFAULT_THETA = 10_000;
const SUPPORTED_TYPES = ['default', 'linear', 'dynamic', 'llama3', 'yarn'];

interface RopeSource {
  readonly raw: RawModelConfig;
  readonly architecture: Architecture;
  readonly maxPositions: number;
  readonly file: string;
}

/**
 * @returns the rotary settings with Transformers' defaults filled in
 * @throws {FormatError} if a factor that the type needs is missing or impossible
 * @throws {UnsupportedModelError} for another type, a partial rotation, or settings per layer type
 */
export function parseRopeConfig(source: RopeSource): RopeConfig {
  const { raw } = source;
  const [key, rope] = chooseSpelling(raw);
  refuseVariants(source, key, rope);
  const theta = rope.rope_theta ?? raw.rope_theta ?? DEFAULT_THETA;
  const type = rope.rope_type ?? rope.type ?? 'default';
  // A length outside the rope settings wins: Transformers copies it over them when the frequencies are computed.
  const originalMaxPositions = raw.original_max_position_embeddings ?? rope.original_max_position_embeddings ?? source.maxPositions;
  const need = (name: 'factor' | 'low_freq_factor' | 'high_freq_factor'): number =>
    required(rope[name], `${key}.${name}`, type, source.file);
  switch (type) {
    case 'default':
      return { type, theta };
    case 'linear':
    case 'dynamic':
      return { type, theta, factor: need('factor') };
    case 'llama3': {
      const lowFreqFactor = need('low_freq_factor');
      const highFreqFactor = need('high_freq_factor');
      if (highFreqFactor <= lowFreqFactor) {
        const field = `${key}.high_freq_factor`;
        const message = `In ${source.file} \`${field}\` (${highFreqFactor}) must be above \`low_freq_factor\` (${lowFreqFactor}).`;
        throw new FormatError(message, { file: source.file, field });
      }
      return { type, theta, factor: need('factor'), lowFreqFactor, highFreqFactor, originalMaxPositions };
    }
    case 'yarn':
      return {
        type,
        theta,
        // Some models give only the two lengths; their ratio is the factor.
        factor: rope.factor ?? (originalMaxPositions === source.maxPositions ? need('factor') : source.maxPositions / originalMaxPositions),
        originalMaxPositions,
        attentionFactor: rope.attention_factor ?? null,
        // `||`, as in Transformers: 0 means the default too.
        betaFast: rope.beta_fast || 32,
        betaSlow: rope.beta_slow || 1,
        mscale: rope.mscale ?? null,
        mscaleAllDim: rope.mscale_all_dim ?? null,
        truncate: rope.truncate ?? true,
      };
    default:
      throw unsupported(source.architecture, `${source.file} asks for the rotary embedding type "${type}" (\`${key}\`)`);
  }
}

/** `rope_scaling`, when it holds something, goes before `rope_parameters`. */
function chooseSpelling(raw: RawModelConfig): [key: 'rope_scaling' | 'rope_parameters', rope: RawRopeConfig] {
  const scaling = raw.rope_scaling;
  if (scaling && Object.keys(scaling).length > 0) return ['rope_scaling', scaling];
  return ['rope_parameters', raw.rope_parameters ?? {}];
}

function refuseVariants({ raw, architecture, file }: RopeSource, key: string, rope: RawRopeConfig): void {
  const partial = rope.partial_rotary_factor ?? raw.partial_rotary_factor ?? 1;
  if (partial !== 1) throw unsupported(architecture, `${file} rotates only a part of each head (\`partial_rotary_factor\` ${partial})`);
  for (const layerType of ['full_attention', 'sliding_attention']) {
    if (rope[layerType] !== undefined)
      throw unsupported(architecture, `${file} has rotary settings per layer type (\`${key}.${layerType}\`)`);
  }
}

function required(value: number | null | undefined, field: string, type: string, file: string): number {
  if (typeof value === 'number') return value;
  throw new FormatError(`In ${file} the rotary embedding type "${type}" needs the number \`${field}\`, got ${describeValue(value)}.`, {
    file,
    field,
  });
}

function unsupported(architecture: Architecture, found: string): UnsupportedModelError {
  return new UnsupportedModelError(`${found}, which is not supported. Supported types: ${SUPPORTED_TYPES.join(', ')}, over whole heads.`, {
    architecture,
    supported: SUPPORTED_ARCHITECTURES,
  });
}
