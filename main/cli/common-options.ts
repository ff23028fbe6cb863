/** @file Options that several commands have. */
import { flagOption, textOf, valueOption } from './option-spec.ts';
import type { GivenOptions, OptionSpec } from './option-spec.ts';
import { SettingsError } from '#contract/errors.ts';
import { defaultCacheFolder } from './cache-folder.ts';
import type { CliHost } from './host.ts';

export const INPUT_GROUP = 'Input and output';
export const OTHER_GROUP = 'Other';

export const CACHE_DIR = valueOption(
  'cache-dir',
  'DIR',
  'Where hashes, reference log-probabilities and converted weights are kept for the next time; else $PROSPECT_DATA_DIR.',
  { group: INPUT_GROUP, default: "the system's cache folder" },
);

/** `--verbose` and `--help` are understood before the options are parsed; here they are listed. */
export const OTHER_OPTIONS: readonly OptionSpec[] = [
  flagOption('verbose', 'Shows where in the program an error came from.', { group: OTHER_GROUP }),
  flagOption('help', 'Shows this text.', { group: OTHER_GROUP }),
];

export function cacheFolder(given: GivenOptions, host: CliHost): string {
  return textOf(given, CACHE_DIR.name) ?? defaultCacheFolder(host);
}

/**
 * The texts of the options that a command can't do without.
 * @throws {SettingsError} naming all that are missing
 */
export function requireOptions<const Names extends readonly string[]>(
  given: GivenOptions,
  names: Names,
  specs: readonly OptionSpec[],
): Readonly<Record<Names[number], string>> {
  const missing = names.filter((name) => (textOf(given, name) ?? '') === '');
  if (missing.length === 0) return Object.fromEntries(names.map((name) => [name, textOf(given, name)])) as Record<Names[number], string>;
  const written = missing.map((name) => `--${name} ${specs.find((spec) => spec.name === name)?.placeholder ?? ''}`);
  const listed = written.length === 1 ? written.join() : `${written.slice(0, -1).join(', ')} and ${written.at(-1) ?? ''}`;
  throw new SettingsError(`${listed} ${written.length === 1 ? 'is' : 'are'} missing.`, { field: missing[0] ?? '' });
}
