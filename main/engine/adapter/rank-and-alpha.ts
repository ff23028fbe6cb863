/** @file Rank and alpha of one module: the general value, unless a pattern for the end of the module's name says another. */
import type { LoraConfig } from './lora-config.ts';
import { compilePythonRegex } from './python-regex.ts';

/**
 * @returns R by module name
 * @throws {SettingsError} if a key of `rank_pattern` is no regular expression
 */
export function moduleRank({ r, rankPattern }: Pick<LoraConfig, 'r' | 'rankPattern'>): (name: string) => number {
  return lookUp(rankPattern, r, 'rank_pattern');
}

/**
 * @returns alpha by module name
 * @throws {SettingsError} if a key of `alpha_pattern` is no regular expression
 */
export function moduleAlpha({ loraAlpha, alphaPattern }: Pick<LoraConfig, 'loraAlpha' | 'alphaPattern'>): (name: string) => number {
  return lookUp(alphaPattern, loraAlpha, 'alpha_pattern');
}

/** The first key that matches counts. @see PEFT 0.21, `get_pattern_key` in utils/other.py */
function lookUp(values: Readonly<Record<string, number>>, fallback: number, field: string): (name: string) => number {
  const patterns = Object.entries(values).map(([key, value]) => [compilePythonRegex(`(.*\\.)?(${key})$`, 'match', field), value] as const);
  return (name) => patterns.find(([pattern]) => pattern.test(name))?.[1] ?? fallback;
}
