import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { formatAdapterConfig } from '#engine/adapter/adapter-config-json.ts';
import { DEFAULT_LORA_CONFIG, parseLoraConfig } from '#engine/adapter/lora-config.ts';

/** The fields of `LoraConfig` and its bases in PEFT 0.10.0, which fails on any other. */
const PEFT_0_10 = (
  'peft_type auto_mapping base_model_name_or_path revision task_type inference_mode r target_modules lora_alpha lora_dropout ' +
  'fan_in_fan_out bias use_rslora modules_to_save init_lora_weights layers_to_transform layers_pattern rank_pattern alpha_pattern ' +
  'megatron_config megatron_core loftq_config use_dora layer_replication'
)
  .split(' ')
  .sort();

describe('writing adapter_config.json', () => {
  it('writes exactly the fields of PEFT 0.10, sorted', () => {
    expect(Object.keys(JSON.parse(formatAdapterConfig(DEFAULT_LORA_CONFIG)) as object)).toEqual(PEFT_0_10);
  });

  it('writes what PEFT itself wrote, for the fields both have', () => {
    const peft = JSON.parse(readFileSync('test/golden/trl/kto_default/adapter_final/adapter_config.json', 'utf8')) as Record<
      string,
      unknown
    >;
    const written = JSON.parse(formatAdapterConfig(parseLoraConfig(peft, '').config)) as Record<string, unknown>;
    expect(written).toEqual(Object.fromEntries(PEFT_0_10.map((field) => [field, peft[field]])));
  });

  it('is read back as it was', () => {
    const config = {
      ...DEFAULT_LORA_CONFIG,
      useRslora: true,
      excludeModules: ['o_proj'],
      rankPattern: { [String.raw`layers\.1\..*`]: 3 },
      layersToTransform: [0, 2],
      layersPattern: ['layers'],
      baseModelNameOrPath: 'C:\\Modelle\\größe 😀',
    };
    expect(parseLoraConfig(JSON.parse(formatAdapterConfig(config)), '').config).toEqual(config);
  });

  it('holds only ASCII, since PEFT reads it in the encoding of the system', () => {
    const text = formatAdapterConfig({ ...DEFAULT_LORA_CONFIG, baseModelNameOrPath: 'größe 😀' });
    expect(text).toContain(String.raw`"gr\u00f6\u00dfe \ud83d\ude00"`);
    expect(text).toMatch(/^[\n\x20-\x7e]*$/);
  });
});
