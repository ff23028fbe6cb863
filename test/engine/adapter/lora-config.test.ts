import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FormatError } from '#contract/errors.ts';
import { DEFAULT_LORA_CONFIG, parseLoraConfig } from '#engine/adapter/lora-config.ts';

const FILE = 'adapter_config.json';
const MINIMAL = { peft_type: 'LORA', target_modules: ['q_proj', 'v_proj'] };
const GOLDEN = JSON.parse(readFileSync('test/golden/trl/kto_default/adapter_final/adapter_config.json', 'utf8')) as Record<string, unknown>;

function errorFor(json: unknown): FormatError {
  try {
    parseLoraConfig(json, FILE);
  } catch (error) {
    if (error instanceof FormatError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('parsing adapter_config.json', () => {
  it("takes PEFT's defaults for what a minimal configuration leaves out", () => {
    expect(parseLoraConfig(MINIMAL, FILE)).toEqual({ config: DEFAULT_LORA_CONFIG, ignoredKeys: [] });
  });

  it('reads every field that counts', () => {
    const json = {
      ...GOLDEN,
      r: 16,
      lora_alpha: 12.5,
      use_rslora: true,
      exclude_modules: ['lm_head'],
      rank_pattern: { q_proj: 4 },
      alpha_pattern: { q_proj: 0.5 },
      layers_to_transform: 3,
      layers_pattern: 'layers',
      init_lora_weights: 'gaussian',
      base_model_name_or_path: 'TinyLlama/TinyLlama-1.1B-Chat-v1.0',
      revision: 'main',
    };
    expect(parseLoraConfig(json, FILE).config).toEqual({
      r: 16,
      loraAlpha: 12.5,
      loraDropout: 0.05,
      useRslora: true,
      targetModules: ['v_proj', 'q_proj', 'down_proj'],
      excludeModules: ['lm_head'],
      rankPattern: { q_proj: 4 },
      alphaPattern: { q_proj: 0.5 },
      layersToTransform: [3],
      layersPattern: ['layers'],
      bias: 'none',
      modulesToSave: null,
      initLoraWeights: 'gaussian',
      baseModelNameOrPath: 'TinyLlama/TinyLlama-1.1B-Chat-v1.0',
      revision: 'main',
    });
  });

  it('takes an empty list or text as not given, as PEFT does', () => {
    const json = {
      ...MINIMAL,
      layers_to_transform: [],
      layers_pattern: '',
      exclude_modules: [],
      modules_to_save: [],
      target_parameters: [],
    };
    expect(parseLoraConfig(json, FILE).config).toEqual(DEFAULT_LORA_CONFIG);
    expect(parseLoraConfig({ ...MINIMAL, layers_to_transform: 0 }, FILE).config.layersToTransform).toEqual([0]);
  });

  it('knows every field of PEFT 0.21 and lists all others', () => {
    expect(parseLoraConfig(GOLDEN, FILE).ignoredKeys).toEqual([]);
    expect(parseLoraConfig({ ...GOLDEN, use_something_new: null, zzz: 1 }, FILE).ignoredKeys).toEqual(['use_something_new', 'zzz']);
  });

  it.each([
    { field: 'use_dora', value: true },
    { field: 'target_parameters', value: ['experts.gate_up_proj'] },
    { field: 'layer_replication', value: [[0, 4]] },
    { field: 'bias', value: 'all' },
    { field: 'modules_to_save', value: ['lm_head'] },
    { field: 'lora_bias', value: true },
    { field: 'fan_in_fan_out', value: true },
    { field: 'trainable_token_indices', value: { embed_tokens: [1] } },
    { field: 'use_qalora', value: true },
    { field: 'use_bdlora', value: { target_modules_bd_a: ['q_proj'] } },
    { field: 'alora_invocation_tokens', value: [1, 2] },
    { field: 'arrow_config', value: { top_k: 3 } },
    { field: 'kasa_config', value: { beta: 1 } },
    { field: 'monteclora_config', value: { samples: 1 } },
    { field: 'velora_config', value: { scale: 1 } },
    { field: 'megatron_config', value: { x: 1 } },
    { field: 'init_lora_weights', value: 'pissa_niter_16' },
    { field: 'init_lora_weights', value: 'olora' },
    { field: 'peft_type', value: 'IA3' },
    { field: 'peft_type', value: null },
    { field: 'task_type', value: 'SEQ_CLS' },
  ])('refuses $field $value and says so', ({ field, value }) => {
    const error = errorFor({ ...GOLDEN, [field]: value });
    expect(error.details['field']).toBe(field);
    expect(error.message).toContain(`adapter_config.json can't be used: \`${field}\` is ${JSON.stringify(value)}, `);
  });

  it.each([
    { field: 'r', value: 0, message: '`r` must be at least 1' },
    { field: 'r', value: 2.5, message: '`r` must be a whole number' },
    { field: 'r', value: 1e9, message: '`r` must be at most 65536' },
    { field: 'lora_alpha', value: '16', message: '`lora_alpha` must be a number' },
    { field: 'lora_dropout', value: 1, message: '`lora_dropout` must be from 0 to below 1' },
    { field: 'use_rslora', value: 'yes', message: '`use_rslora` must be true or false' },
    { field: 'target_modules', value: 7, message: '`target_modules` must be a text or a list of texts' },
    { field: 'target_modules', value: null, message: '`target_modules` is missing or empty' },
    { field: 'target_modules', value: [], message: '`target_modules` is missing or empty' },
    { field: 'rank_pattern', value: { q_proj: 0 }, message: '`rank_pattern.q_proj` must be at least 1' },
    { field: 'alpha_pattern', value: 3, message: '`alpha_pattern` must be an object' },
    { field: 'layers_to_transform', value: [-1], message: '`layers_to_transform' },
  ])('refuses $field $value', ({ field, value, message }) => {
    expect(errorFor({ ...GOLDEN, [field]: value }).message).toContain(message);
  });

  it('refuses what is no object', () => {
    for (const json of [null, [], 'LORA', 3])
      expect(errorFor(json).message).toMatch(/adapter_config\.json: the configuration must be an object/);
  });
});
