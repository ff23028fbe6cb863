/** @file Every error of the settings has a way out that works. */
import { expect, test } from 'vitest';
import { SettingsError } from '#contract/errors.ts';
import { resolveSettings } from '#engine/train/resolve-settings.ts';
import { fixForError } from '#engine/train/setting-fix.ts';

function errorOf(partial: object): SettingsError {
  try {
    resolveSettings(partial);
  } catch (error) {
    if (error instanceof SettingsError) return error;
  }
  throw new Error('There was no error.');
}

test.each([
  [{ beta: 0 }],
  [{ lora_r: 0 }],
  [{ loss_type: 'sigmoid' }],
  [{ method: 'dpo', loss_type: 'kto' }],
  [{ max_steps: 0 }],
  [{ per_device_train_batch_size: 1 }],
  [{ desirable_weight: 0, undesirable_weight: 0 }],
  [{ method: 'dpo', loss_type: 'exo_pair', label_smoothing: 0 }],
  [{ max_prompt_length: 256, max_length: 128 }],
  [{ truncation_mode: 'keep_end' }],
])('%j can be mended with one press', (partial) => {
  const method = 'method' in partial ? 'dpo' : 'kto';
  const fix = fixForError(String(errorOf(partial).details['field']), method);
  expect(fix?.label).toMatch(/^(Use|Leave) /);
  expect(() => resolveSettings({ ...partial, ...fix?.changes })).not.toThrow();
});

test('a setting that does not exist has no fix', () => {
  expect(fixForError('betta', 'kto')).toBeNull();
});
