/**
 * @file Rotary position embedding (arXiv:2104.09864) and its long-context variants, rounded to float32 at the same places as
 * transformers 5.18 modeling_rope_utils.py on the CPU, so that the angles agree to the last bit or two.
 */
import type { ModelConfig, RopeConfig } from './model-config.ts';

const f32 = Math.fround;

export interface InverseFrequencies {
  /** Radians per position; shape `[H/2]` */
  readonly invFreq: Float32Array;
  /** Factor on cosines and sines; 1 except for yarn. */
  readonly attentionScaling: number;
}

type RopeOf<Type extends RopeConfig['type']> = Extract<RopeConfig, { type: Type }>;

/**
 * @param sequenceLength - longest sequence of the batch, tokens; only "dynamic" depends on it
 * @see transformers/modeling_rope_utils.py ROPE_INIT_FUNCTIONS
 */
export function inverseFrequencies(config: ModelConfig, sequenceLength: number): InverseFrequencies {
  const { rope, headDim } = config;
  switch (rope.type) {
    case 'default':
      return { invFreq: plain(rope.theta, headDim), attentionScaling: 1 };
    case 'linear':
      return { invFreq: plain(rope.theta, headDim).map((frequency) => frequency / f32(rope.factor)), attentionScaling: 1 };
    case 'dynamic':
      return { invFreq: plain(dynamicBase(rope, config, sequenceLength), headDim), attentionScaling: 1 };
    case 'llama3':
      return { invFreq: plain(rope.theta, headDim).map((frequency) => llama3(rope, frequency)), attentionScaling: 1 };
    case 'yarn':
      return { invFreq: yarn(rope, headDim), attentionScaling: yarnAttentionScaling(rope) };
    default:
      return rope satisfies never;
  }
}

/**
 * Cosines and sines that rotate queries and keys; the second half of a head uses the same values as the first.
 * @param positions - position of each token; shape `[T]`
 * @param sequenceLength - longest sequence of the batch, tokens
 * @returns shape `[T, H/2]` each, multiplied by the attention scaling
 */
export function ropeTables(config: ModelConfig, positions: Int32Array, sequenceLength: number): { cos: Float32Array; sin: Float32Array } {
  const { invFreq, attentionScaling } = inverseFrequencies(config, sequenceLength);
  const scaling = f32(attentionScaling);
  const half = invFreq.length;
  const cos = new Float32Array(positions.length * half); // [T, H/2]
  const sin = new Float32Array(positions.length * half); // [T, H/2]
  for (const [token, position] of positions.entries()) {
    for (const [pair, frequency] of invFreq.entries()) {
      const angle = f32(f32(position) * frequency);
      cos[token * half + pair] = f32(Math.cos(angle)) * scaling;
      sin[token * half + pair] = f32(Math.sin(angle)) * scaling;
    }
  }
  return { cos, sin };
}

/** base ^ (2i / H); shape `[H/2]`. The exponent is a float32 quotient and torch.pow takes the base as float32. */
function wavelengths(base: number, headDim: number): Float32Array {
  return Float32Array.from({ length: headDim / 2 }, (_, pair) => Math.pow(f32(base), f32((2 * pair) / headDim)));
}

function plain(base: number, headDim: number): Float32Array {
  return wavelengths(base, headDim).map((length) => 1 / length);
}

/** Neural-tangent-kernel stretching: no effect up to `max_position_embeddings`, then a larger base the longer the sequence. */
function dynamicBase(rope: RopeOf<'dynamic'>, { headDim, maxPositions }: ModelConfig, sequenceLength: number): number {
  const exponent = headDim / (headDim - 2);
  const { factor, theta } = rope;
  // At construction Transformers computes in Python floats; when a longer batch comes, with a float32 tensor.
  if (sequenceLength <= maxPositions) return theta * Math.pow((factor * maxPositions) / maxPositions - (factor - 1), exponent);
  const stretched = f32(f32(f32(factor * sequenceLength) / f32(maxPositions)) - f32(factor - 1));
  return f32(f32(theta) * f32(Math.pow(stretched, exponent)));
}

/** Llama 3.1: long wavelengths are divided by the factor, short ones kept, those between interpolated. */
function llama3(rope: RopeOf<'llama3'>, frequency: number): number {
  const { factor, lowFreqFactor, highFreqFactor, originalMaxPositions } = rope;
  const wavelength = scalarOver(2 * Math.PI, frequency);
  if (wavelength > f32(originalMaxPositions / lowFreqFactor)) return f32(frequency / f32(factor));
  if (wavelength < f32(originalMaxPositions / highFreqFactor)) return frequency;
  const turns = f32(scalarOver(originalMaxPositions, wavelength) - f32(lowFreqFactor));
  const smooth = f32(turns / f32(highFreqFactor - lowFreqFactor));
  const divided = f32(f32(f32(1 - smooth) * frequency) / f32(factor));
  return f32(divided + f32(smooth * frequency));
}

/** YaRN (arXiv:2309.00071): a ramp over the head from the plain frequencies to the divided ones. */
function yarn(rope: RopeOf<'yarn'>, headDim: number): Float32Array {
  const [low, high] = yarnRange(rope, headDim);
  const width = f32(high === low ? 0.001 : high - low);
  return wavelengths(rope.theta, headDim).map((length, pair) => {
    const extrapolated = f32(1 / length);
    const interpolated = f32(1 / f32(f32(rope.factor) * length));
    const ramp = Math.min(Math.max(f32(f32(pair - f32(low)) / width), 0), 1);
    const kept = f32(1 - ramp);
    return f32(f32(interpolated * f32(1 - kept)) + f32(extrapolated * kept));
  });
}

/** Pairs that turn `betaFast` and `betaSlow` times over the original length: the ends of the ramp. */
function yarnRange(
  { theta, originalMaxPositions, betaFast, betaSlow, truncate }: RopeOf<'yarn'>,
  headDim: number,
): [low: number, high: number] {
  const pairTurning = (turns: number): number => (headDim * Math.log(originalMaxPositions / (turns * 2 * Math.PI))) / (2 * Math.log(theta));
  const low = pairTurning(betaFast);
  const high = pairTurning(betaSlow);
  return [Math.max(truncate ? Math.floor(low) : low, 0), Math.min(truncate ? Math.ceil(high) : high, headDim - 1)];
}

function yarnAttentionScaling({ factor, attentionFactor, mscale, mscaleAllDim }: RopeOf<'yarn'>): number {
  if (attentionFactor !== null) return attentionFactor;
  const scaleBy = (weight: number): number => (factor <= 1 ? 1 : 0.1 * weight * Math.log(factor) + 1);
  // Both or neither, and 0 counts as absent.
  return mscale && mscaleAllDim ? scaleBy(mscale) / scaleBy(mscaleAllDim) : scaleBy(1);
}

/** `scalar / tensor` as torch does it: the float32 reciprocal times the scalar. */
function scalarOver(scalar: number, value: number): number {
  return f32(f32(1 / value) * f32(scalar));
}
