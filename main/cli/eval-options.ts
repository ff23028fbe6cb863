/** @file The options that evaluating one adapter and comparing several have in common. */
import { SettingsError } from '#contract/errors.ts';
import { textOf, valueOption } from './option-spec.ts';
import type { GivenOptions, OptionSpec } from './option-spec.ts';

const GROUP = { group: 'Evaluation' };

export const EVAL_OPTIONS: readonly OptionSpec[] = [
  valueOption('pairs', 'FILE', 'Held-out pairs of a chosen and a rejected answer. Required.', GROUP),
  valueOption('max-length', 'N', 'Prompt and answer together are cut to this many tokens.', { ...GROUP, default: 'none' }),
  valueOption('beta', 'X', 'Scales rewards; the same for every run, so that they can be compared.', { ...GROUP, default: '0.1' }),
  valueOption('answers', 'N', 'Prompts to answer, to measure length, variety and KL from the base model; 0 for none.', {
    ...GROUP,
    default: '16',
  }),
  valueOption('max-new-tokens', 'N', 'The longest an answer may become.', { ...GROUP, default: '64' }),
  valueOption('seed', 'N', 'Of the answers and the intervals.', { ...GROUP, default: '0' }),
];

export interface EvalSettings {
  readonly maxLength: number | null;
  readonly beta: number;
  readonly answers: number;
  readonly maxNewTokens: number;
  readonly seed: number;
}

/** @throws {SettingsError} naming the first value that can't be */
export function evalSettings(given: GivenOptions): EvalSettings {
  const whole = (name: string, fallback: number, least: number): number => {
    const text = textOf(given, name);
    if (text === undefined) return fallback;
    if (/^\d+$/.test(text) && Number(text) >= least && Number(text) < 2 ** 32) return Number(text);
    throw new SettingsError(`--${name} must be a whole number of at least ${least}; it is ${text === '' ? 'empty' : text}.`, {
      field: name,
    });
  };
  const beta = Number(textOf(given, 'beta') ?? 0.1);
  if (!Number.isFinite(beta) || beta <= 0)
    throw new SettingsError(`--beta must be a number above 0; it is ${textOf(given, 'beta') ?? ''}.`, { field: 'beta' });
  return {
    maxLength: textOf(given, 'max-length') === undefined ? null : whole('max-length', 0, 2),
    beta,
    answers: whole('answers', 16, 0),
    maxNewTokens: whole('max-new-tokens', 64, 1),
    seed: whole('seed', 0, 0),
  };
}
