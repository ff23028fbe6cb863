/** @file What a button beside a setting would change to make it work, or work better. */
import { SETTING_FIELDS } from './settings.ts';
import type { SettingValue } from './setting-field.ts';

export interface SettingFix {
  /** On the button: "Use 4". */
  readonly label: string;
  /** Settings by name, to be set to these values. */
  readonly changes: Readonly<Record<string, SettingValue>>;
}

/** Values that are better than the default where the one given can't be. */
const BETTER: Readonly<Record<string, SettingValue>> = { per_device_train_batch_size: 4, label_smoothing: 1e-3, max_prompt_length: null };

export function useValue(field: string, value: SettingValue): SettingFix {
  return { label: value === null ? `Leave ${field} out` : `Use ${shown(value)}`, changes: { [field]: value } };
}

/**
 * The way out of an error of `resolveSettings`.
 * @param field - as the error names it
 * @param method - decides the default loss
 * @returns null if the field is unknown
 */
export function fixForError(field: string, method: 'kto' | 'dpo'): SettingFix | null {
  const about = SETTING_FIELDS.find(({ key }) => key === field);
  if (!about) return null;
  if (field === 'loss_type') return useValue(field, method === 'kto' ? 'kto' : 'sigmoid');
  const better = BETTER[field];
  return useValue(field, better === undefined ? about.default : better);
}

function shown(value: SettingValue): string {
  return Array.isArray(value) ? value.join(', ') : String(value);
}
