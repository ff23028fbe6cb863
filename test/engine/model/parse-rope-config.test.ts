/** @file Rotary settings of config.json: the old spelling, the new one, defaults, and what is refused. */
import { expect, test } from 'vitest';
import { FormatError, UnsupportedModelError } from '#contract/errors.ts';
import { parseModelConfig } from '#engine/model/parse-model-config.ts';

type Json = Readonly<Record<string, unknown>>;

const SMALL: Json = { vocab_size: 64, hidden_size: 64, intermediate_size: 96, num_hidden_layers: 4, num_attention_heads: 4 };
const small = (model_type: string, more: Json = {}) => parseModelConfig({ ...SMALL, model_type, ...more }, 'config.json');

function failure(json: Json): unknown {
  try {
    parseModelConfig(json, 'config.json');
  } catch (error) {
    return error;
  }
  return undefined;
}

const rope = (more: Json) => small('llama', { rope_theta: 5000, ...more }).rope;
const llama3 = { factor: 8, low_freq_factor: 1, high_freq_factor: 4, original_max_position_embeddings: 8192 };

test('are 10000 and plain when nothing is said', () => {
  expect(small('qwen3', { num_key_value_heads: 4 }).rope).toEqual({ type: 'default', theta: 10_000 });
});

test('are the same in the old spelling, the renamed one and the new one', () => {
  const expected = { type: 'linear', theta: 5000, factor: 4 };
  expect(rope({ rope_scaling: { type: 'linear', factor: 4 } })).toEqual(expected);
  expect(rope({ rope_scaling: { rope_type: 'linear', factor: 4 } })).toEqual(expected);
  expect(rope({ rope_parameters: { rope_type: 'linear', factor: 4 } })).toEqual(expected);
  expect(small('llama', { rope_parameters: { rope_type: 'linear', rope_theta: 5000, factor: 4 } }).rope).toEqual(expected);
});

test('a theta inside rope_parameters goes before one outside, rope_type before type, rope_scaling before rope_parameters', () => {
  expect(rope({ rope_parameters: { rope_theta: 1e6 } })).toEqual({ type: 'default', theta: 1e6 });
  expect(rope({ rope_scaling: { rope_type: 'dynamic', type: 'linear', factor: 2 } })).toEqual({
    type: 'dynamic',
    theta: 5000,
    factor: 2,
  });
  const both = { rope_scaling: { type: 'linear', factor: 2 }, rope_parameters: { rope_type: 'default', rope_theta: 1e6 } };
  expect(rope(both)).toEqual({ type: 'linear', theta: 5000, factor: 2 });
  expect(rope({ ...both, rope_scaling: {} })).toEqual({ type: 'default', theta: 1e6 });
});

test('llama3 is read, its original length falling back to the model length', () => {
  const read = { type: 'llama3', theta: 5000, factor: 8, lowFreqFactor: 1, highFreqFactor: 4, originalMaxPositions: 8192 };
  expect(rope({ rope_scaling: { rope_type: 'llama3', ...llama3 } })).toEqual(read);
  const without = { ...llama3, rope_type: 'llama3', original_max_position_embeddings: undefined };
  expect(rope({ rope_scaling: without })).toEqual({ ...read, originalMaxPositions: 2048 });
});

test('yarn takes its defaults, also for a beta of 0', () => {
  const yarn = { rope_type: 'yarn', factor: 4, original_max_position_embeddings: 512, beta_fast: 0 };
  expect(rope({ rope_scaling: yarn })).toEqual({
    type: 'yarn',
    theta: 5000,
    factor: 4,
    originalMaxPositions: 512,
    attentionFactor: null,
    betaFast: 32,
    betaSlow: 1,
    mscale: null,
    mscaleAllDim: null,
    truncate: true,
  });
});

test.each([
  [{ type: 'linear' }, 'needs the number `rope_scaling.factor`, got undefined'],
  [{ type: 'dynamic', factor: null }, 'needs the number `rope_scaling.factor`, got null'],
  [{ type: 'yarn' }, 'needs the number `rope_scaling.factor`'],
  [{ type: 'linear', factor: '4' }, '`rope_scaling.factor` must be a number, got "4"'],
  [{ type: 'linear', factor: 0 }, '`rope_scaling.factor` must be above 0, got 0'],
  [{ type: 'linear', factor: -2 }, '`rope_scaling.factor` must be above 0, got -2'],
  [{ ...llama3, type: 'llama3', low_freq_factor: undefined }, 'needs the number `rope_scaling.low_freq_factor`'],
  [{ ...llama3, type: 'llama3', low_freq_factor: 4 }, '`rope_scaling.high_freq_factor` (4) must be above `low_freq_factor` (4)'],
  [
    { ...llama3, type: 'llama3', original_max_position_embeddings: 0 },
    '`rope_scaling.original_max_position_embeddings` must be at least 1',
  ],
  [{ type: 7 }, '`rope_scaling.type` must be a text, got 7'],
  ['linear', '`rope_scaling` must be an object, got "linear"'],
])('%j is refused', (rope_scaling, message) => {
  const error = failure({ ...SMALL, model_type: 'llama', rope_scaling });
  expect(error).toBeInstanceOf(FormatError);
  expect((error as FormatError).message).toContain(message);
});

test.each([
  { rope_scaling: { type: 'su', factor: 2 } },
  { rope_scaling: { rope_type: 'longrope', short_factor: [1], long_factor: [1] } },
  { rope_scaling: { type: 'mrope', mrope_section: [16, 24, 24] } },
  { rope_parameters: { rope_type: '__proto__' } },
  { partial_rotary_factor: 0.5 },
  { rope_parameters: { rope_type: 'default', partial_rotary_factor: 0.25 } },
  { rope_parameters: { full_attention: { rope_theta: 1e4 }, sliding_attention: { rope_theta: 1e6 } } },
])('%j is unsupported', (more) => {
  expect(failure({ ...SMALL, model_type: 'llama', ...more })).toBeInstanceOf(UnsupportedModelError);
});

test('a theta of 1 or less is refused', () => {
  expect(() => rope({ rope_theta: 1 })).toThrow('`rope_theta` must be above 1, got 1');
});

test('dynamic needs heads of at least 4', () => {
  expect(() => rope({ head_dim: 2, rope_scaling: { type: 'dynamic', factor: 2 } })).toThrow('must be at least 4');
});
