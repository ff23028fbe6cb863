/** @file Arguments become options, or one sentence about the first that does not. */
import { expect, test } from 'vitest';
import { flagOption, valueOption } from '#cli/option-spec.ts';
import type { OptionSpec } from '#cli/option-spec.ts';
import { parseOptions } from '#cli/parse-options.ts';
import { SettingsError } from '#contract/errors.ts';

const GROUP = { group: 'All' };
const SPECS: readonly OptionSpec[] = [
  valueOption('max-steps', 'N', 'How long.', GROUP),
  flagOption('resume', 'Go on.', GROUP),
  { name: 'shuffle', kind: 'toggle', placeholder: '', sentence: 'Mix.', group: 'All', default: 'on' },
];
const parse = (...args: string[]) => Object.fromEntries(parseOptions(args, SPECS, 'prospect train --help'));

test('a value follows its option or an equals sign', () => {
  expect(parse('--max-steps', '5')).toEqual({ 'max-steps': '5' });
  expect(parse('--max-steps=5')).toEqual({ 'max-steps': '5' });
  expect(parse('--max-steps=a=b')).toEqual({ 'max-steps': 'a=b' });
});

test('a value may be a negative number', () => {
  expect(parse('--max-steps', '-1', '--resume')).toEqual({ 'max-steps': '-1', resume: true });
});

test('of an option given twice the last counts', () => {
  expect(parse('--max-steps', '5', '--shuffle', '--max-steps', '6', '--no-shuffle')).toEqual({ 'max-steps': '6', shuffle: false });
});

test('a toggle can be written as a value too', () => {
  expect([parse('--shuffle'), parse('--shuffle=true'), parse('--shuffle=false'), parse('--no-shuffle')]).toEqual([
    { shuffle: true },
    { shuffle: true },
    { shuffle: false },
    { shuffle: false },
  ]);
});

test.each([
  [['--max-step', '5'], 'There is no option --max-step; the nearest is --max-steps. See prospect train --help.'],
  [['--max_steps', '5'], 'There is no option --max_steps; the nearest is --max-steps.'],
  [['--noshuffle'], 'There is no option --noshuffle; the nearest is --no-shuffle.'],
  [['--no-resume'], 'There is no option --no-resume; the nearest is --resume.'],
  [['-r'], 'There is no option -r; the nearest is'],
  [['rows.jsonl'], 'Unexpected argument rows.jsonl: options begin with --.'],
  [['two words'], 'Unexpected argument "two words"'],
  [['--max-steps'], '--max-steps needs a value: --max-steps N.'],
  [['--max-steps', '--resume'], '--max-steps needs a value: --max-steps N.'],
  [['--resume=yes'], '--resume takes no value; it was given yes.'],
  [['--shuffle=maybe'], '--shuffle takes no value; it was given maybe.'],
  [['--no-shuffle=true'], '--no-shuffle takes no value; it was given true.'],
])('%j is refused: %s', (args, message) => {
  expect(() => parse(...args)).toThrow(SettingsError);
  expect(() => parse(...args)).toThrow(message);
});
