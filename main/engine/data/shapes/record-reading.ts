/** @file What becomes of one record: rows, or nothing on purpose and why. */
import type { Row } from '#engine/data/row.ts';
import type { RowPlace } from '#engine/data/row-place.ts';
import type { Fields } from './column-path.ts';

/** Why an answer is left out though nothing is wrong with it; stable, so that it can be counted. */
export type LeftOutReason = 'unrated' | 'ignored-value' | 'between-thresholds' | 'disagreement' | 'tie' | 'too-few-answers';

/** Each continues "left out because …". */
export const LEFT_OUT_REASONS: Readonly<Record<LeftOutReason, string>> = {
  unrated: 'it has no rating',
  'ignored-value': 'its rating is one of those to be ignored',
  'between-thresholds': 'its rating lies between the two thresholds',
  disagreement: 'as many people found it desirable as undesirable',
  tie: 'neither answer is better',
  'too-few-answers': 'fewer than two of its answers have a score',
};

export interface RecordReading {
  readonly rows: readonly Row[];
  /** One reason per answer (or pair) that is left out. */
  readonly leftOut: readonly LeftOutReason[];
}

/** Reads the fields of one record; throws an ImportError if they are not as the mapping says. */
export type FieldsReader = (fields: Fields, place: RowPlace) => RecordReading;

const NONE: readonly LeftOutReason[] = [];

/** A record that gives one row. */
export function oneRow(row: Row): RecordReading {
  return { rows: [row], leftOut: NONE };
}

/** A record that gives none; one object per reason, shared by all records. */
export const LEFT_OUT: Readonly<Record<LeftOutReason, RecordReading>> = {
  unrated: { rows: [], leftOut: ['unrated'] },
  'ignored-value': { rows: [], leftOut: ['ignored-value'] },
  'between-thresholds': { rows: [], leftOut: ['between-thresholds'] },
  disagreement: { rows: [], leftOut: ['disagreement'] },
  tie: { rows: [], leftOut: ['tie'] },
  'too-few-answers': { rows: [], leftOut: ['too-few-answers'] },
};
