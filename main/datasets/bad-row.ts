/** @file A row of a file that can't be imported: where, what was expected and found, and its text for repair. */

export interface BadRow {
  /** Index in the list of imported files. */
  readonly fileIndex: number;
  readonly file: string;
  /** 1-based: the line of a JSON Lines file, else the position of the record (a header does not count). */
  readonly row: number;
  /** 1-based; null in a format without lines. */
  readonly line: number | null;
  /** Name of the column of a table or field of an object; null where the record could not even be read. */
  readonly column: string | null;
  /** 1-based character on the line where the text stops being a record; null for all other faults. */
  readonly character: number | null;
  readonly expected: string;
  readonly found: string;
  /** One sentence with all of it, and what to do. */
  readonly message: string;
  /** The record as JSON (or its broken text), for repair; null if it is too long or can't be told from what follows. */
  readonly text: string | null;
}

/** What the person puts in a bad row's place. */
export interface RowFix {
  readonly fileIndex: number;
  readonly row: number;
  /** The whole record as JSON. */
  readonly text: string;
}
