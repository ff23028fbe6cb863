/** @file Settings that work, but will probably disappoint: one plain sentence or two each. */
import { balanceChoices } from './balance-choices.ts';
import { useValue, type SettingFix } from './setting-fix.ts';
import type { TrainingSettings } from './settings.ts';
import { SETTING_FIELDS } from './settings.ts';
import { type LabelCounts, weightBalance } from './weight-balance.ts';

export interface SettingsWarning {
  readonly text: string;
  /** The setting it belongs to. */
  readonly field: keyof TrainingSettings;
  /** Null where there is more than one way out. */
  readonly fix: SettingFix | null;
}

/** Losses that look at label_smoothing; TRL's sigmoid has not since 0.29. */
const SMOOTHED: ReadonlySet<string> = new Set(['exo_pair', 'robust', 'aot', 'aot_unpaired']);

/**
 * @param given - keys the person set; a default is never called ineffective
 * @param labelCounts - of the training examples, where known
 */
export function settingsWarnings(
  settings: TrainingSettings,
  { given, labelCounts = null }: { given: ReadonlySet<string>; labelCounts?: LabelCounts | null },
): SettingsWarning[] {
  const kto = settings.method === 'kto' ? [...ktoWarnings(settings), ...balanceWarnings(settings, labelCounts)] : [];
  return [...kto, ...learningRateWarnings(settings), ...withoutEffect(settings, given)];
}

/** A step sees the fewest examples that suit KTO. */
const FEWEST_EXAMPLES = 16;
const MOST_EXAMPLES = 128;
const FEWEST_IN_BATCH = 4;

function ktoWarnings(settings: TrainingSettings): SettingsWarning[] {
  const warnings: SettingsWarning[] = [];
  const { per_device_train_batch_size: batchSize, gradient_accumulation_steps: accumulation } = settings;
  if (settings.loss_type === 'kto' && batchSize < FEWEST_IN_BATCH) {
    warnings.push({
      text: `per_device_train_batch_size ${batchSize} makes a poor KL estimate, because KTO averages it over a batch. Use 4 or more.`,
      field: 'per_device_train_batch_size',
      fix: useValue('per_device_train_batch_size', FEWEST_IN_BATCH),
    });
  }
  const effective = batchSize * accumulation;
  if (effective < FEWEST_EXAMPLES || effective > MOST_EXAMPLES) {
    warnings.push({
      text: `Each step sees ${effective} examples (per_device_train_batch_size × gradient_accumulation_steps). KTO works best with ${FEWEST_EXAMPLES} to ${MOST_EXAMPLES}.`,
      field: 'gradient_accumulation_steps',
      fix: accumulationFix(batchSize, effective),
    });
  }
  if (settings.desirable_weight !== 1 && settings.undesirable_weight !== 1) {
    warnings.push({
      text: 'desirable_weight and undesirable_weight are both set. Only their ratio balances the data; leave one of them at 1.',
      field: 'undesirable_weight',
      fix: null,
    });
  }
  return warnings;
}

/** More batches a step, or fewer; null where a single batch is already too large. */
function accumulationFix(batchSize: number, effective: number): SettingFix | null {
  const wanted = effective < FEWEST_EXAMPLES ? Math.ceil(FEWEST_EXAMPLES / batchSize) : Math.floor(MOST_EXAMPLES / batchSize);
  return wanted === 0 ? null : useValue('gradient_accumulation_steps', wanted);
}

function balanceWarnings(settings: TrainingSettings, counts: LabelCounts | null): SettingsWarning[] {
  if (counts === null) return [];
  const balance = weightBalance(counts, { desirable: settings.desirable_weight, undesirable: settings.undesirable_weight });
  if (balance.balanced) return [];
  const ranges = [balance.desirableWeightRange, balance.undesirableWeightRange].map(([low, high]) => `${low} to ${high}`);
  const text =
    `There are ${counts.desirable} desirable and ${counts.undesirable} undesirable examples, and the weights do not make up for it. ` +
    `Set either desirable_weight to ${ranges[0]} or undesirable_weight to ${ranges[1]}, not both.`;
  return [{ text, field: 'desirable_weight', fix: balanceFix(counts) }];
}

/** The weights that the helper of the Pairs step would advise. */
function balanceFix(counts: LabelCounts): SettingFix | null {
  const advised = balanceChoices(counts).choices.find(({ kind, isAdvised }) => isAdvised && kind.endsWith('weight'));
  if (!advised) return null;
  const { desirableWeight, undesirableWeight } = advised;
  return {
    label: `Use ${desirableWeight} and ${undesirableWeight}`,
    changes: { desirable_weight: desirableWeight, undesirable_weight: undesirableWeight },
  };
}

function learningRateWarnings({ method, learning_rate: rate, beta }: TrainingSettings): SettingsWarning[] {
  if (rate < 1e-5) {
    const text = `learning_rate ${rate} suits the training of all weights. With LoRA 0.00001 to 0.0005 is usual, and below it little is learned.`;
    return [{ text, field: 'learning_rate', fix: useValue('learning_rate', 1e-4) }];
  }
  // The doc's rule is "lower with lower beta"; 5e-4 at beta 0.1 is the highest rate with a smooth run on record.
  const highest = Number((0.005 * beta).toPrecision(2));
  if (method !== 'kto' || rate <= highest) return [];
  const text = `learning_rate ${rate} is high for beta ${beta}: KTO may become unstable. Stay at or below ${highest}, or raise beta.`;
  return [{ text, field: 'learning_rate', fix: useValue('learning_rate', highest) }];
}

function withoutEffect(settings: TrainingSettings, given: ReadonlySet<string>): SettingsWarning[] {
  const { method, loss_type: loss } = settings;
  const warnings: SettingsWarning[] = [];
  const warn = (field: keyof TrainingSettings, text: string, fix: SettingFix | null = useDefault(field)) =>
    void warnings.push({ field, text, fix });
  for (const field of SETTING_FIELDS) {
    if (field.appliesTo === 'both' || field.appliesTo === method || !given.has(field.key)) continue;
    const key = field.key as keyof TrainingSettings;
    if (settings[key] !== field.default) warn(key, `${field.key} has no effect with ${method}.`);
  }
  if (method === 'dpo' && settings.label_smoothing > 0 && !SMOOTHED.has(loss)) {
    const text = `label_smoothing has no effect with loss_type ${loss}. Use robust for pairs that may be marked the wrong way round.`;
    warn('label_smoothing', text, useValue('loss_type', 'robust'));
  }
  if (method === 'dpo' && given.has('discopop_tau') && loss !== 'discopop')
    warn('discopop_tau', `discopop_tau has no effect with loss_type ${loss}.`);
  if (settings.lora_dropout > 0) {
    warn(
      'lora_dropout',
      'lora_dropout has no effect, because KTO and DPO compare the model with itself and train with dropout switched off.',
    );
  }
  if (settings.max_prompt_length !== null) {
    warn(
      'max_prompt_length',
      'max_prompt_length has no effect: rows are cut to max_length, and those whose prompt alone fills it are left out.',
    );
  }
  if (settings.max_steps > 0 && given.has('num_train_epochs'))
    warn('num_train_epochs', 'num_train_epochs has no effect, because max_steps is set.', useValue('max_steps', -1));
  if (settings.lr_scheduler_type === 'constant' && settings.warmup_steps > 0) {
    warn(
      'warmup_steps',
      'warmup_steps has no effect with lr_scheduler_type constant. Use constant_with_warmup.',
      useValue('lr_scheduler_type', 'constant_with_warmup'),
    );
  }
  return warnings;
}

function useDefault(field: keyof TrainingSettings): SettingFix | null {
  const about = SETTING_FIELDS.find(({ key }) => key === field);
  return about ? useValue(field, about.default) : null;
}
