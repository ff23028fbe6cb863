/** @file The settings of the LoRA adapter and of the text it sees. */
import { choiceSetting, flagSetting, integerSetting, modulesSetting, nullableIntegerSetting, numberSetting } from './setting-field.ts';

export const ADAPTER_FIELDS = {
  max_length: nullableIntegerSetting({
    label: 'Maximum length',
    sentence: 'Prompt and answer together are cut to this many tokens; null cuts nothing.',
    default: 1024,
    min: 2,
  }),
  max_prompt_length: nullableIntegerSetting({
    label: 'Maximum prompt length',
    sentence: 'Left over from older versions of TRL and without effect: only max_length cuts; null is the default.',
    default: null,
    min: 1,
  }),
  truncation_mode: choiceSetting({
    label: 'Truncation',
    sentence: 'Which end of a row that is longer than max_length is kept; keep_end works with DPO only.',
    values: ['keep_start', 'keep_end'],
    default: 'keep_start',
  }),
  lora_r: integerSetting({
    label: 'LoRA rank',
    sentence: 'The width of the adapter: higher can learn more and costs more memory.',
    default: 8,
    min: 1,
  }),
  lora_alpha: numberSetting({
    label: 'LoRA alpha',
    sentence: 'The strength of the adapter, which is scaled by alpha divided by the rank.',
    default: 8,
    min: 0,
    open: 'min',
  }),
  lora_dropout: numberSetting({
    label: 'LoRA dropout',
    sentence: 'Accepted for compatibility and without effect, because KTO and DPO train with dropout switched off.',
    default: 0,
    min: 0,
    max: 1,
    open: 'max',
  }),
  target_modules: modulesSetting({
    label: 'Target modules',
    sentence: 'The parts of each layer that get an adapter; all-linear takes every one.',
    default: ['q_proj', 'v_proj'],
  }),
  use_rslora: flagSetting({
    label: 'Rank-stabilised LoRA',
    sentence: 'Scales the adapter by alpha divided by the square root of the rank, which suits high ranks.',
    default: false,
  }),
};
