/** @file From what a person wrote to complete settings, with reasons for every refusal. */
import { describe, expect, it } from 'vitest';
import { SettingsError } from '#contract/errors.ts';
import { resolveSettings } from '#engine/train/resolve-settings.ts';
import { TrainingSettings } from '#engine/train/settings.ts';

/** What the values of the story to beat are called in its run.json. */
const BLOG = {
  method: 'kto',
  beta: 0.1,
  learning_rate: 5e-4,
  lr_scheduler_type: 'cosine',
  optim: 'paged_adamw_32bit',
  per_device_train_batch_size: 16,
  num_train_epochs: 8,
  r: 8,
  lora_alpha: 16,
  max_length: 512,
};

const messageOf = (partial: unknown, options?: Parameters<typeof resolveSettings>[1]): string => {
  try {
    resolveSettings(partial, options);
  } catch (error) {
    if (error instanceof SettingsError) return `${String(error.details['field'])}: ${error.message}`;
    throw error;
  }
  return 'accepted';
};

describe('resolveSettings', () => {
  it('completes an empty object with the defaults of TRL, PEFT and Transformers', () => {
    expect(resolveSettings({}).settings).toEqual({
      method: 'kto',
      loss_type: 'kto',
      beta: 0.1,
      desirable_weight: 1,
      undesirable_weight: 1,
      label_smoothing: 0,
      discopop_tau: 0.05,
      learning_rate: 1e-6,
      lr_scheduler_type: 'linear',
      warmup_steps: 0,
      optim: 'adamw_torch_fused',
      weight_decay: 0,
      adam_beta1: 0.9,
      adam_beta2: 0.999,
      adam_epsilon: 1e-8,
      max_grad_norm: 1,
      num_train_epochs: 3,
      max_steps: -1,
      per_device_train_batch_size: 8,
      per_device_eval_batch_size: 8,
      gradient_accumulation_steps: 1,
      seed: 42,
      shuffle: true,
      eval_ratio: 0,
      logging_steps: 1,
      eval_steps: null,
      save_steps: null,
      max_length: 1024,
      max_prompt_length: null,
      truncation_mode: 'keep_start',
      lora_r: 8,
      lora_alpha: 8,
      lora_dropout: 0,
      target_modules: ['q_proj', 'v_proj'],
      use_rslora: false,
    });
  });

  it('uses the sigmoid loss for DPO unless another is asked for', () => {
    expect(resolveSettings({}, { method: 'dpo' }).settings).toMatchObject({ method: 'dpo', loss_type: 'sigmoid' });
    expect(resolveSettings({ method: 'dpo', loss_type: ['ipo'] }).settings.loss_type).toBe('ipo');
  });

  it('accepts the recipe of the blog without a warning', () => {
    expect(resolveSettings(BLOG)).toMatchObject({ warnings: [], settings: { lora_r: 8, optim: 'paged_adamw_32bit' } });
  });

  it('accepts the names that PEFT, TRL and Transformers 4 use for the same setting', () => {
    const { settings } = resolveSettings({ r: 4, lora_target_modules: 'all-linear', warmup_ratio: 0.1 });
    expect(settings).toMatchObject({ lora_r: 4, target_modules: 'all-linear', warmup_steps: 0.1 });
  });

  it('gives what it would accept again', () => {
    const { settings } = resolveSettings(BLOG);
    expect(resolveSettings(JSON.parse(JSON.stringify(settings))).settings).toEqual(settings);
    expect(TrainingSettings.parse(settings)).toEqual(settings);
  });

  it('smooths exo_pair by the 0.001 of its paper when nothing is said, and refuses a 0 that was', () => {
    expect(resolveSettings({ method: 'dpo', loss_type: 'exo_pair' }).settings.label_smoothing).toBe(1e-3);
    expect(messageOf({ method: 'dpo', loss_type: 'exo_pair', label_smoothing: 0 })).toContain('takes its logarithm');
  });
});

describe('what resolveSettings refuses', () => {
  it.each([
    [{ learning_rat: 1e-4 }, 'learning_rat: There is no setting named learning_rat; the nearest is learning_rate.'],
    [{ learningRate: 1e-4 }, 'learningRate: There is no setting named learningRate; the nearest is learning_rate.'],
    [{ 'lora-alfa': 1 }, 'lora-alfa: There is no setting named lora-alfa; the nearest is lora_alpha.'],
    [{ beta: 0 }, 'beta: beta must be a number above 0; it is 0.'],
    [{ beta: Number.NaN }, 'beta: beta must be a number above 0; it is NaN.'],
    [{ learning_rate: '1e-4' }, 'learning_rate: learning_rate must be a number above 0; it is "1e-4".'],
    [{ beta: null }, 'beta: beta must be a number above 0; it is null.'],
    [
      { per_device_train_batch_size: 2.5 },
      'per_device_train_batch_size: per_device_train_batch_size must be a whole number at least 1; it is 2.5.',
    ],
    [{ adam_beta1: 1 }, 'adam_beta1: adam_beta1 must be a number at least 0 and below 1; it is 1.'],
    [{ adam_epsilon: 0 }, 'adam_epsilon: adam_epsilon must be a number above 0; it is 0.'],
    [{ max_length: 1 }, 'max_length: max_length must be a whole number at least 2, or null; it is 1.'],
    [{ shuffle: 'yes' }, 'shuffle: shuffle must be true or false; it is "yes".'],
    [
      { logging_steps: 2.5 },
      'logging_steps: logging_steps must be a whole number of steps, or a share of the run between 0 and 1, or null; it is 2.5.',
    ],
    [
      { target_modules: [] },
      'target_modules: target_modules must be a list of module names, or one string (a regular expression, or all-linear); it is [].',
    ],
    [
      { optim: 'adamw_8bit' },
      'optim: optim must be one of adamw_torch, adamw_torch_fused, paged_adamw_32bit, paged_adamw; it is "adamw_8bit".',
    ],
    [{ method: 'ppo' }, 'method: method must be one of kto, dpo; it is "ppo".'],
    [{ warmup_ratio: 1 }, 'warmup_ratio: warmup_ratio must be a number at least 0 and below 1, a share of the run; it is 1.'],
    [{ r: 8, lora_r: 8 }, 'lora_r: r and lora_r are two names of one setting. Keep one.'],
    [{ max_steps: 0 }, 'max_steps: max_steps is 0, which would train nothing. Use -1 to let num_train_epochs decide.'],
    [null, 'settings: Settings must be an object of names and values; they are null.'],
    [[], 'settings: Settings must be an object of names and values; they are [].'],
  ])('%j', (partial, message) => {
    expect(messageOf(partial)).toBe(message);
  });

  it('a KTO batch of one example, with the reason', () => {
    expect(messageOf({ per_device_train_batch_size: 1 })).toMatch(
      /^per_device_train_batch_size: .*KL term from the other answers of a batch.*gradient_accumulation_steps does not help/,
    );
    expect(messageOf({ per_device_train_batch_size: 1, loss_type: 'apo_zero_unpaired' })).toBe('accepted');
    expect(messageOf({ per_device_train_batch_size: 1, method: 'dpo' })).toBe('accepted');
  });

  it('a loss of the other method', () => {
    expect(messageOf({ loss_type: 'sigmoid' })).toBe(
      'loss_type: loss_type sigmoid belongs to method dpo. With kto it must be one of kto, apo_zero_unpaired.',
    );
    expect(messageOf({ method: 'dpo', loss_type: 'kto' })).toContain('loss_type kto belongs to method kto.');
  });

  it('a prompt limit that leaves no room for the answer: what emptied the answers of the blog', () => {
    expect(messageOf({ max_prompt_length: 256, max_length: 128 })).toBe(
      'max_prompt_length: max_prompt_length is 256, but max_length (128) counts prompt and answer together, so a prompt of that length leaves no room for an answer. Raise max_length above 256.',
    );
    expect(messageOf({ max_prompt_length: 256, max_length: 256 })).toContain('leaves no room');
    expect(messageOf({ max_prompt_length: 256, max_length: null })).toBe('accepted');
  });

  it('label smoothing of a half or more, keep_end with KTO, and weights that are both 0', () => {
    expect(messageOf({ method: 'dpo', loss_type: 'robust', label_smoothing: 0.5 })).toContain('must be a number at least 0 and below 0.5');
    expect(messageOf({ truncation_mode: 'keep_end' })).toContain('works with DPO only');
    expect(messageOf({ truncation_mode: 'keep_end', method: 'dpo' })).toBe('accepted');
    expect(messageOf({ desirable_weight: 0, undesirable_weight: 0 })).toContain('would train nothing');
  });

  it('settings for one method where the other was asked for', () => {
    expect(messageOf({ method: 'dpo' }, { method: 'kto' })).toBe(
      'method: The settings are for method dpo, but kto was asked for. Change one of them.',
    );
  });
});
