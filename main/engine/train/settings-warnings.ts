/** @file Settings that work, but will probably disappoint: one plain sentence or two each. */
import type { TrainingSettings } from './settings.ts';
import { SETTING_FIELDS } from './settings.ts';
import { type LabelCounts, weightBalance } from './weight-balance.ts';

/** Losses that look at label_smoothing; TRL's sigmoid has not since 0.29. */
const SMOOTHED: ReadonlySet<string> = new Set(['exo_pair', 'robust', 'aot', 'aot_unpaired']);

/**
 * @param given - keys the person set; a default is never called ineffective
 * @param labelCounts - of the training examples, where known
 */
export function settingsWarnings(
  settings: TrainingSettings,
  { given, labelCounts = null }: { given: ReadonlySet<string>; labelCounts?: LabelCounts | null },
): string[] {
  const kto = settings.method === 'kto' ? [...ktoWarnings(settings), ...balanceWarnings(settings, labelCounts)] : [];
  return [...kto, ...learningRateWarnings(settings), ...withoutEffect(settings, given)];
}

function ktoWarnings(settings: TrainingSettings): string[] {
  const warnings: string[] = [];
  const { per_device_train_batch_size: batchSize, gradient_accumulation_steps: accumulation } = settings;
  if (settings.loss_type === 'kto' && batchSize < 4) {
    warnings.push(
      `per_device_train_batch_size ${batchSize} makes a poor KL estimate, because KTO averages it over a batch. Use 4 or more.`,
    );
  }
  const effective = batchSize * accumulation;
  if (effective < 16 || effective > 128) {
    warnings.push(
      `Each step sees ${effective} examples (per_device_train_batch_size × gradient_accumulation_steps). KTO works best with 16 to 128.`,
    );
  }
  if (settings.desirable_weight !== 1 && settings.undesirable_weight !== 1) {
    warnings.push('desirable_weight and undesirable_weight are both set. Only their ratio balances the data; leave one of them at 1.');
  }
  return warnings;
}

function balanceWarnings(settings: TrainingSettings, counts: LabelCounts | null): string[] {
  if (counts === null) return [];
  const balance = weightBalance(counts, { desirable: settings.desirable_weight, undesirable: settings.undesirable_weight });
  if (balance.balanced) return [];
  const ranges = [balance.desirableWeightRange, balance.undesirableWeightRange].map(([low, high]) => `${low} to ${high}`);
  return [
    `There are ${counts.desirable} desirable and ${counts.undesirable} undesirable examples, and the weights do not make up for it. ` +
      `Set either desirable_weight to ${ranges[0]} or undesirable_weight to ${ranges[1]}, not both.`,
  ];
}

function learningRateWarnings({ method, learning_rate: rate, beta }: TrainingSettings): string[] {
  if (rate < 1e-5) {
    return [
      `learning_rate ${rate} suits the training of all weights. With LoRA 0.00001 to 0.0005 is usual, and below it little is learned.`,
    ];
  }
  // The doc's rule is "lower with lower beta"; 5e-4 at beta 0.1 is the highest rate with a smooth run on record.
  const highest = Number((0.005 * beta).toPrecision(2));
  if (method !== 'kto' || rate <= highest) return [];
  return [`learning_rate ${rate} is high for beta ${beta}: KTO may become unstable. Stay at or below ${highest}, or raise beta.`];
}

function withoutEffect(settings: TrainingSettings, given: ReadonlySet<string>): string[] {
  const { method, loss_type: loss } = settings;
  const warnings: string[] = [];
  for (const field of SETTING_FIELDS) {
    if (field.appliesTo === 'both' || field.appliesTo === method || !given.has(field.key)) continue;
    if (settings[field.key as keyof TrainingSettings] !== field.default) warnings.push(`${field.key} has no effect with ${method}.`);
  }
  if (method === 'dpo' && settings.label_smoothing > 0 && !SMOOTHED.has(loss)) {
    warnings.push(`label_smoothing has no effect with loss_type ${loss}. Use robust for pairs that may be marked the wrong way round.`);
  }
  if (method === 'dpo' && given.has('discopop_tau') && loss !== 'discopop')
    warnings.push(`discopop_tau has no effect with loss_type ${loss}.`);
  if (settings.lora_dropout > 0) {
    warnings.push('lora_dropout has no effect, because KTO and DPO compare the model with itself and train with dropout switched off.');
  }
  if (settings.max_prompt_length !== null) {
    warnings.push('max_prompt_length has no effect: rows are cut to max_length, and those whose prompt alone fills it are left out.');
  }
  if (settings.max_steps > 0 && given.has('num_train_epochs')) warnings.push('num_train_epochs has no effect, because max_steps is set.');
  if (settings.lr_scheduler_type === 'constant' && settings.warmup_steps > 0) {
    warnings.push('warmup_steps has no effect with lr_scheduler_type constant. Use constant_with_warmup.');
  }
  return warnings;
}
