/** @file Reads one record through a mapping, for tests. */
import { ImportError } from '#contract/errors.ts';
import { columnMappingSchema } from '#engine/data/shapes/column-mapping.ts';
import { createRecordReader } from '#engine/data/shapes/create-record-reader.ts';
import type { RecordReading } from '#engine/data/shapes/record-reading.ts';

export const user = (content: string) => ({ role: 'user', content });
export const assistant = (content: string) => ({ role: 'assistant', content });
export const LIKED = { column: 'liked', reading: { kind: 'boolean' } } as const;

/** What the record becomes; `mapping` may leave out what has a default. */
export function read(mapping: unknown, value: unknown): RecordReading {
  return createRecordReader(columnMappingSchema.parse(mapping), 'log.csv')({ row: 214, line: 215, value });
}

/** The one row, or a failed test. */
export function readRow(mapping: unknown, value: unknown): RecordReading['rows'][number] {
  const { rows, leftOut } = read(mapping, value);
  if (rows.length !== 1 || rows[0] === undefined) throw new Error(`${rows.length} rows; left out: ${leftOut.join(', ')}`);
  return rows[0];
}

/** The error, or a failed test. */
export function readFailure(mapping: unknown, value: unknown): ImportError {
  try {
    read(mapping, value);
  } catch (error) {
    if (error instanceof ImportError) return error;
    throw error;
  }
  throw new Error('the record was accepted');
}
