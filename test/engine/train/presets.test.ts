/** @file The presets are settings that work. */
import { describe, expect, test } from 'vitest';
import { PRESETS, SIMPLE_SETTINGS } from '#engine/train/presets.ts';
import { resolveSettings } from '#engine/train/resolve-settings.ts';
import { SETTING_FIELDS } from '#engine/train/settings.ts';

describe.each(PRESETS)('$label', ({ name, settings }) => {
  test.each(['kto', 'dpo'] as const)('works with %s, without a warning unless it only repeats TRL', (method) => {
    const { warnings } = resolveSettings(settings, { method });
    const repeats = ['learning_rate', 'gradient_accumulation_steps'];
    expect(warnings.filter(({ field }) => name !== 'trl-defaults' || !repeats.includes(field))).toEqual([]);
  });

  test('names only what differs from a default', () => {
    const defaults = new Map(SETTING_FIELDS.map((field) => [field.key, field.default]));
    expect(Object.entries(settings).filter(([key, value]) => value === defaults.get(key))).toEqual([]);
  });
});

test('the simple settings are five that exist', () => {
  expect(SIMPLE_SETTINGS).toHaveLength(5);
  expect(SIMPLE_SETTINGS.every((key) => SETTING_FIELDS.some((field) => field.key === key))).toBe(true);
});
