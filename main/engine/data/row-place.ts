/**
 * @file Where a row stands, and errors that say so.
 */
import { ImportError } from '#contract/errors.ts';

export interface RowPlace {
  /** Name of the file, as the person knows it. */
  readonly file: string;
  /** 1-based. */
  readonly row: number;
}

/** An error about one field; `problem` continues the sentence "Row 214 of prefs.csv …", `advice` is a sentence of its own. */
export function rowError(place: RowPlace, column: string, problem: string, advice = 'Fix it or skip the row.'): ImportError {
  return new ImportError(`Row ${place.row} of ${place.file} ${problem}. ${advice}`, { file: place.file, row: place.row, column });
}

/** How a value is called in a message: short, and never the whole of a long text. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : `a ${typeof value}`;
}
