/** @file From what a person wrote (a run.json, options of a command, a form) to complete, checked settings. */
import { SettingsError } from '#contract/errors.ts';
import { checkSettings } from './check-settings.ts';
import { nearestName } from './nearest-name.ts';
import { describeAllowed } from './setting-field.ts';
import { SETTING_FIELDS, TrainingSettings } from './settings.ts';
import { settingsWarnings, type SettingsWarning } from './settings-warnings.ts';
import type { LabelCounts } from './weight-balance.ts';

export interface ResolvedSettings {
  readonly settings: TrainingSettings;
  /** What works but will probably disappoint. */
  readonly warnings: readonly SettingsWarning[];
}

/** Other names in use for the same setting: PEFT's LoraConfig, TRL's ModelConfig, Transformers 4. */
export const SETTING_ALIASES: ReadonlyMap<string, keyof TrainingSettings> = new Map([
  ['r', 'lora_r'],
  ['lora_target_modules', 'target_modules'],
  ['warmup_ratio', 'warmup_steps'],
]);

/**
 * @param partial - an object of settings; those left out get their defaults
 * @param options.method - decides if `partial` does not; must agree with it if it does
 * @param options.earlier - settings of the run that this one continues; they stand where `partial` says nothing
 * @param options.labelCounts - of the training examples, for the advice on weights
 * @throws {SettingsError} naming the first key that is unknown, impossible, or at odds with another
 */
export function resolveSettings(
  partial: unknown,
  options: {
    readonly method?: TrainingSettings['method'];
    readonly earlier?: Readonly<Record<string, unknown>>;
    readonly labelCounts?: LabelCounts | null;
  } = {},
): ResolvedSettings {
  const given = withoutAliases(entriesOf(partial));
  const earlier = withoutAliases(entriesOf(options.earlier ?? {}));
  const method = methodOf(new Map([...earlier, ...given]), options.method);
  given.set('method', method);
  if (earlier.get('method') !== method) earlier.delete('loss_type'); // it belongs to the other method
  const lossType = given.get('loss_type');
  // TRL's DPO takes a list of losses to add up; one of them is the same as none added.
  if (Array.isArray(lossType) && lossType.length === 1) given.set('loss_type', lossType[0]);
  const defaults: [string, unknown][] = SETTING_FIELDS.map((field) => [field.key, field.default]);
  const values = Object.fromEntries([...defaults, ...defaultsFor(method, lossType), ...earlier, ...given]);
  for (const field of SETTING_FIELDS) {
    const value = values[field.key];
    if (TrainingSettings.shape[field.key as keyof TrainingSettings].safeParse(value).success) continue;
    throw new SettingsError(`${field.key} must be ${describeAllowed(field)}; it is ${shown(value)}.`, { field: field.key });
  }
  const settings = TrainingSettings.parse(values);
  checkSettings(settings);
  const warnings = settingsWarnings(settings, { given: new Set(given.keys()), labelCounts: options.labelCounts ?? null });
  return { settings, warnings };
}

function entriesOf(partial: unknown): Map<string, unknown> {
  if (typeof partial !== 'object' || partial === null || Array.isArray(partial)) {
    throw new SettingsError(`Settings must be an object of names and values; they are ${shown(partial)}.`, { field: 'settings' });
  }
  return new Map(Object.entries(partial).filter(([, value]) => value !== undefined));
}

function withoutAliases(entries: ReadonlyMap<string, unknown>): Map<string, unknown> {
  const known = SETTING_FIELDS.map((field) => field.key);
  const renamed = new Map<string, unknown>();
  const writtenAs = new Map<string, string>();
  for (const [name, value] of entries) {
    const key = SETTING_ALIASES.get(name) ?? name;
    if (!known.includes(key)) {
      const nearest = nearestName(name, [...known, ...SETTING_ALIASES.keys()]);
      throw new SettingsError(`There is no setting named ${name}; the nearest is ${nearest}.`, { field: name });
    }
    const earlier = writtenAs.get(key);
    if (earlier !== undefined) throw new SettingsError(`${earlier} and ${name} are two names of one setting. Keep one.`, { field: name });
    writtenAs.set(key, name);
    if (name === 'warmup_ratio') checkWarmupRatio(value);
    renamed.set(key, value);
  }
  return renamed;
}

/** A ratio of 1 would be read as one step. */
function checkWarmupRatio(value: unknown): void {
  if (typeof value === 'number' && value >= 0 && value < 1) return;
  throw new SettingsError(`warmup_ratio must be a number at least 0 and below 1, a share of the run; it is ${shown(value)}.`, {
    field: 'warmup_ratio',
  });
}

function methodOf(given: ReadonlyMap<string, unknown>, asked: TrainingSettings['method'] | undefined): TrainingSettings['method'] {
  const written = given.get('method') ?? asked ?? 'kto';
  if (written !== 'kto' && written !== 'dpo')
    throw new SettingsError(`method must be one of kto, dpo; it is ${shown(written)}.`, { field: 'method' });
  if (asked !== undefined && written !== asked) {
    throw new SettingsError(`The settings are for method ${written}, but ${asked} was asked for. Change one of them.`, { field: 'method' });
  }
  return written;
}

function defaultsFor(method: TrainingSettings['method'], lossType: unknown): [string, unknown][] {
  const defaults: [string, unknown][] = [['loss_type', method === 'kto' ? 'kto' : 'sigmoid']];
  // TRL refuses exo_pair with its own default of 0 and names the paper's value; left out, that value is what is meant.
  if ((Array.isArray(lossType) ? lossType[0] : lossType) === 'exo_pair') defaults.push(['label_smoothing', 1e-3]);
  return defaults;
}

function shown(value: unknown): string {
  if (typeof value === 'number') return String(value);
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
