/** @file What one option of a command is. */

export interface OptionSpec {
  /** Without the dashes. */
  readonly name: string;
  /** A `value` has one after it; a `flag` is there or not; a `toggle` can also be switched off with --no-NAME. */
  readonly kind: 'value' | 'flag' | 'toggle';
  /** Stands for the value in the help. */
  readonly placeholder: string;
  readonly sentence: string;
  /** Heading of the help under which it stands. */
  readonly group: string;
  /** Shown in the help; null where there is none. */
  readonly default: string | null;
}

/** What was given, by name: the text of a value, or whether a flag or toggle is on. */
export type GivenOptions = ReadonlyMap<string, string | boolean>;

interface Words {
  readonly group: string;
  readonly default?: string;
}

export function valueOption(name: string, placeholder: string, sentence: string, { group, default: fallback }: Words): OptionSpec {
  return { name, kind: 'value', placeholder, sentence, group, default: fallback ?? null };
}

export function flagOption(name: string, sentence: string, { group }: Words): OptionSpec {
  return { name, kind: 'flag', placeholder: '', sentence, group, default: null };
}

/** The text given for a value option; undefined if it was not given. */
export function textOf(given: GivenOptions, name: string): string | undefined {
  const value = given.get(name);
  return typeof value === 'string' ? value : undefined;
}
