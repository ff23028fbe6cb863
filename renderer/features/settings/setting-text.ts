/** @file Between the text of an input and the value of a setting. Whether a value can be is main's matter: what is no number goes there as text. */
import type { GivenSettings } from '#contract/choices.ts';
import type { SettingField, SettingValue } from '#contract/settings.ts';
import { formatSetting } from '#renderer/words/quantities.ts';
import { settingsWords } from '#renderer/words/settings.ts';

/** @returns undefined for the default */
export function readSetting(text: string, field: SettingField): SettingValue | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  if (field.nullable && /^(none|null)$/i.test(trimmed)) return isDefault(null, field);
  if (field.kind === 'modules') return isDefault(readModules(trimmed), field);
  const number = Number(trimmed.replace(',', '.'));
  return isDefault(Number.isNaN(number) ? trimmed : number, field);
}

export function writeSetting(value: GivenSettings[string] | SettingValue): string {
  if (value === null) return settingsWords.none;
  if (typeof value === 'number') return formatSetting(value);
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? value.map((item) => writeSetting(item)).join(', ') : JSON.stringify(value);
}

/** A default that was typed is none that was chosen. */
function isDefault(value: SettingValue, field: SettingField): SettingValue | undefined {
  return JSON.stringify(value) === JSON.stringify(field.default) ? undefined : value;
}

/** One word that is more than a name (all-linear, a regular expression) stays text; names become a list. */
function readModules(text: string): SettingValue {
  if (/[^\w, .]|^all/.test(text)) return text;
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
