/** @file What the reader of a file gives, whatever its format: records whose columns have no meaning yet, and places that could not be read. */

export interface SourceRecord {
  /** 1-based: the line in a JSON Lines file, else the position of the record (a header does not count). */
  readonly row: number;
  /** 1-based line on which it begins; null in a format without lines. */
  readonly line: number | null;
  /** Usually an object with named fields; a JSON file may hold anything. */
  readonly value: unknown;
}

/** A piece of the file that is no record at all: broken JSON, a quote that does not end. */
export interface RecordFault {
  readonly row: number;
  readonly line: number | null;
  /** 1-based character on that line, or null. */
  readonly column: number | null;
  /** One sentence: what, where, expected, got, what to do. */
  readonly message: string;
  /** The same in parts, for a table of all faults. */
  readonly expected: string;
  readonly found: string;
  /** The piece as it stands in the file, for a person to repair; null if it is too long or can't be told from what follows. */
  readonly text: string | null;
}

export interface RecordBatch {
  readonly records: readonly SourceRecord[];
  readonly faults: readonly RecordFault[];
  /** What a person should know about the file as a whole, one sentence each; most batches have none. */
  readonly notes: readonly string[];
  /** How much of the file (as it lies on disk) has been consumed. */
  readonly bytesDone: number;
  readonly bytesTotal: number;
}
