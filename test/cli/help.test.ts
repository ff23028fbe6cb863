/** @file The help says everything there is, without being compared letter by letter. */
import { expect, test } from 'vitest';
import { COMMANDS } from '#cli/commands.ts';
import { optionName } from '#cli/setting-value.ts';
import { SETTING_FIELDS } from '#engine/train/settings.ts';
import { cli, fakeHost } from '#test/support/fake-cli-host.ts';
import { runCli } from '#cli/run-cli.ts';

const flat = (text: string) => text.replaceAll(/\s+/g, ' ');

test.each([[['--help']], [['-h']], [['help']], [[]]])('%j shows all commands', async (args) => {
  const { exitCode, stdout, stderr } = await cli(args);
  for (const { name, summary } of COMMANDS) {
    expect(stdout).toContain(`prospect ${name} --help`);
    expect(flat(stdout)).toContain(summary);
  }
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
});

test.each(COMMANDS.map(({ name }) => name))('the help of %s has every option with a sentence, and examples at the end', async (name) => {
  const { exitCode, stdout } = await cli([name, '--help']);
  expect(exitCode).toBe(0);
  const { options } = await (COMMANDS.find((entry) => entry.name === name) as (typeof COMMANDS)[number]).load();
  for (const option of options) {
    expect(stdout).toMatch(new RegExp(`^  --${option.name}[ ,\n]`, 'm'));
    expect(option.sentence).toMatch(/^[A-Z].*[.]$/);
    expect(flat(stdout)).toContain(option.sentence);
  }
  expect(stdout.trimEnd().split('\n\n').at(-1)).toMatch(/^Examples:\n {2}# .*\n {2}prospect /);
});

test.each(COMMANDS.map(({ name }) => name))('help %s, %s --help and -h say the same, whatever else is wrong', async (name) => {
  const ways = [
    ['help', name],
    [name, '--help'],
    [name, '-h'],
    [name, '--nonsense', '--help'],
  ];
  const texts = await Promise.all(ways.map(async (args) => (await cli(args)).stdout));
  expect(new Set(texts).size).toBe(1);
  expect(texts[0]).toContain('Usage:');
});

test.each(SETTING_FIELDS)('the help of train has $key with its sentence, values and default', async ({ key, sentence, kind, values }) => {
  const help = flat((await cli(['train', '--help'])).stdout);
  const name = optionName(key);
  expect(help).toContain(kind === 'flag' ? ` --${name}, --no-${name} ${sentence}` : ` --${name} `);
  expect(help).toContain(sentence);
  for (const value of values ?? []) expect(help).toContain(value);
});

test('defaults are shown as they would be typed', async () => {
  const help = flat((await cli(['train', '--help'])).stdout);
  const after = (name: string) => help.slice(help.indexOf(` --${name} `)).match(/\(default: ([^)]*)\)/)?.[1];
  const shown = ['learning-rate', 'beta', 'target-modules', 'max-length', 'eval-steps', 'shuffle,', 'use-rslora,', 'loss-type'].map(after);
  expect(shown).toEqual(['1e-6', '0.1', 'q_proj,v_proj', '1024', 'none', 'on', 'off', 'kto, or sigmoid with dpo']);
});

test('headings stand in the order in which a person needs them', async () => {
  const { stdout } = await cli(['train', '--help']);
  expect([...stdout.matchAll(/^([A-Z].*):$/gm)].map(([, title]) => title)).toEqual([
    'Usage',
    'Input and output',
    'Method',
    'LoRA',
    'Text',
    'Optimizer',
    'Loop',
    'Other',
    'Examples',
  ]);
});

test.each([60, 80, 120])('sentences keep to a terminal of %i columns', async (columns) => {
  const host = fakeHost();
  host.stdout.columns = columns;
  await runCli(['train', '--help'], host);
  const [options = ''] = host.stdout.text.slice(host.stdout.text.indexOf('Input and output:')).split('Examples:');
  expect(Math.max(...options.split('\n').map((line) => line.length))).toBeLessThanOrEqual(columns);
});

test('--version prints the version alone', async () => {
  const { exitCode, stdout, stderr } = await cli(['--version']);
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
});
