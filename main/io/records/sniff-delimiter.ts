/** @file Finds out what separates the fields of a table. */
import { CsvCursor } from './csv-record.ts';

export interface SniffedDelimiter {
  readonly delimiter: string;
  /** 1 if nothing separates anything. */
  readonly columns: number;
}

const CANDIDATES = [',', '\t', ';', '|'];
const SAMPLE_RECORDS = 50;
const MOST_FIELDS = 1000;

/**
 * The one that cuts most of the first records into the same number of fields; among equals, more fields, then the order above.
 * @param isWhole - whether `head` is the whole text; else its last record is not looked at
 * @param expected - what the file's name suggests, which wins if nothing else is better
 */
export function sniffDelimiter(head: string, newline: '\n' | '\r', isWhole: boolean, expected: string): SniffedDelimiter {
  let best: SniffedDelimiter & { readonly score: number } = { delimiter: expected, columns: 1, score: 0 };
  for (const delimiter of new Set([expected, ...CANDIDATES])) {
    const counts = countFields(head, newline, isWhole, delimiter);
    const [columns] = counts;
    if (columns === undefined || columns < 2) continue;
    const score = counts.filter((count) => count === columns).length / counts.length;
    // Texts have commas in them: a header cut by tabs says more than rows that happen to have one comma each.
    if (score > best.score + 0.05 || (score > best.score - 0.05 && columns > best.columns)) best = { delimiter, columns, score };
  }
  return { delimiter: best.delimiter, columns: best.columns };
}

function countFields(head: string, newline: '\n' | '\r', isWhole: boolean, delimiter: string): readonly number[] {
  const cursor = new CsvCursor(head, isWhole, { delimiter, newline });
  const counts: number[] = [];
  let start = 0;
  while (start < head.length && counts.length < SAMPLE_RECORDS) {
    const record = cursor.read(start, MOST_FIELDS);
    if (record.kind === 'unfinished') break;
    const isBlank = record.kind === 'fields' && record.fields.length === 1 && record.fields[0]?.trim() === '';
    if (!isBlank) counts.push(record.kind === 'fields' ? record.fields.length : 0);
    start = record.next;
  }
  return counts;
}
