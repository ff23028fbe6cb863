/** @file The options that say how tokens are drawn, under their standard names. */
import { SettingsError } from '#contract/errors.ts';
import { checkSampling, DEFAULT_SAMPLING } from '#engine/generate/sampling.ts';
import type { Sampling } from '#engine/generate/sampling.ts';
import { flagOption, textOf, valueOption } from './option-spec.ts';
import type { GivenOptions, OptionSpec } from './option-spec.ts';

const GROUP = { group: 'Sampling' };

type NumberField = Exclude<keyof Sampling, 'greedy'>;

const FIELDS: Readonly<Record<NumberField, readonly [option: string, sentence: string]>> = {
  temperature: ['temperature', 'Higher is more surprising, lower more predictable.'],
  topP: ['top-p', 'Only the most likely tokens that together have this probability.'],
  topK: ['top-k', 'Only the K most likely tokens; 0 for all.'],
  minP: ['min-p', "Only tokens with at least this share of the most likely one's probability."],
  repetitionPenalty: ['repetition-penalty', 'Above 1 makes words that were there before less likely.'],
  maxNewTokens: ['max-new-tokens', 'The longest an answer may become.'],
};

export const SAMPLING_OPTIONS: readonly OptionSpec[] = [
  ...Object.entries(FIELDS).map(([field, [option, sentence]]) =>
    valueOption(option, 'N', sentence, { ...GROUP, default: String(DEFAULT_SAMPLING[field as NumberField]) }),
  ),
  flagOption('greedy', 'Always the most likely token; the other settings but repetition-penalty do not matter then.', GROUP),
  valueOption('seed', 'N', 'The same seed gives the same answer.', { ...GROUP, default: '0' }),
];

/** @throws {SettingsError} naming the first value that can't be */
export function samplingOf(given: GivenOptions): { readonly sampling: Sampling; readonly seed: number } {
  const numbers = Object.entries(FIELDS).map(([field, [option]]) => [
    field,
    numberOf(given, option) ?? DEFAULT_SAMPLING[field as NumberField],
  ]);
  const sampling = { ...(Object.fromEntries(numbers) as Record<NumberField, number>), greedy: given.get('greedy') === true };
  checkSampling(sampling);
  const seed = numberOf(given, 'seed') ?? 0;
  if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32) {
    throw new SettingsError(`--seed must be a whole number from 0 to ${2 ** 32 - 1}; it is ${seed}.`, { field: 'seed' });
  }
  return { sampling, seed };
}

function numberOf(given: GivenOptions, option: string): number | null {
  const text = textOf(given, option);
  if (text === undefined) return null;
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw new SettingsError(`--${option} must be a number; it is ${text === '' ? 'empty' : text}.`, { field: option.replaceAll('-', '_') });
}
