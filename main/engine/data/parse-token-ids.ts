/**
 * @file Reads pre-tokenised fields. Whether an id is inside the model's vocabulary is checked when the model is known.
 */
import { describeValue, rowError } from './row-place.ts';
import type { RowPlace } from './row-place.ts';

const LARGEST_ID = 2 ** 31 - 1;

/**
 * A list of token ids, possibly empty (a prompt).
 * @throws {ImportError} if it is missing, not a list, or holds anything but whole numbers from 0
 */
export function parseTokenIds(value: unknown, column: string, place: RowPlace): Int32Array {
  if (value === null || value === undefined) throw rowError(place, column, `has no \`${column}\``, 'Fill it in or skip the row.');
  if (!Array.isArray(value) && !ArrayBuffer.isView(value)) {
    throw rowError(place, column, `has ${describeValue(value)} as \`${column}\` where a list of token ids is expected`);
  }
  const list: readonly unknown[] = Array.isArray(value) ? value : Array.from(value as unknown as ArrayLike<unknown>);
  return Int32Array.from(list, (item, index) => {
    const id = typeof item === 'bigint' ? Number(item) : item;
    if (typeof id === 'number' && Number.isInteger(id) && id >= 0 && id <= LARGEST_ID) return id;
    throw rowError(place, column, `has ${describeValue(item)} at position ${index} of \`${column}\` where a token id is expected`);
  });
}

/**
 * A list of token ids with at least one (a completion).
 * @throws {ImportError} if it is empty
 */
export function parseAnswerIds(value: unknown, column: string, place: RowPlace): Int32Array {
  const ids = parseTokenIds(value, column, place);
  if (ids.length === 0) throw rowError(place, column, `has no tokens in \`${column}\``, 'Fill it in or skip the row.');
  return ids;
}
