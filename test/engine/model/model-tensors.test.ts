/** @file Names and shapes of a decoder's tensors, and finding them in whole, tied, bare and broken checkpoints. */
import { describe, expect, test } from 'vitest';
import { FormatError } from '#contract/errors.ts';
import type { ModelConfig } from '#engine/model/model-config.ts';
import { linearModules, modelTensors, resolveModelTensors } from '#engine/model/model-tensors.ts';
import { parseModelConfig } from '#engine/model/parse-model-config.ts';

function configOf(model_type: string, more: Readonly<Record<string, unknown>> = {}): ModelConfig {
  const sizes = {
    vocab_size: 50,
    hidden_size: 8,
    intermediate_size: 12,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    num_key_value_heads: 2,
  };
  return parseModelConfig({ model_type, ...sizes, head_dim: 6, ...more }, 'config.json');
}

/** A checkpoint that holds exactly what is asked for, with changes. */
function checkpoint(config: ModelConfig, change: (stored: Map<string, { shape: readonly number[] }>) => void = () => {}) {
  const stored = new Map([...modelTensors(config)].map(([name, shape]) => [name, { shape }]));
  change(stored);
  return stored;
}

test('a llama has these tensors', () => {
  expect([...modelTensors(configOf('llama', { num_hidden_layers: 1 }))].sort(([a], [b]) => (a < b ? -1 : 1))).toEqual([
    ['lm_head.weight', [50, 8]],
    ['model.embed_tokens.weight', [50, 8]],
    ['model.layers.0.input_layernorm.weight', [8]],
    ['model.layers.0.mlp.down_proj.weight', [8, 12]],
    ['model.layers.0.mlp.gate_proj.weight', [12, 8]],
    ['model.layers.0.mlp.up_proj.weight', [12, 8]],
    ['model.layers.0.post_attention_layernorm.weight', [8]],
    ['model.layers.0.self_attn.k_proj.weight', [12, 8]],
    ['model.layers.0.self_attn.o_proj.weight', [8, 24]],
    ['model.layers.0.self_attn.q_proj.weight', [24, 8]],
    ['model.layers.0.self_attn.v_proj.weight', [12, 8]],
    ['model.norm.weight', [8]],
  ]);
});

describe('biases and norms', () => {
  const extras = (config: ModelConfig) =>
    [...modelTensors(config)]
      .filter(([name]) => name.startsWith('model.layers.1.') && (name.endsWith('.bias') || /[qk]_norm/.test(name)))
      .map(([name, shape]) => `${name.replace('model.layers.1.', '')} ${shape.join('x')}`);

  test('qwen2 has biases on q, k and v', () => {
    expect(extras(configOf('qwen2'))).toEqual(['self_attn.q_proj.bias 24', 'self_attn.k_proj.bias 12', 'self_attn.v_proj.bias 12']);
  });

  test('qwen3 has q and k norms over a head', () => {
    expect(extras(configOf('qwen3'))).toEqual(['self_attn.q_norm.weight 6', 'self_attn.k_norm.weight 6']);
  });

  test('a llama with both bias options has seven', () => {
    expect(extras(configOf('llama', { attention_bias: true, mlp_bias: true }))).toEqual([
      'self_attn.q_proj.bias 24',
      'self_attn.k_proj.bias 12',
      'self_attn.v_proj.bias 12',
      'self_attn.o_proj.bias 8',
      'mlp.gate_proj.bias 12',
      'mlp.up_proj.bias 12',
      'mlp.down_proj.bias 8',
    ]);
  });
});

test('linear modules are seven a layer, without the LM head', () => {
  const modules = linearModules(configOf('qwen3'));
  expect(modules.size).toBe(14);
  expect(modules.get('model.layers.1.self_attn.o_proj')).toEqual({ in: 24, out: 8 });
  expect(modules.get('model.layers.1.mlp.down_proj')).toEqual({ in: 12, out: 8 });
  expect([...modules.keys()].some((name) => name.includes('lm_head'))).toBe(false);
});

describe('finding the tensors of a checkpoint', () => {
  test('each is found under its own name, and what is not needed is ignored', () => {
    const config = configOf('llama');
    const stored = checkpoint(config, (map) => map.set('model.layers.0.self_attn.rotary_emb.inv_freq', { shape: [3] }));
    const resolved = resolveModelTensors(config, stored, 'model.safetensors');
    expect([...resolved].every(([needed, name]) => needed === name)).toBe(true);
    expect([...resolved.keys()].sort()).toEqual([...modelTensors(config).keys()].sort());
  });

  test('a tied model may store the embedding alone, the LM head alone, or both', () => {
    const config = configOf('qwen2', { tie_word_embeddings: true });
    const resolve = (removed: string) =>
      resolveModelTensors(
        config,
        checkpoint(config, (map) => map.delete(removed)),
        'm',
      );
    expect(resolve('lm_head.weight').get('lm_head.weight')).toBe('model.embed_tokens.weight');
    expect(resolve('model.embed_tokens.weight').get('model.embed_tokens.weight')).toBe('lm_head.weight');
    expect(resolve('nothing').get('lm_head.weight')).toBe('lm_head.weight');
  });

  test('a checkpoint of the bare decoder lacks the prefix "model."', () => {
    const config = configOf('llama', { tie_word_embeddings: true });
    const whole = checkpoint(config, (map) => map.delete('lm_head.weight'));
    const bare = new Map([...whole].map(([name, tensor]) => [name.replace('model.', ''), tensor]));
    const resolved = resolveModelTensors(config, bare, 'm');
    expect(resolved.get('model.layers.1.mlp.up_proj.weight')).toBe('layers.1.mlp.up_proj.weight');
    expect(resolved.get('lm_head.weight')).toBe('embed_tokens.weight');
  });

  test('missing tensors are counted and the first few named', () => {
    const config = configOf('llama');
    const stored = checkpoint(config, (map) =>
      [...map.keys()].filter((name) => name.includes('layers.1')).forEach((name) => map.delete(name)),
    );
    expect(() => resolveModelTensors(config, stored, 'model.safetensors')).toThrow(
      'model.safetensors lacks 9 of the 21 tensors of a 2-layer llama model (model.layers.1.input_layernorm.weight, ' +
        'model.layers.1.post_attention_layernorm.weight, model.layers.1.self_attn.q_proj.weight, …). ' +
        'The checkpoint is incomplete or of another architecture; download the whole model again.',
    );
  });

  test('an empty checkpoint and one of another architecture are refused', () => {
    expect(() => resolveModelTensors(configOf('qwen3'), new Map(), 'm')).toThrow(FormatError);
    expect(() => resolveModelTensors(configOf('qwen3'), checkpoint(configOf('llama')), 'm')).toThrow('q_norm');
  });

  test('an untied model without an LM head is told about tie_word_embeddings', () => {
    const config = configOf('llama');
    const stored = checkpoint(config, (map) => map.delete('lm_head.weight'));
    expect(() => resolveModelTensors(config, stored, 'm')).toThrow('set `tie_word_embeddings` to true');
  });

  test.each([[[12, 9]], [[8, 12]], [[12]], [[12, 8, 1]], [[]]])('a tensor of the shape %j is refused with both shapes', (shape) => {
    const config = configOf('llama');
    const stored = checkpoint(config, (map) => map.set('model.layers.0.mlp.up_proj.weight', { shape }));
    expect(() => resolveModelTensors(config, stored, 'model.safetensors')).toThrow(
      `model.layers.0.mlp.up_proj.weight in model.safetensors has the shape [${shape.join(', ')}], but config.json calls for [12, 8].`,
    );
  });

  test('the shape of a shared tensor is checked for both of its uses', () => {
    const config = configOf('llama', { tie_word_embeddings: true });
    const stored = checkpoint(config, (map) => {
      map.delete('lm_head.weight');
      map.set('model.embed_tokens.weight', { shape: [51, 8] });
    });
    expect(() => resolveModelTensors(config, stored, 'm')).toThrow('model.embed_tokens.weight in m has the shape [51, 8]');
  });
});
