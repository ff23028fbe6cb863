/** @file The names of a table's columns, made from its first line. */
import { ImportError } from '#contract/errors.ts';
import { MOST_COLUMNS } from './text-splitter.ts';

export interface TableHeader {
  /** All different, none empty. */
  readonly columns: readonly string[];
  /** What was changed about them, one sentence each. */
  readonly notes: readonly string[];
}

/** Longer names are texts: the file begins with a row. */
const LONGEST_NAME = 1000;

/**
 * Names without the white space around them; a column without a name is called by its position, and the second of two that
 * have the same name gets a number.
 * @throws {ImportError} if these can't be names of columns
 */
export function nameColumns(cells: readonly string[], { file, name }: { readonly file: string; readonly name: string }): TableHeader {
  const refuse = (problem: string): ImportError =>
    new ImportError(`${name} ${problem}. Its first line must hold the names of the columns, such as prompt, completion, label.`, {
      file,
      row: 1,
    });
  if (cells.length > MOST_COLUMNS) throw refuse(`has ${cells.length} columns where at most ${MOST_COLUMNS} are expected`);
  if (cells.every((cell) => cell.trim() === '')) throw refuse('has no column names');
  if (cells.some((cell) => cell.length > LONGEST_NAME)) throw refuse('begins with a long text instead of column names');
  const taken = new Set<string>();
  const columns: string[] = [];
  const notes: string[] = [];
  for (const [index, cell] of cells.entries()) {
    const wanted = cell.trim() || `column ${index + 1}`;
    const given = firstFree(wanted, taken);
    if (given !== wanted) notes.push(`${name} has two columns named "${wanted}"; column ${index + 1} is called "${given}" here.`);
    taken.add(given);
    columns.push(given);
  }
  return { columns, notes };
}

function firstFree(wanted: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number++) {
    const name = number === 1 ? wanted : `${wanted} (${number})`;
    if (!taken.has(name)) return name;
  }
}
