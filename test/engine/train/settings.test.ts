/** @file The table of settings that command line and window show. */
import { describe, expect, it } from 'vitest';
import { LOSS_TYPES } from '#engine/train/loss-fields.ts';
import { describeAllowed } from '#engine/train/setting-field.ts';
import { SETTING_FIELDS, TrainingSettings } from '#engine/train/settings.ts';

describe('SETTING_FIELDS', () => {
  it('is plain JSON and covers exactly the settings of the schema', () => {
    expect(JSON.parse(JSON.stringify(SETTING_FIELDS))).toEqual(SETTING_FIELDS);
    expect(SETTING_FIELDS.map((field) => field.key)).toEqual(Object.keys(TrainingSettings.shape));
  });

  it('explains every setting in one plain sentence', () => {
    for (const { label, sentence } of SETTING_FIELDS) {
      expect(sentence).toMatch(/^[A-Z][^.]*(\.\d[^.]*)*\.$/);
      expect(label).not.toBe('');
    }
  });

  it.each(SETTING_FIELDS)('has a default for $key that its own schema accepts', ({ key, default: value }) => {
    expect(TrainingSettings.shape[key as keyof TrainingSettings].safeParse(value).success).toBe(true);
  });

  it.each(SETTING_FIELDS.filter((field) => field.min !== null))('keeps the lower end of the range of $key as it says', (field) => {
    const schema = TrainingSettings.shape[field.key as keyof TrainingSettings];
    const min = field.min as number;
    expect(schema.safeParse(min).success).toBe(field.open === 'none' || field.open === 'max');
    expect(schema.safeParse(min - 1).success).toBe(false);
  });

  it.each(SETTING_FIELDS.filter((field) => field.max !== null))('keeps the upper end of the range of $key as it says', (field) => {
    const schema = TrainingSettings.shape[field.key as keyof TrainingSettings];
    const max = field.max as number;
    expect(schema.safeParse(max).success).toBe(field.open === 'none' || field.open === 'min');
    expect(schema.safeParse(max + 1).success).toBe(false);
  });

  it('says of each setting what it must be', () => {
    expect(new Set(SETTING_FIELDS.map(describeAllowed))).toContain('a number above 0');
    for (const field of SETTING_FIELDS) expect(describeAllowed(field)).not.toMatch(/null [^ ]|undefined/);
  });
});

describe('LOSS_TYPES', () => {
  it('are those of TRL 1.13', () => {
    expect(LOSS_TYPES.kto).toHaveLength(2);
    expect(LOSS_TYPES.dpo).toHaveLength(15);
  });
});
