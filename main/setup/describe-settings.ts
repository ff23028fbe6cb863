/** @file What there is to set, as a form needs it; all of it is the engine's. */
import type { GivenSettings } from '#contract/choices.ts';
import type { Preset, SettingField } from '#contract/settings.ts';
import { ADAPTER_FIELDS } from '#engine/train/adapter-fields.ts';
import { LOOP_FIELDS } from '#engine/train/loop-fields.ts';
import { LOSS_FIELDS } from '#engine/train/loss-fields.ts';
import { PRESETS, SIMPLE_SETTINGS } from '#engine/train/presets.ts';
import { describeAllowed } from '#engine/train/setting-field.ts';
import { SETTING_FIELDS } from '#engine/train/settings.ts';

const SIMPLE: ReadonlySet<string> = new Set(SIMPLE_SETTINGS);

export function describeSettings(): { fields: SettingField[]; presets: Preset[] } {
  return {
    fields: SETTING_FIELDS.map((field) => ({
      ...field,
      allowed: describeAllowed(field),
      isSimple: SIMPLE.has(field.key),
      group: groupOf(field.key),
    })),
    presets: PRESETS.map(({ name, label, sentence, settings }) => ({
      name,
      label,
      sentence,
      settings: settings as GivenSettings,
    })),
  };
}

function groupOf(key: string): SettingField['group'] {
  if (key in LOSS_FIELDS) return 'loss';
  if (key in LOOP_FIELDS) return 'loop';
  return key in ADAPTER_FIELDS ? 'adapter' : 'optimizer';
}
