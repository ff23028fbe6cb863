/** @file Settings that are each possible but cannot work together. */
import { SettingsError } from '#contract/errors.ts';
import { LOSS_TYPES } from './loss-fields.ts';
import type { TrainingSettings } from './settings.ts';

/** @throws {SettingsError} with the reason, for the first combination that cannot work */
export function checkSettings(settings: TrainingSettings): void {
  checkLoss(settings);
  if (settings.max_steps === 0) refuse('max_steps', 'max_steps is 0, which would train nothing. Use -1 to let num_train_epochs decide.');
  checkLengths(settings);
}

function checkLoss(settings: TrainingSettings): void {
  const { method, loss_type: loss, per_device_train_batch_size: batchSize } = settings;
  const allowed: readonly string[] = LOSS_TYPES[method];
  if (!allowed.includes(loss)) {
    const other = method === 'kto' ? 'dpo' : 'kto';
    refuse('loss_type', `loss_type ${loss} belongs to method ${other}. With ${method} it must be one of ${allowed.join(', ')}.`);
  }
  if (loss === 'kto' && batchSize === 1) {
    const why = 'KTO estimates its KL term from the other answers of a batch, and alone an answer would be compared with itself';
    const help = 'Use 2 or more, better 4 or more; gradient_accumulation_steps does not help, because every batch makes its own estimate.';
    refuse('per_device_train_batch_size', `per_device_train_batch_size is 1, but ${why}. ${help}`);
  }
  if (method === 'kto' && settings.desirable_weight === 0 && settings.undesirable_weight === 0) {
    refuse('desirable_weight', 'desirable_weight and undesirable_weight are both 0, which would train nothing. Set one of them above 0.');
  }
  if (loss === 'exo_pair' && settings.label_smoothing === 0) {
    refuse('label_smoothing', 'label_smoothing is 0, but exo_pair takes its logarithm. Set it above 0; its paper recommends 0.001.');
  }
}

function checkLengths({ method, max_length: max, max_prompt_length: maxPrompt, truncation_mode: mode }: TrainingSettings): void {
  if (max !== null && maxPrompt !== null && maxPrompt >= max) {
    const why = `max_length (${max}) counts prompt and answer together, so a prompt of that length leaves no room for an answer`;
    refuse('max_prompt_length', `max_prompt_length is ${maxPrompt}, but ${why}. Raise max_length above ${maxPrompt}.`);
  }
  if (method === 'kto' && mode === 'keep_end') {
    refuse('truncation_mode', 'truncation_mode keep_end works with DPO only. Use keep_start, and a max_length that fits your answers.');
  }
}

function refuse(field: keyof TrainingSettings, message: string): never {
  throw new SettingsError(message, { field });
}
