/** @file The value of a setting from what was typed after its option. */
import { SettingsError } from '#contract/errors.ts';
import { describeAllowed } from '#engine/train/setting-field.ts';
import type { SettingField, SettingValue } from '#engine/train/setting-field.ts';
import { TrainingSettings } from '#engine/train/settings.ts';

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const NULL = /^(?:null|none)$/i;
const ALL_LINEAR = /^all-linear$/i;
/** Module names (or endings of them) with commas between. Anything else is one regular expression. */
const NAME_LIST = /^\s*[\w.]+\s*(?:,\s*[\w.]+\s*)*$/;

/**
 * Only the setting by itself is checked; `resolveSettings` looks across them.
 * @throws {SettingsError} naming the option and what it must be
 */
export function parseSettingValue(field: SettingField, text: string): SettingValue {
  const value = read(field, text);
  if (TrainingSettings.shape[field.key as keyof TrainingSettings].safeParse(value).success) return value;
  throw new SettingsError(`--${optionName(field.key)} must be ${describeAllowed(field)}; it is ${text === '' ? 'empty' : text}.`, {
    field: field.key,
  });
}

/** `learning_rate` → `learning-rate` */
export function optionName(key: string): string {
  return key.replaceAll('_', '-');
}

/** Text that does not fit the kind is handed on as it is, to be refused by the schema. */
function read({ kind, nullable }: SettingField, text: string): SettingValue {
  if (nullable && NULL.test(text)) return null;
  switch (kind) {
    case 'number':
    case 'integer':
    case 'interval':
      return NUMBER.test(text) ? Number(text) : text;
    case 'modules':
      return ALL_LINEAR.test(text) || !NAME_LIST.test(text) ? text : text.split(',').map((name) => name.trim());
    case 'choice':
    case 'flag':
      return text;
    default:
      return kind satisfies never;
  }
}
