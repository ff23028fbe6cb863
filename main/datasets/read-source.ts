/** @file Reads files as rows, as a column mapping says: the good ones, and for every bad one why. */
import { ImportError } from '#contract/errors.ts';
import type { Row } from '#engine/data/row.ts';
import { describeValue } from '#engine/data/row-place.ts';
import { createGetter, type Fields } from '#engine/data/shapes/column-path.ts';
import type { ColumnMapping } from '#engine/data/shapes/column-mapping.ts';
import { createRecordReader, type RecordReader } from '#engine/data/shapes/create-record-reader.ts';
import { expectedValue } from '#engine/data/shapes/expected-value.ts';
import type { LeftOutReason } from '#engine/data/shapes/record-reading.ts';
import type { RecordBatch, RecordFault, SourceRecord } from '#engine/data/source-record.ts';
import { inOrder } from '#io/records/in-order.ts';
import { readRecords, type ReadRecordsOptions } from '#io/records/read-records.ts';
import { repairable } from '#io/records/repairable.ts';
import type { BadRow, RowFix } from './bad-row.ts';
import { jsonText } from './json-text.ts';
import type { DataFile } from './source-list.ts';

/** In what form to read a file, if it is not to be found out, and when to stop. */
export type ReadSourceOptions = ReadRecordsOptions;

export interface SourceBatch {
  readonly fileIndex: number;
  /** In the order of the file; a record may give several rows or none. */
  readonly rows: readonly Row[];
  /** In the order of the file; `before`: how many of `rows` stand before it. */
  readonly badRows: readonly { readonly before: number; readonly badRow: BadRow }[];
  /** Answers left out because the mapping says so. */
  readonly leftOut: Readonly<Partial<Record<LeftOutReason, number>>>;
  readonly notes: readonly string[];
  /** Of all files. */
  readonly bytesDone: number;
  readonly bytesTotal: number;
}

/** Files are read one after the other; one mapping is for all of them. Rows may share memory with a larger text: keep few for long. */
export class SourceReader {
  readonly #files: readonly DataFile[];
  readonly #mapping: ColumnMapping;
  /** One a file, made when it is its turn. */
  readonly #readers = new Map<number, RecordReader>();
  #kind: Row['kind'] | null;

  /** @param kind - what all rows must be; null if the first one decides */
  constructor(files: readonly DataFile[], mapping: ColumnMapping, kind: Row['kind'] | null = null) {
    this.#files = files;
    this.#mapping = mapping;
    this.#kind = kind;
  }

  /** Of the rows read so far. */
  get kind(): Row['kind'] | null {
    return this.#kind;
  }

  /**
   * @throws {ImportError} if a file is no data file or has no records at all
   * @throws {StorageError} if one can't be read, or changes meanwhile
   * @throws {CancelledError}
   */
  async *batches(options: ReadSourceOptions = {}): AsyncGenerator<SourceBatch> {
    const bytesTotal = this.#files.reduce((sum, { bytes }) => sum + bytes, 0);
    let bytesBefore = 0;
    for (const [fileIndex, { path, bytes }] of this.#files.entries()) {
      for await (const batch of readRecords(path, options)) {
        yield { ...this.#read(batch, fileIndex), bytesDone: bytesBefore + batch.bytesDone, bytesTotal };
      }
      bytesBefore += bytes;
    }
  }

  /** Reads what a person put in a bad row's place. */
  readFix({ fileIndex, row, text }: RowFix, { line }: BadRow): { readonly rows: readonly Row[] } | { readonly badRow: BadRow } {
    const { name } = this.#file(fileIndex);
    try {
      const value: unknown = JSON.parse(text);
      const read = this.#readOne({ row, line, value }, fileIndex);
      return 'fault' in read ? { badRow: read.fault } : { rows: read.rows };
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      const message = `Row ${row} of ${name} is not valid JSON after its repair (${error.message}). Repair it or skip the row.`;
      const parts = { expected: 'valid JSON', found: error.message, text };
      return { badRow: { fileIndex, file: name, row, line, column: null, character: null, message, ...parts } };
    }
  }

  #read({ records, faults, notes }: RecordBatch, fileIndex: number): Omit<SourceBatch, 'bytesDone' | 'bytesTotal'> {
    const rows: Row[] = [];
    const badRows: { before: number; badRow: BadRow }[] = [];
    const leftOut: Partial<Record<LeftOutReason, number>> = {};
    for (const item of faults.length === 0 ? records : inOrder(records, faults)) {
      const read = 'message' in item ? { fault: this.#describeFault(item, fileIndex) } : this.#readOne(item, fileIndex);
      if ('fault' in read) {
        badRows.push({ before: rows.length, badRow: read.fault });
        continue;
      }
      for (const row of read.rows) rows.push(row);
      for (const reason of read.leftOut) leftOut[reason] = (leftOut[reason] ?? 0) + 1;
    }
    return { fileIndex, rows, badRows, leftOut, notes };
  }

  #readOne(record: SourceRecord, fileIndex: number): ReturnType<RecordReader> | { readonly fault: BadRow } {
    try {
      const reading = this.#reader(fileIndex)(record);
      for (const { kind } of reading.rows) if ((this.#kind ??= kind) !== kind) throw this.#otherKind(record, fileIndex, kind);
      return reading;
    } catch (error) {
      if (!(error instanceof ImportError)) throw error;
      return { fault: this.#describeRefusal(record, fileIndex, error) };
    }
  }

  #reader(fileIndex: number): RecordReader {
    const known = this.#readers.get(fileIndex);
    if (known) return known;
    const reader = createRecordReader(this.#mapping, this.#file(fileIndex).name);
    this.#readers.set(fileIndex, reader);
    return reader;
  }

  #otherKind({ row }: SourceRecord, fileIndex: number, kind: Row['kind']): ImportError {
    const { name } = this.#file(fileIndex);
    const [is, are] = kind === 'pair' ? ['a pair of answers', 'examples with a label'] : ['an example with a label', 'pairs of answers'];
    const message = `Row ${row} of ${name} is ${is}, but the rows before it are ${are}. Import the two apart, or skip the row.`;
    return new ImportError(message, { file: name, row });
  }

  #describeFault({ column, ...fault }: RecordFault, fileIndex: number): BadRow {
    return { fileIndex, file: this.#file(fileIndex).name, ...fault, column: null, character: column };
  }

  #describeRefusal({ row, line, value }: SourceRecord, fileIndex: number, { message, details }: ImportError): BadRow {
    const column = typeof details['column'] === 'string' ? details['column'] : '';
    const at = column === '' ? value : createGetter(column)(value as Fields);
    return {
      fileIndex,
      file: this.#file(fileIndex).name,
      row,
      line,
      column: column === '' ? null : column,
      character: null,
      expected: expectedValue(this.#mapping, column),
      found: describeValue(at),
      message,
      text: repairable(jsonText(value)),
    };
  }

  #file(index: number): DataFile {
    const file = this.#files[index];
    if (!file) throw new RangeError(`There is no file ${index} of ${this.#files.length}.`);
    return file;
  }
}
