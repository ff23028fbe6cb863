/** @file config.json of every architecture, in the old and the new spelling, and hostile ones. */
import { describe, expect, test } from 'vitest';
import { FormatError, UnsupportedModelError } from '#contract/errors.ts';
import { parseModelConfig } from '#engine/model/parse-model-config.ts';

type Json = Readonly<Record<string, unknown>>;

/** TinyLlama-1.1B's file as published: `rope_scaling`, no `head_dim`. */
const TINY_LLAMA: Json = {
  architectures: ['LlamaForCausalLM'],
  attention_bias: false,
  hidden_act: 'silu',
  hidden_size: 2048,
  intermediate_size: 5632,
  max_position_embeddings: 2048,
  model_type: 'llama',
  num_attention_heads: 32,
  num_hidden_layers: 22,
  num_key_value_heads: 4,
  pretraining_tp: 1,
  rms_norm_eps: 1e-5,
  rope_scaling: null,
  rope_theta: 10_000,
  tie_word_embeddings: false,
  torch_dtype: 'bfloat16',
  transformers_version: '4.35.0',
  use_cache: true,
  vocab_size: 32_000,
};

const SMALL: Json = { vocab_size: 64, hidden_size: 64, intermediate_size: 96, num_hidden_layers: 4, num_attention_heads: 4 };
const parse = (json: unknown) => parseModelConfig(json, 'config.json');
const small = (model_type: string, more: Json = {}) => parse({ ...SMALL, model_type, ...more });

function failure(json: unknown): unknown {
  try {
    parse(json);
  } catch (error) {
    return error;
  }
  return undefined;
}

test('TinyLlama is read completely', () => {
  expect(parse(TINY_LLAMA)).toEqual({
    architecture: 'llama',
    vocabSize: 32_000,
    hiddenSize: 2048,
    intermediateSize: 5632,
    layerCount: 22,
    queryHeads: 32,
    keyValueHeads: 4,
    headDim: 64,
    rmsNormEps: 1e-5,
    maxPositions: 2048,
    tieWordEmbeddings: false,
    qkvBias: false,
    outputBias: false,
    mlpBias: false,
    qkNorm: false,
    slidingWindows: Array.from({ length: 22 }, () => null),
    rope: { type: 'default', theta: 10_000 },
  });
});

describe('absent keys take the default of the architecture', () => {
  test('llama: as many key/value heads as query heads, 2048 positions', () => {
    expect(small('llama')).toMatchObject({ keyValueHeads: 4, headDim: 16, maxPositions: 2048, rmsNormEps: 1e-6, tieWordEmbeddings: false });
  });

  test('mistral: 8 key/value heads, 131072 positions, a window of 4096', () => {
    expect(small('mistral', { num_attention_heads: 16 })).toMatchObject({
      keyValueHeads: 8,
      headDim: 4,
      maxPositions: 131_072,
      slidingWindows: [4096, 4096, 4096, 4096],
    });
  });

  test('qwen2: 32 key/value heads, biases on q, k and v alone, no window', () => {
    expect(small('qwen2', { num_attention_heads: 32 })).toMatchObject({
      keyValueHeads: 32,
      headDim: 2,
      maxPositions: 32_768,
      qkvBias: true,
      outputBias: false,
      slidingWindows: [null, null, null, null],
    });
  });

  test('qwen3: heads of 128 whatever the hidden size, q/k norms', () => {
    expect(small('qwen3', { num_attention_heads: 64 })).toMatchObject({ keyValueHeads: 32, headDim: 128, qkNorm: true, qkvBias: false });
  });

  test('a null num_key_value_heads means as many as query heads', () => {
    expect(small('mistral', { num_key_value_heads: null }).keyValueHeads).toBe(4);
  });

  test('an absent default that does not fit is explained', () => {
    expect(() => small('qwen2')).toThrow(
      'In config.json `num_key_value_heads` must divide `num_attention_heads` (4), got 32 (the default of qwen2, since the key is absent).',
    );
  });
});

test('attention_bias covers q, k, v and o in llama and qwen3, and means nothing elsewhere', () => {
  expect(small('llama', { attention_bias: true, mlp_bias: true })).toMatchObject({ qkvBias: true, outputBias: true, mlpBias: true });
  expect(small('qwen3', { attention_bias: true, mlp_bias: true, num_key_value_heads: 4 })).toMatchObject({
    outputBias: true,
    mlpBias: false,
  });
  expect(small('mistral', { attention_bias: true, num_key_value_heads: 4 })).toMatchObject({ qkvBias: false, outputBias: false });
  expect(small('qwen2', { attention_bias: false, num_key_value_heads: 4 })).toMatchObject({ qkvBias: true, outputBias: false });
});

test('an explicit head_dim wins over hidden size / heads (Mistral-Nemo)', () => {
  expect(small('mistral', { num_key_value_heads: 2, head_dim: 24 }).headDim).toBe(24);
  expect(small('llama', { num_attention_heads: 3, head_dim: 24 }).headDim).toBe(24);
});

describe('sliding windows', () => {
  const qwen = (more: Json) => small('qwen2', { num_key_value_heads: 4, sliding_window: 16, ...more }).slidingWindows;

  test('mistral applies its window to every layer; null switches it off; llama has none', () => {
    expect(small('mistral', { num_key_value_heads: 4, sliding_window: 16 }).slidingWindows).toEqual([16, 16, 16, 16]);
    expect(small('mistral', { num_key_value_heads: 4, sliding_window: null }).slidingWindows).toEqual([null, null, null, null]);
    expect(small('llama', { sliding_window: 16 }).slidingWindows).toEqual([null, null, null, null]);
  });

  test('qwen applies it from max_window_layers on, and only if use_sliding_window says so', () => {
    expect(qwen({ use_sliding_window: true, max_window_layers: 3 })).toEqual([null, null, null, 16]);
    expect(qwen({ use_sliding_window: true })).toEqual([null, null, null, null]); // the default starts at layer 28
    expect(qwen({ use_sliding_window: false, max_window_layers: 0 })).toEqual([null, null, null, null]);
    expect(qwen({ max_window_layers: 0 })).toEqual([null, null, null, null]);
    expect(qwen({ use_sliding_window: true, max_window_layers: 0, sliding_window: null })).toEqual([null, null, null, null]);
  });

  test('layer_types win over max_window_layers', () => {
    const layer_types = ['sliding_attention', 'full_attention', 'attention', 'sliding_attention'];
    expect(qwen({ use_sliding_window: true, max_window_layers: 0, layer_types })).toEqual([16, null, null, 16]);
  });

  test.each([
    [['full_attention'], 'must have one entry for each of the 4 layers (`num_hidden_layers`), got 1'],
    [Array.from({ length: 4 }, () => 'linear_attention'), 'may hold "full_attention" and "sliding_attention", got "linear_attention"'],
    [Array.from({ length: 4 }, () => 'sliding_attention'), 'switches it off'],
  ])('layer_types %j are refused', (layer_types, message) => {
    expect(() => qwen({ layer_types })).toThrow(message);
  });
});

describe('unsupported models say what is supported', () => {
  test.each([
    [
      { model_type: 'gemma2' },
      'config.json describes a model of the type "gemma2", which is not supported. Supported: llama, mistral, qwen2, qwen3.',
    ],
    [{ model_type: 'constructor' }, '"constructor"'],
    [
      { ...TINY_LLAMA, architectures: ['LlamaForSequenceClassification'] },
      'a "LlamaForSequenceClassification" (`architectures`), not a LlamaForCausalLM',
    ],
    [{ ...TINY_LLAMA, hidden_act: 'gelu' }, 'the activation "gelu" (`hidden_act`) instead of silu'],
    [{ ...TINY_LLAMA, quantization_config: { quant_method: 'gptq' } }, 'Use the unquantised model.'],
  ])('%#', (json, message) => {
    const error = failure(json);
    expect(error).toBeInstanceOf(UnsupportedModelError);
    expect((error as UnsupportedModelError).message).toContain(message);
    expect((error as UnsupportedModelError).details['supported']).toEqual(['llama', 'mistral', 'qwen2', 'qwen3']);
  });
});

test('the bare decoder class, a null quantization_config and "swish" are accepted', () => {
  expect(parse({ ...TINY_LLAMA, architectures: ['LlamaModel'], quantization_config: null, hidden_act: 'swish' }).layerCount).toBe(22);
});

describe('broken files name the field', () => {
  test.each([
    ['model_type', { model_type: undefined, architectures: undefined }, 'has no `model_type`'],
    ['model_type', { model_type: 5 }, '`model_type` must be a text, got 5'],
    ['architectures', { architectures: ['MistralForCausalLM'] }, 'says MistralForCausalLM, but `model_type` says llama'],
    ['vocab_size', { vocab_size: undefined }, 'config.json has no `vocab_size`'],
    ['vocab_size', { vocab_size: 1e12 }, '`vocab_size` must be at most 16777216, got 1000000000000'],
    ['hidden_size', { hidden_size: '2048' }, 'must be a whole number from 1 to 262144, got "2048"'],
    ['hidden_size', { hidden_size: 2048.5 }, 'must be a whole number'],
    ['hidden_size', { hidden_size: Number.POSITIVE_INFINITY }, 'must be a whole number'],
    ['num_hidden_layers', { num_hidden_layers: 0 }, 'must be at least 1, got 0'],
    ['num_hidden_layers', { num_hidden_layers: -3 }, 'must be at least 1, got -3'],
    ['num_hidden_layers', { num_hidden_layers: 1e6 }, 'must be at most 2048'],
    ['num_attention_heads', { num_attention_heads: null }, 'must be a whole number from 1 to 4096, got null'],
    ['num_attention_heads', { num_attention_heads: 28 }, 'must divide `hidden_size` (2048)'],
    ['num_key_value_heads', { num_key_value_heads: 5 }, 'must divide `num_attention_heads` (32), got 5'],
    ['head_dim', { head_dim: 63 }, 'must be even'],
    ['rms_norm_eps', { rms_norm_eps: 0 }, 'must be above 0, got 0'],
    ['tie_word_embeddings', { tie_word_embeddings: 'no' }, 'must be true or false, got "no"'],
    ['hidden_act', { hidden_act: 3 }, 'must be a text, got 3'],
    ['max_position_embeddings', { max_position_embeddings: [] }, 'must be a whole number from 1 to 2147483647, got a list of 0'],
    ['sliding_window', { sliding_window: 0 }, 'must be at least 1'],
  ])('%s: %j', (field, more, message) => {
    const error = failure({ ...TINY_LLAMA, ...more });
    expect(error).toBeInstanceOf(FormatError);
    expect((error as FormatError).message).toContain(message);
    expect((error as FormatError).details).toMatchObject({ file: 'config.json', field });
  });

  test.each([null, [], 'text', 5, true, [TINY_LLAMA]])('a file that holds %j is not a config', (json) => {
    expect(() => parse(json)).toThrow('config.json must hold a JSON object');
    expect(failure(json)).toBeInstanceOf(FormatError);
  });

  test('a size above the limit tells the limit, and a long value is cut', () => {
    expect((failure({ ...TINY_LLAMA, num_hidden_layers: 1e6 }) as FormatError).details['limit']).toBe(2048);
    expect((failure({ ...TINY_LLAMA, model_type: 'x'.repeat(10_000) }) as Error).message.length).toBeLessThan(300);
  });
});
