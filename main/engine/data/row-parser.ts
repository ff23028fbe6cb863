/**
 * @file Reads the rows of one file, which must all be of one kind: a run is either over examples or over pairs.
 */
import { ImportError } from '#contract/errors.ts';
import { parseRow } from './parse-row.ts';
import type { Row } from './row.ts';

const KIND_NAMES = { example: 'an example with a label', pair: 'a pair of completions' } as const;

/**
 * Returns a function that validates one row after another.
 * @param file - name of the file, for messages
 * @throws {ImportError} (the function) if a row is not usable, or is of another kind than the first usable one
 */
export function createRowParser(file: string): (value: unknown, row: number) => Row {
  let first: Row | null = null;
  return (value, rowNumber) => {
    const row = parseRow(value, { file, row: rowNumber });
    first ??= row;
    if (row.kind === first.kind) return row;
    throw new ImportError(
      `Row ${row.row} of ${file} is ${KIND_NAMES[row.kind]}, but row ${first.row} is ${KIND_NAMES[first.kind]}.` +
        ' Put examples and pairs in two files, or skip the row.',
      { file, row: row.row },
    );
  };
}
