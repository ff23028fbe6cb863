/** @file Records as comma-separated text (RFC 4180). */
import { cellText, type TableColumn, type TableRecord } from './column-survey.ts';

const ENCODER = new TextEncoder();
/** White space at an end is kept by quotes only, where a program trims fields. */
const NEEDS_QUOTES = /[",\r\n]|^\s|\s$/u;

/**
 * UTF-8 without a mark, lines ended by a line feed, the names of the columns first; lists and objects as JSON.
 * @param columns - at least one
 */
export async function* writeCsv(
  batches: AsyncIterable<readonly TableRecord[]>,
  columns: readonly Pick<TableColumn, 'name'>[],
): AsyncGenerator<Uint8Array> {
  yield ENCODER.encode(`${columns.map(({ name }) => field(name)).join(',')}\n`);
  for await (const records of batches) {
    const lines = records.map((record) => columns.map(({ name }) => field(cellText(record[name]))).join(','));
    if (lines.length > 0) yield ENCODER.encode(`${lines.map((line) => (line === '' ? '""' : line)).join('\n')}\n`);
  }
}

function field(text: string): string {
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
