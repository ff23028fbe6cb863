/** @file Reads whether an answer is desirable, as a label mapping says. */
import type { ImportError } from '#contract/errors.ts';
import { asLabel, parseLabel } from '#engine/data/parse-label.ts';
import { describeValue, rowError } from '#engine/data/row-place.ts';
import type { RowPlace } from '#engine/data/row-place.ts';
import { createGetter } from './column-path.ts';
import type { Fields } from './column-path.ts';
import { collectVotes } from './collect-votes.ts';
import type { LabelMapping, LabelReading } from './label-mapping.ts';
import { asNumber, isUnrated, normaliseLabel } from './normalise-label.ts';
import type { LeftOutReason } from './record-reading.ts';

/** `true` = desirable; or why the answer is left out. */
export type Verdict = boolean | LeftOutReason;
export type LabelReader = (fields: Fields, place: RowPlace) => Verdict;

/** Label columns repeat themselves; a column of free text must not fill the memory. */
const REMEMBERED = 256;

/**
 * Returns a function that reads the label of one record after another.
 * @throws {ImportError} (the function) if the column holds what the mapping does not name
 */
export function createLabelReader({ column, reading, unrated, several }: LabelMapping): LabelReader {
  const get = createGetter(column);
  const judge = remember(createJudge(reading));
  const missing = (place: RowPlace): Verdict => {
    if (unrated === 'leave-out') return 'unrated';
    throw rowError(place, column, `has no \`${column}\``, adviceFor(reading));
  };
  const readOne = (value: unknown, place: RowPlace): Verdict => {
    const verdict = judge(value);
    if (verdict !== undefined) return verdict;
    if (reading.kind === 'boolean') return parseLabel(value, place, column);
    throw refusal(value, column, reading, place);
  };
  return (fields, place) => {
    const value = get(fields);
    if (isUnrated(value)) return missing(place);
    const votes = several === 'majority' ? collectVotes(fields, value, column) : null;
    if (votes === null) return readOne(value, place);
    if (votes.length === 0) return missing(place);
    if (reading.kind === 'rating') return readOne(mean(votes.map((vote) => requireNumber(vote, column, reading, place))), place);
    return majority(votes.map((vote) => readOne(vote, place)));
  };
}

function createJudge(reading: LabelReading): (value: unknown) => Verdict | undefined {
  switch (reading.kind) {
    case 'boolean':
      return asLabel;
    case 'values': {
      const verdicts = new Map<string, Verdict>();
      for (const value of reading.desirable) verdicts.set(normaliseLabel(value), true);
      for (const value of reading.undesirable) verdicts.set(normaliseLabel(value), false);
      for (const value of reading.ignored) verdicts.set(normaliseLabel(value), 'ignored-value');
      return (value) => (isScalar(value) ? verdicts.get(normaliseLabel(value)) : undefined);
    }
    case 'rating':
      return (value) => {
        const rating = asNumber(value);
        if (rating === null) return undefined;
        if (rating >= reading.desirableFrom) return true;
        return rating <= reading.undesirableTo ? false : 'between-thresholds';
      };
    default:
      return reading satisfies never;
  }
}

function isScalar(value: unknown): value is string | number | boolean | bigint {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint';
}

function remember(judge: (value: unknown) => Verdict | undefined): (value: unknown) => Verdict | undefined {
  const known = new Map<unknown, Verdict>();
  return (value) => {
    const before = known.get(value);
    if (before !== undefined) return before;
    const verdict = judge(value);
    if (verdict !== undefined && known.size < REMEMBERED && isScalar(value)) known.set(value, verdict);
    return verdict;
  };
}

function majority(verdicts: readonly Verdict[]): Verdict {
  const good = verdicts.filter((verdict) => verdict === true).length;
  const bad = verdicts.filter((verdict) => verdict === false).length;
  if (good === bad) return good === 0 ? 'ignored-value' : 'disagreement';
  return good > bad;
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

function requireNumber(vote: unknown, column: string, reading: LabelReading, place: RowPlace): number {
  const number = asNumber(vote);
  if (number === null) throw refusal(vote, column, reading, place);
  return number;
}

function refusal(value: unknown, column: string, reading: LabelReading, place: RowPlace): ImportError {
  const expected = reading.kind === 'rating' ? 'a number is expected' : `one of ${listValues(reading)} is expected`;
  return rowError(place, column, `has ${describeValue(value)} as \`${column}\` where ${expected}`, adviceFor(reading));
}

function adviceFor(reading: LabelReading): string {
  if (reading.kind === 'boolean') return 'Use true for a desirable completion and false for an undesirable one.';
  if (reading.kind === 'rating') return 'Repair the rating or skip the row.';
  return 'Say in the mapping what this value means, or skip the row.';
}

function listValues(reading: LabelReading): string {
  if (reading.kind !== 'values') return '';
  const values = [...reading.desirable, ...reading.undesirable, ...reading.ignored].map((value) => JSON.stringify(value));
  return values.length > 6 ? `${values.slice(0, 6).join(', ')}, …` : values.join(', ');
}
