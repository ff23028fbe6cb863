/** @file The bad rows of an import as a table, for a spreadsheet. */
import type { BadRow } from './bad-row.ts';

const COLUMNS = ['file', 'row', 'line', 'column', 'expected', 'found', 'message', 'text'] as const satisfies readonly (keyof BadRow)[];
/** A spreadsheet would take a text that begins so for a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/** With a byte order mark, so that spreadsheets read it as UTF-8. */
export function badRowsCsv(badRows: readonly BadRow[]): string {
  const lines = badRows.map((badRow) => COLUMNS.map((column) => cell(badRow[column])).join(','));
  return `\uFEFF${[COLUMNS.join(','), ...lines].join('\r\n')}\r\n`;
}

function cell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
