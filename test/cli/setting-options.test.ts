/** @file Every setting has its option, which takes what the setting takes and refuses the rest. */
import { expect, test } from 'vitest';
import { SETTING_OPTIONS, settingsFromOptions } from '#cli/setting-options.ts';
import { optionName, parseSettingValue } from '#cli/setting-value.ts';
import { SettingsError } from '#contract/errors.ts';
import { describeAllowed } from '#engine/train/setting-field.ts';
import type { SettingField } from '#engine/train/setting-field.ts';
import { SETTING_FIELDS, TrainingSettings } from '#engine/train/settings.ts';
import { cli, TRAIN_ARGS } from '#test/support/fake-cli-host.ts';

const byKey = new Map(SETTING_FIELDS.map((field) => [field.key, field]));
const field = (key: string) => byKey.get(key) as SettingField;

/** The default as a person would type it. */
function typed({ default: value }: SettingField): string {
  return value === null ? 'none' : String(value);
}

test('every setting has one option under its name in kebab-case', () => {
  expect(SETTING_OPTIONS.map(({ name }) => name)).toEqual(Object.keys(TrainingSettings.shape).map((key) => key.replaceAll('_', '-')));
});

test.each(SETTING_FIELDS.map(({ key }) => key))('%s stands under a heading of its own kind', (key) => {
  const option = SETTING_OPTIONS.find(({ name }) => name === optionName(key));
  expect(option?.group).not.toBe('Other settings');
  expect(option?.kind).toBe(field(key).kind === 'flag' ? 'toggle' : 'value');
});

test.each(SETTING_FIELDS.filter(({ kind }) => kind !== 'flag'))('$key reads its own default', (setting) => {
  expect(parseSettingValue(setting, typed(setting))).toEqual(setting.default);
});

test.each(SETTING_FIELDS)('--$key reaches the job', async (setting) => {
  const { key, kind } = setting;
  const name = optionName(key);
  const settable = { loss_type: 'kto', max_prompt_length: 'none', method: 'kto' }[key] ?? typed(setting);
  const args = kind === 'flag' ? [setting.default === true ? `--no-${name}` : `--${name}`] : [`--${name}`, settable];
  const { host, exitCode, stderr } = await cli([...TRAIN_ARGS, ...args], {
    events: [{ kind: 'finished', step: 1, outDir: 'run', trainLoss: 0 }],
  });
  expect(stderr).toBe('');
  expect(exitCode).toBe(0);
  const expected = kind === 'flag' ? setting.default !== true : parseSettingValue(setting, settable);
  expect(host.requests).toMatchObject([{ settings: { [key]: expected } }]);
});

test.each(SETTING_FIELDS.filter(({ nullable }) => nullable))('$key can be null', (setting) => {
  expect(['null', 'none', 'None'].map((text) => parseSettingValue(setting, text))).toEqual([null, null, null]);
});

test.each(SETTING_FIELDS.filter(({ nullable, kind }) => !nullable && kind !== 'flag' && kind !== 'modules'))(
  '$key cannot be null',
  (setting) => {
    expect(() => parseSettingValue(setting, 'none')).toThrow(SettingsError);
  },
);

test.each(SETTING_FIELDS.filter(({ kind }) => kind !== 'flag' && kind !== 'modules'))(
  'a value that $key cannot have is refused with what it must be',
  (setting) => {
    const message = `--${optionName(setting.key)} must be ${describeAllowed(setting)}; it is many.`;
    expect(() => parseSettingValue(setting, 'many')).toThrow(message);
  },
);

test.each(SETTING_FIELDS.filter(({ min }) => min !== null))('$key refuses what lies below its range', (setting) => {
  expect(() => parseSettingValue(setting, String((setting.min ?? 0) - 1))).toThrow(SettingsError);
});

test.each(SETTING_FIELDS.filter(({ max }) => max !== null))('$key refuses what lies above its range', (setting) => {
  expect(() => parseSettingValue(setting, String((setting.max ?? 0) + 1))).toThrow(SettingsError);
});

test.each(['1e-4', '.0001', '0.0001', '+1E-4'])('%s is a way to write a number', (text) => {
  expect(parseSettingValue(field('learning_rate'), text)).toBe(1e-4);
});

test.each(['', ' ', '0x10', '1_000', '1,5', 'NaN', 'Infinity', '1e', '--'])('%j is not a number', (text) => {
  expect(() => parseSettingValue(field('learning_rate'), text)).toThrow(SettingsError);
});

test('a fraction is not a whole number', () => {
  expect(() => parseSettingValue(field('lora_r'), '8.5')).toThrow('--lora-r must be a whole number at least 1; it is 8.5.');
});

test.each([
  ['q_proj,v_proj', ['q_proj', 'v_proj']],
  ['q_proj, v_proj', ['q_proj', 'v_proj']],
  ['q_proj', ['q_proj']],
  ['model.layers.0.mlp.up_proj', ['model.layers.0.mlp.up_proj']],
  ['all-linear', 'all-linear'],
  ['All-Linear', 'All-Linear'],
  ['model.layers.0.self_attn.(q|v)_proj', 'model.layers.0.self_attn.(q|v)_proj'],
  [String.raw`.*\.(q|v)_proj`, String.raw`.*\.(q|v)_proj`],
  [String.raw`.*\.\d{1,2}\.self_attn\..*`, String.raw`.*\.\d{1,2}\.self_attn\..*`],
])('--target-modules %s is read as PEFT would mean it', (text, expected) => {
  expect(parseSettingValue(field('target_modules'), text)).toEqual(expected);
});

test('no modules at all are refused', () => {
  expect(() => parseSettingValue(field('target_modules'), '')).toThrow('it is empty');
});

test('only what was given becomes a setting', () => {
  expect(
    settingsFromOptions(
      new Map<string, string | boolean>([
        ['beta', '0.2'],
        ['shuffle', false],
        ['model', 'base'],
      ]),
    ),
  ).toEqual({
    beta: 0.2,
    shuffle: false,
  });
});
