/** @file Writes adapter_config.json with the fields that every PEFT since 0.10 knows; older ones fail on a field they don't know. */
import type { LoraConfig } from './lora-config.ts';

/**
 * Keys sorted, two spaces, plain ASCII: PEFT opens the file in the system's encoding, which on Windows is not UTF-8.
 * `exclude_modules` (known since PEFT 0.14) is written only if it is used.
 * @see PEFT 0.10 and 0.21, `LoraConfig` in tuners/lora/config.py and `save_pretrained` in config.py
 */
export function formatAdapterConfig(config: LoraConfig): string {
  const fields: Readonly<Record<string, unknown>> = {
    alpha_pattern: config.alphaPattern,
    auto_mapping: null,
    base_model_name_or_path: config.baseModelNameOrPath,
    bias: config.bias,
    ...(config.excludeModules !== null && { exclude_modules: config.excludeModules }),
    fan_in_fan_out: false,
    inference_mode: true,
    init_lora_weights: config.initLoraWeights,
    layer_replication: null,
    layers_pattern: config.layersPattern,
    layers_to_transform: config.layersToTransform,
    loftq_config: {},
    lora_alpha: config.loraAlpha,
    lora_dropout: config.loraDropout,
    megatron_config: null,
    megatron_core: 'megatron.core',
    modules_to_save: config.modulesToSave,
    peft_type: 'LORA',
    r: config.r,
    rank_pattern: config.rankPattern,
    revision: config.revision,
    target_modules: config.targetModules,
    task_type: 'CAUSAL_LM',
    use_dora: false,
    use_rslora: config.useRslora,
  };
  return asciiOnly(JSON.stringify(fields, null, 2));
}

function asciiOnly(json: string): string {
  return json.replaceAll(/[\u007f-\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
