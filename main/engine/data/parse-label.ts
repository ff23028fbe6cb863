/**
 * @file Reads the `label` of a KTO example.
 */
import { describeValue, rowError } from './row-place.ts';
import type { RowPlace } from './row-place.ts';

// Only spellings that cannot mean anything else; TRL compares by identity, so that an integer label trains nothing there.
const LABELS: ReadonlyMap<unknown, boolean> = new Map<unknown, boolean>([
  [true, true],
  [false, false],
  [1, true],
  [0, false],
  [1n, true],
  [0n, false],
  ['true', true],
  ['false', false],
  ['True', true],
  ['False', false],
]);

/**
 * `true` = desirable.
 * @param column - the field's name, for messages
 * @throws {ImportError} if the label is missing or is any other value
 */
export function parseLabel(value: unknown, place: RowPlace, column = 'label'): boolean {
  const label = asLabel(value);
  if (label !== undefined) return label;
  const advice = 'Use true for a desirable completion and false for an undesirable one.';
  if (value === null || value === undefined || value === '') throw rowError(place, column, `has no \`${column}\``, advice);
  throw rowError(place, column, `has the \`${column}\` ${describeValue(value)}`, advice);
}

/** The label that a value can only mean; undefined if it is none. */
export function asLabel(value: unknown): boolean | undefined {
  return LABELS.get(value);
}
