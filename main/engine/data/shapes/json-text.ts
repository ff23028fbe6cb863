/** @file Lists and objects that a table holds as JSON text. */
import { rowError } from '#engine/data/row-place.ts';
import type { RowPlace } from '#engine/data/row-place.ts';

/** True for a text that can only be meant as a JSON list or object. */
export function looksLikeJson(value: unknown): value is string {
  return typeof value === 'string' && /^\s*(?:\[\s*[[{"\d\]-]|\{\s*["}])/u.test(value);
}

/** What a JSON text holds; undefined if it is none. */
export function parseJsonText(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/**
 * A text that looks like JSON as what it holds, anything else as it is.
 * @throws {ImportError} if the JSON is broken
 */
export function readJsonText(value: unknown, column: string, place: RowPlace): unknown {
  if (!looksLikeJson(value)) return value;
  const parsed = parseJsonText(value);
  if (parsed !== undefined) return parsed;
  throw rowError(place, column, `has a text in \`${column}\` that begins like JSON and is none`, 'Repair it or skip the row.');
}
