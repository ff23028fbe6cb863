/** @file Sets of settings to begin with, each for a purpose. */
import type { SettingValue } from './setting-field.ts';
import type { TrainingSettings } from './settings.ts';

export interface Preset {
  /** Stable: projects remember it. */
  readonly name: string;
  readonly label: string;
  /** What it is for, in a sentence. */
  readonly sentence: string;
  /** Those that differ from their defaults. */
  readonly settings: Partial<Record<keyof TrainingSettings, SettingValue>>;
}

export const PRESETS: readonly Preset[] = [
  {
    name: 'blog',
    label: 'Blog (Reviewer #2)',
    // The blog cut prompts to 256 and rows to 128 tokens, which emptied most answers, and its dropout had no effect; both are left out.
    sentence: 'What made the Reviewer #2 bot: a high learning rate on a small adapter, eight times through the data, answers kept whole.',
    settings: {
      learning_rate: 5e-4,
      lr_scheduler_type: 'cosine',
      optim: 'paged_adamw_32bit',
      per_device_train_batch_size: 16,
      num_train_epochs: 8,
      lora_alpha: 16,
      max_length: 512,
      eval_steps: 0.1,
    },
  },
  {
    name: 'trl-defaults',
    label: 'TRL defaults',
    sentence: "What TRL's trainers do when nothing is set; made for training all weights, so an adapter learns little.",
    settings: {},
  },
  {
    name: 'careful',
    label: 'Careful',
    sentence: 'Once through the data with a warm-up and a low learning rate: stays near the base model.',
    settings: {
      learning_rate: 5e-5,
      lr_scheduler_type: 'cosine',
      warmup_steps: 0.1,
      per_device_train_batch_size: 16,
      num_train_epochs: 1,
      lora_r: 16,
      lora_alpha: 16,
      target_modules: 'all-linear',
      eval_steps: 0.1,
      save_steps: 0.1,
    },
  },
  {
    name: 'quick-look',
    label: 'Quick look',
    sentence: 'Thirty steps on short rows, to see whether the curves move before a longer run.',
    settings: {
      learning_rate: 2e-4,
      lr_scheduler_type: 'constant_with_warmup',
      warmup_steps: 3,
      per_device_train_batch_size: 16,
      max_steps: 30,
      max_length: 256,
      lora_alpha: 16,
      eval_steps: 10,
    },
  },
];

/** The five that matter most, for the simple form; all others are advanced. */
export const SIMPLE_SETTINGS: readonly (keyof TrainingSettings)[] = [
  'learning_rate',
  'beta',
  'num_train_epochs',
  'per_device_train_batch_size',
  'max_length',
];
