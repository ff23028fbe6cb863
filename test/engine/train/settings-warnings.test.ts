/** @file Advice on settings that work but will probably disappoint. */
import { describe, expect, it } from 'vitest';
import { resolveSettings } from '#engine/train/resolve-settings.ts';

/** A set without any warning of its own. */
const calm = { learning_rate: 1e-4, per_device_train_batch_size: 16 };
const warningsFor = (partial: object, labelCounts?: { desirable: number; undesirable: number }): readonly string[] =>
  resolveSettings({ ...calm, ...partial }, { labelCounts: labelCounts ?? null }).warnings.map(({ text }) => text);

describe('settingsWarnings', () => {
  it('has nothing to say about a usual set', () => {
    expect(warningsFor({})).toEqual([]);
    expect(warningsFor({ method: 'dpo' })).toEqual([]);
  });

  it.each([
    [{ per_device_train_batch_size: 2, gradient_accumulation_steps: 8 }, 'per_device_train_batch_size 2 makes a poor KL estimate'],
    [{ per_device_train_batch_size: 8 }, 'Each step sees 8 examples'],
    [{ gradient_accumulation_steps: 16 }, 'Each step sees 256 examples'],
    [{ desirable_weight: 1.2, undesirable_weight: 0.8 }, 'leave one of them at 1'],
    [{ learning_rate: 1e-6 }, 'learning_rate 0.000001 suits the training of all weights'],
    [
      { learning_rate: 6e-4 },
      'learning_rate 0.0006 is high for beta 0.1: KTO may become unstable. Stay at or below 0.0005, or raise beta.',
    ],
    [{ beta: 0.01 }, 'learning_rate 0.0001 is high for beta 0.01'],
    [{ lora_dropout: 0.05 }, 'lora_dropout has no effect'],
    [{ max_prompt_length: 256 }, 'max_prompt_length has no effect'],
    [{ max_steps: 10, num_train_epochs: 2 }, 'num_train_epochs has no effect'],
    [{ lr_scheduler_type: 'constant', warmup_steps: 5 }, 'warmup_steps has no effect'],
    [{ label_smoothing: 0.1 }, 'label_smoothing has no effect with kto.'],
    [{ method: 'dpo', desirable_weight: 2 }, 'desirable_weight has no effect with dpo.'],
    [{ method: 'dpo', label_smoothing: 0.1 }, 'label_smoothing has no effect with loss_type sigmoid. Use robust'],
    [{ method: 'dpo', discopop_tau: 0.1 }, 'discopop_tau has no effect with loss_type sigmoid.'],
  ])('%j: %s', (partial, expected) => {
    const warnings = warningsFor(partial);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain(expected);
  });

  it('does not ask a loss without a KL estimate for larger batches on its account', () => {
    const warnings = warningsFor({ loss_type: 'apo_zero_unpaired', per_device_train_batch_size: 2, gradient_accumulation_steps: 8 });
    expect(warnings).toEqual([]);
  });

  it('names the weights that balance the data, or says nothing once they do', () => {
    const counts = { desirable: 6, undesirable: 4 };
    expect(warningsFor({}, counts)).toEqual([
      'There are 6 desirable and 4 undesirable examples, and the weights do not make up for it. Set either desirable_weight to 0.67 to 0.89 or undesirable_weight to 1.13 to 1.5, not both.',
    ]);
    expect(warningsFor({ undesirable_weight: 1.2 }, counts)).toEqual([]);
    expect(warningsFor({}, { desirable: 5, undesirable: 5 })).toEqual([]);
    expect(warningsFor({ method: 'dpo' }, counts)).toEqual([]);
  });

  it.each([
    [{ per_device_train_batch_size: 2, gradient_accumulation_steps: 8 }, 'per_device_train_batch_size', 'Use 4'],
    [{ per_device_train_batch_size: 8 }, 'gradient_accumulation_steps', 'Use 2'],
    [{ gradient_accumulation_steps: 16 }, 'gradient_accumulation_steps', 'Use 8'],
    [{ learning_rate: 1e-6 }, 'learning_rate', 'Use 0.0001'],
    [{ learning_rate: 6e-4 }, 'learning_rate', 'Use 0.0005'],
    [{ lora_dropout: 0.05 }, 'lora_dropout', 'Use 0'],
    [{ max_prompt_length: 256 }, 'max_prompt_length', 'Leave max_prompt_length out'],
    [{ max_steps: 10, num_train_epochs: 2 }, 'num_train_epochs', 'Use -1'],
    [{ lr_scheduler_type: 'constant', warmup_steps: 5 }, 'warmup_steps', 'Use constant_with_warmup'],
    [{ label_smoothing: 0.1 }, 'label_smoothing', 'Use 0'],
  ])('%j is shown beside %s, and one press on "%s" ends the warning', (partial, field, label) => {
    const [warning] = resolveSettings({ ...calm, ...partial }).warnings;
    expect(warning).toMatchObject({ field, fix: { label } });
    expect(resolveSettings({ ...calm, ...partial, ...warning?.fix?.changes }).warnings).toEqual([]);
  });

  it('offers the weights that balance the data', () => {
    const labelCounts = { desirable: 100, undesirable: 900 };
    const [warning] = resolveSettings(calm, { labelCounts }).warnings;
    expect(warning).toMatchObject({ field: 'desirable_weight', fix: { changes: { undesirable_weight: 1 } } });
    expect(resolveSettings({ ...calm, ...warning?.fix?.changes }, { labelCounts }).warnings).toEqual([]);
  });
});
