/** @file The raw shape of a Hugging Face config.json: which keys are read, their types and the sizes that are believable. */
import { z } from 'zod';
import { FormatError } from '#contract/errors.ts';

// Far above any published decoder, low enough that products of two of them stay exact and a lying file cannot ask for an absurd graph.
const MAX_VOCABULARY = 2 ** 24;
const MAX_WIDTH = 2 ** 18;
const MAX_LAYERS = 2048;
const MAX_HEADS = 4096;
const MAX_HEAD_DIM = 4096;
const MAX_POSITIONS = 2 ** 31 - 1;

function count(limit: number) {
  return z.int(`must be a whole number from 1 to ${limit}`).min(1, `must be at least 1`).max(limit, `must be at most ${limit}`);
}

function positive(limit: number) {
  return z.number('must be a number').gt(0, 'must be above 0').max(limit, `must be at most ${limit}`);
}

const flag = z.boolean('must be true or false').nullish();
const text = z.string('must be a text');
const finite = z.number('must be a number');

/** `rope_parameters` (new spelling) or `rope_scaling` (old one); which keys are needed depends on the type. */
const ropeSchema = z.looseObject(
  {
    rope_type: text.nullish(),
    type: text.nullish(),
    // The logarithm of theta is a divisor, hence above 1.
    rope_theta: finite.gt(1, 'must be above 1').nullish(),
    partial_rotary_factor: finite.nullish(),
    factor: positive(1e9).nullish(),
    original_max_position_embeddings: count(MAX_POSITIONS).nullish(),
    low_freq_factor: positive(1e9).nullish(),
    high_freq_factor: positive(1e9).nullish(),
    attention_factor: positive(1e9).nullish(),
    beta_fast: finite.min(0, 'must not be negative').nullish(),
    beta_slow: finite.min(0, 'must not be negative').nullish(),
    mscale: finite.nullish(),
    mscale_all_dim: finite.nullish(),
    truncate: flag,
  },
  'must be an object',
);

const configSchema = z.looseObject(
  {
    model_type: text.nullish(),
    architectures: z.array(text, 'must be a list of class names').nullish(),
    vocab_size: count(MAX_VOCABULARY),
    hidden_size: count(MAX_WIDTH),
    intermediate_size: count(MAX_WIDTH * 8),
    num_hidden_layers: count(MAX_LAYERS),
    num_attention_heads: count(MAX_HEADS),
    num_key_value_heads: count(MAX_HEADS).nullish(),
    head_dim: count(MAX_HEAD_DIM).nullish(),
    hidden_act: text.nullish(),
    rms_norm_eps: z.number('must be a number').gt(0, 'must be above 0').lt(1, 'must be below 1').nullish(),
    max_position_embeddings: count(MAX_POSITIONS).nullish(),
    original_max_position_embeddings: count(MAX_POSITIONS).nullish(),
    tie_word_embeddings: flag,
    attention_bias: flag,
    mlp_bias: flag,
    use_sliding_window: flag,
    sliding_window: count(MAX_POSITIONS).nullish(),
    max_window_layers: z.int('must be a whole number').min(0, 'must not be negative').nullish(),
    layer_types: z.array(text, 'must be a list of layer types').nullish(),
    rope_theta: finite.gt(1, 'must be above 1').nullish(),
    partial_rotary_factor: finite.nullish(),
    rope_scaling: ropeSchema.nullish(),
    rope_parameters: ropeSchema.nullish(),
  },
  'must be a JSON object',
);

export type RawModelConfig = z.infer<typeof configSchema>;
export type RawRopeConfig = z.infer<typeof ropeSchema>;

/**
 * Checks the types and ranges of a parsed config.json.
 * @param file - name to put in messages
 * @throws {FormatError} naming the first field that is missing or wrong
 */
export function readRawConfig(json: unknown, file: string): RawModelConfig {
  const result = configSchema.safeParse(json);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const path = issue?.path ?? [];
  const value = valueAt(json, path);
  const field = path.map(String).join('.');
  const limit = issue?.code === 'too_big' ? { limit: Number(issue.maximum) } : {};
  if (field === '')
    throw new FormatError(`${file} must hold a JSON object with the model's settings, got ${describeValue(json)}.`, { file });
  if (value === undefined) {
    throw new FormatError(`${file} has no \`${field}\`, which the model cannot be built without. Download the file again.`, {
      file,
      field,
    });
  }
  const expected = issue?.message ?? 'is not valid';
  throw new FormatError(`In ${file} \`${field}\` ${expected}, got ${describeValue(value)}.`, { file, field, ...limit });
}

/** A value as it can stand in a message: short, whatever the file holds. */
export function describeValue(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  const shown = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return shown.length > 60 ? `${shown.slice(0, 60)}…` : shown;
}

function valueAt(json: unknown, path: readonly PropertyKey[]): unknown {
  let value = json;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Readonly<Record<PropertyKey, unknown>>)[key];
  }
  return value;
}
