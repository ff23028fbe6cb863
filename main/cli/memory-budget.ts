/** @file `--memory-budget`: an amount of memory, or a share of what is free. */
import { freemem } from 'node:os';
import { SettingsError } from '#contract/errors.ts';
import { INPUT_GROUP } from './common-options.ts';
import { textOf, valueOption } from './option-spec.ts';
import type { GivenOptions } from './option-spec.ts';

export const MEMORY_BUDGET = valueOption(
  'memory-budget',
  'SIZE',
  'Memory the run may use, as 8GB, 6500MB or 50% (of what is free); it decides how work is cut up, never the results.',
  { group: INPUT_GROUP, default: '70%' },
);

const UNITS: Readonly<Record<string, number>> = { KB: 1e3, MB: 1e6, GB: 1e9, KIB: 2 ** 10, MIB: 2 ** 20, GIB: 2 ** 30 };

/**
 * @returns bytes, or null where the option was not given
 * @throws {SettingsError} if it is no amount of memory
 */
export function memoryBudget(given: GivenOptions, freeBytes: number = freemem()): number | null {
  const text = textOf(given, MEMORY_BUDGET.name);
  if (text === undefined) return null;
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*(%|[kmg]i?b)$/i.exec(text) ?? [];
  const amount = Number(number);
  const bytes = unit === '%' ? (amount / 100) * freeBytes : amount * (UNITS[unit.toUpperCase()] ?? Number.NaN);
  if (number !== '' && bytes > 0 && (unit !== '%' || amount <= 100)) return Math.floor(bytes);
  throw new SettingsError(
    `--memory-budget must be a size such as 8GB or 6500MB, or a share such as 50%; it is ${text === '' ? 'empty' : text}.`,
    {
      field: 'memory_budget',
    },
  );
}
