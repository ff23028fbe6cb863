/**
 * @file Equality of parsed JSON, as far as a dataset is concerned.
 */
import type { JsonValue } from './row.ts';

/** Deep equality; the order of keys does not matter, and a key that holds `null` equals one that is absent (as in Arrow). */
export function jsonEqual(left: JsonValue | undefined, right: JsonValue | undefined): boolean {
  if (left === right || (left ?? null) === (right ?? null)) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (Array.isArray(left) || Array.isArray(right)) {
    if (!Array.isArray(left) || !Array.isArray(right) || left.length !== right.length) return false;
    return left.every((item, index) => jsonEqual(item, right[index]));
  }
  const leftFields = left as Readonly<Record<string, JsonValue>>;
  const rightFields = right as Readonly<Record<string, JsonValue>>;
  const keys = new Set([...Object.keys(leftFields), ...Object.keys(rightFields)]);
  return [...keys].every((key) => jsonEqual(leftFields[key], rightFields[key]));
}
