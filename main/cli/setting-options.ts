/** @file The options made from the training settings: one for every hyperparameter, under its standard name. */
import { ADAPTER_FIELDS } from '#engine/train/adapter-fields.ts';
import { LOOP_FIELDS } from '#engine/train/loop-fields.ts';
import { LOSS_FIELDS } from '#engine/train/loss-fields.ts';
import { OPTIMIZER_FIELDS } from '#engine/train/optimizer-fields.ts';
import type { SettingField, SettingValue } from '#engine/train/setting-field.ts';
import { SETTING_FIELDS } from '#engine/train/settings.ts';
import type { GivenOptions, OptionSpec } from './option-spec.ts';
import { optionName, parseSettingValue } from './setting-value.ts';

/** Tables of fields in the order of the help; a field that stands better elsewhere is in `MOVED`. */
const GROUPS: readonly (readonly [title: string, fields: object])[] = [
  ['Method', LOSS_FIELDS],
  ['LoRA', ADAPTER_FIELDS],
  ['Optimizer', OPTIMIZER_FIELDS],
  ['Loop', LOOP_FIELDS],
];

const MOVED: Readonly<Record<string, string>> = {
  eval_ratio: 'Input and output',
  max_length: 'Text',
  max_prompt_length: 'Text',
  truncation_mode: 'Text',
};

/** Where one word would be wrong: the loss depends on the method, and the method has to be chosen. */
const SHOWN_DEFAULTS: Readonly<Record<string, string | null>> = { method: null, loss_type: 'kto, or sigmoid with dpo' };

/** Longer lists of values stand in the sentence. */
const SHORT_CHOICE = 24;

const PLACEHOLDERS: Readonly<Record<SettingField['kind'], string>> = {
  number: 'X',
  integer: 'N',
  interval: 'STEPS',
  choice: 'NAME',
  flag: '',
  modules: 'NAMES',
};

/** In the order in which the settings are declared. */
export const SETTING_OPTIONS: readonly OptionSpec[] = SETTING_FIELDS.map((field) => ({
  name: optionName(field.key),
  kind: field.kind === 'flag' ? 'toggle' : 'value',
  placeholder: isShortChoice(field) ? (field.values ?? []).join('|') : PLACEHOLDERS[field.kind],
  sentence: sentenceOf(field),
  group: groupOf(field.key),
  default: shownDefault(field),
}));

/**
 * @returns the settings that were given, by their standard names
 * @throws {SettingsError} for a value that can't be
 */
export function settingsFromOptions(given: GivenOptions): Record<string, SettingValue> {
  const settings: Record<string, SettingValue> = {};
  for (const field of SETTING_FIELDS) {
    const value = given.get(optionName(field.key));
    if (value !== undefined) settings[field.key] = typeof value === 'string' ? parseSettingValue(field, value) : value;
  }
  return settings;
}

function groupOf(key: string): string {
  return MOVED[key] ?? GROUPS.find(([, fields]) => key in fields)?.[0] ?? 'Other settings';
}

function sentenceOf(field: SettingField): string {
  const values = field.kind === 'choice' && !isShortChoice(field) ? ` One of ${(field.values ?? []).join(', ')}.` : '';
  const method = field.appliesTo === 'both' ? '' : ` Only for ${field.appliesTo.toUpperCase()}.`;
  return field.sentence + values + method;
}

function isShortChoice({ values }: SettingField): boolean {
  return values !== null && values.join('|').length <= SHORT_CHOICE;
}

function shownDefault({ key, default: value }: SettingField): string | null {
  const special = SHOWN_DEFAULTS[key];
  if (special !== undefined) return special;
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value === 'number') return shownNumber(value);
  return value === null ? 'none' : String(value); // a list is joined with commas, as it is typed
}

/** 0.000001 is hard to read. */
function shownNumber(value: number): string {
  return value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential() : String(value);
}
