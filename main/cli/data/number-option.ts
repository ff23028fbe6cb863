/** @file The number given for an option. */
import { SettingsError } from '#contract/errors.ts';
import { textOf, type GivenOptions } from '#cli/option-spec.ts';

export interface NumberRange {
  readonly least: number;
  readonly most: number;
  readonly isWhole: boolean;
}

/**
 * Undefined if it was not given.
 * @throws {SettingsError} if it is no number or out of range
 */
export function numberOf(given: GivenOptions, name: string, { least, most, isWhole }: NumberRange): number | undefined {
  const text = textOf(given, name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() !== '' && value >= least && value <= most && (!isWhole || Number.isInteger(value))) return value;
  const range = Number.isFinite(most) ? `from ${least} to ${most}` : Number.isFinite(least) ? `of ${least} or more` : '';
  throw new SettingsError(
    `--${name} takes a ${isWhole ? 'whole ' : ''}number ${range}; it was given ${JSON.stringify(text)}.`.replace('  ', ' '),
    {
      field: name,
    },
  );
}

/** One of some words. @throws {SettingsError} if it is another */
export function wordOf<const Word extends string>(given: GivenOptions, name: string, words: readonly Word[]): Word | undefined {
  const text = textOf(given, name);
  if (text === undefined) return undefined;
  const word = words.find((one) => one === text);
  if (word !== undefined) return word;
  throw new SettingsError(`--${name} takes ${words.join(', ')}; it was given ${JSON.stringify(text)}.`, { field: name });
}
