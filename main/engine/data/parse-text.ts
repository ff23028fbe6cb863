/**
 * @file Reads plain-text fields.
 */
import { describeValue, rowError } from './row-place.ts';
import type { RowPlace } from './row-place.ts';

/**
 * A text that may be empty (a prompt).
 * @throws {ImportError} if it is missing or not text
 */
export function parseText(value: unknown, column: string, place: RowPlace): string {
  if (value === null || value === undefined) throw rowError(place, column, `has no \`${column}\``, 'Fill it in or skip the row.');
  if (typeof value !== 'string') {
    throw rowError(place, column, `has ${describeValue(value)} as \`${column}\` where text is expected`);
  }
  assertWellFormed(value, column, place);
  return value;
}

/**
 * A text that must hold more than white space (a completion).
 * @throws {ImportError} if it does not
 */
export function parseAnswerText(value: unknown, column: string, place: RowPlace): string {
  if (value === null || value === undefined || (typeof value === 'string' && value.trim() === '')) {
    throw rowError(place, column, `has no \`${column}\` text`, 'Fill it in or skip the row.');
  }
  return parseText(value, column, place);
}

/** Half a surrogate pair has no UTF-8 form, so no tokenizer agrees on it. */
export function assertWellFormed(text: string, column: string, place: RowPlace): void {
  if (text.isWellFormed()) return;
  throw rowError(place, column, `has half of a character (a lone surrogate) in \`${column}\``, 'Repair the text or skip the row.');
}
