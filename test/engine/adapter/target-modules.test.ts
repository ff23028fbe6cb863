import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SettingsError } from '#contract/errors.ts';
import { DEFAULT_LORA_CONFIG, parseLoraConfig, type LoraConfig } from '#engine/adapter/lora-config.ts';
import { resolveTargetModules } from '#engine/adapter/target-modules.ts';

/** Made by generators/target_modules.py with PEFT 0.21, on a model of 3 layers. */
interface GoldenCase {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly error?: string;
  readonly modules?: readonly { name: string; rank: number; alpha: number; scaling: number }[];
}
const GOLDEN = JSON.parse(readFileSync('test/golden/peft/target-modules.json', 'utf8')) as readonly GoldenCase[];

const ATTENTION = ['q_proj', 'k_proj', 'v_proj', 'o_proj'].map((name) => `self_attn.${name}`);
const MLP = ['gate_proj', 'up_proj', 'down_proj'].map((name) => `mlp.${name}`);
const LINEAR = new Map(
  [0, 1, 2].flatMap((layer) => [...ATTENTION, ...MLP].map((name) => [`model.layers.${layer}.${name}`, { in: 8, out: 16 }])),
);

const settings = (changes: Partial<LoraConfig>): LoraConfig => ({ ...DEFAULT_LORA_CONFIG, ...changes });

describe('finding the modules to adapt', () => {
  it.each(GOLDEN.filter(({ modules }) => modules !== undefined))('agrees with PEFT on $settings', ({ settings: json, modules }) => {
    const { config } = parseLoraConfig({ peft_type: 'LORA', ...json }, 'adapter_config.json');
    const found = resolveTargetModules(config, LINEAR).modules.map(({ name, rank, scaling }) => ({ name, rank, scaling }));
    expect(found).toEqual(modules?.map(({ name, rank, scaling }) => ({ name, rank, scaling })));
  });

  it.each(GOLDEN.filter(({ modules }) => modules === undefined))(
    'finds nothing where PEFT finds nothing: $settings',
    ({ settings: json }) => {
      const { config } = parseLoraConfig({ peft_type: 'LORA', ...json }, 'adapter_config.json');
      expect(() => resolveTargetModules(config, LINEAR)).toThrow(SettingsError);
    },
  );

  it('gives the size of each module', () => {
    expect(resolveTargetModules(settings({ targetModules: ['k_proj'], layersToTransform: [1] }), LINEAR).modules).toEqual([
      { name: 'model.layers.1.self_attn.k_proj', inFeatures: 8, outFeatures: 16, rank: 8, scaling: 1 },
    ]);
  });

  it('divides alpha by the square root of the rank for rank-stabilised LoRA', () => {
    const { modules } = resolveTargetModules(settings({ r: 16, loraAlpha: 8, useRslora: true }), LINEAR);
    expect(modules[0]?.scaling).toBe(2);
  });

  it('leaves the output head out of all-linear, but not out of a list', () => {
    const withHead = new Map([...LINEAR, ['lm_head', { in: 8, out: 99 }]]);
    const names = (targetModules: string | string[]) =>
      resolveTargetModules(settings({ targetModules }), withHead).modules.map(({ name }) => name);
    expect(names('all-linear')).toEqual([...LINEAR.keys()]);
    expect(names(['lm_head'])).toEqual(['lm_head']);
  });

  it('reports entries that no module has', () => {
    expect(resolveTargetModules(settings({ targetModules: ['q_proj', 'qkv_proj'] }), LINEAR).unmatchedTargets).toEqual(['qkv_proj']);
  });

  it('names the suffixes there are when nothing matches', () => {
    expect(() => resolveTargetModules(settings({ targetModules: ['query_key_value'] }), LINEAR)).toThrow(
      '`target_modules` matches no linear module of the model: got "query_key_value"; ' +
        'the model has q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj, down_proj.',
    );
  });

  it.each([
    {
      what: 'layers with a pattern',
      changes: { targetModules: '.*q_proj', layersToTransform: [1] },
      message: /`layers_to_transform` can only be used when/,
    },
    {
      what: 'layers with all-linear',
      changes: { targetModules: 'all-linear', layersPattern: ['layers'] },
      message: /`layers_pattern` can only be used when/,
    },
    {
      what: 'a layer name without numbers',
      changes: { layersPattern: ['layers'] },
      message: /`layers_pattern` needs `layers_to_transform`/,
    },
    { what: 'a broken pattern', changes: { targetModules: '(q_proj' }, message: /`target_modules` is not a regular expression/ },
    { what: 'a broken exclusion', changes: { excludeModules: '[' }, message: /`exclude_modules` is not a regular expression/ },
    { what: 'a broken rank pattern', changes: { rankPattern: { 'q(': 1 } }, message: /`rank_pattern` is not a regular expression/ },
    { what: 'a broken alpha pattern', changes: { alphaPattern: { '*': 1 } }, message: /`alpha_pattern` is not a regular expression/ },
  ] satisfies { what: string; changes: Partial<LoraConfig>; message: RegExp }[])('refuses $what', ({ changes, message }) => {
    expect(() => resolveTargetModules(settings(changes), LINEAR)).toThrow(SettingsError);
    expect(() => resolveTargetModules(settings(changes), LINEAR)).toThrow(message);
  });
});
