/** @file Turns comma-separated text into records: objects with the names of the first line and text as values. */
import { ImportError } from '#contract/errors.ts';
import type { RecordFault } from '#engine/data/source-record.ts';
import { countCharacters, explainBadByte } from './bad-byte-message.ts';
import type { BatchBuilder } from './batch-builder.ts';
import { nameColumns } from './csv-header.ts';
import { CsvCursor } from './csv-record.ts';
import type { CsvDialect, CsvRecord } from './csv-record.ts';
import { repairable } from './repairable.ts';
import { findBadByte } from './text-decoder.ts';
import type { DecodedText } from './text-decoder.ts';
import { MOST_COLUMNS, MOST_RECORD_CHARACTERS, MOST_RECORD_TEXT } from './text-splitter.ts';
import type { TextSplitter } from './text-splitter.ts';

/** Tells Excel what separates the fields. */
export const SEPARATOR_LINE = /^sep=(.)\r?\n/iu;

/** A record's row is its position, the header not counted. */
export class CsvSplitter implements TextSplitter {
  readonly #file: { readonly file: string; readonly name: string };
  readonly #batch: BatchBuilder;
  readonly #dialect: CsvDialect;
  #columns: readonly string[] | null = null;
  /** Where objects can't take a column by assignment. */
  #hasOddName = false;
  #row = 0;
  #line = 1;
  #isBroken = false;
  /** The beginning of a record whose end is in a later chunk. */
  #unfinished = '';
  #parts: string[] = [];
  #partCharacters = 0;
  #hasBadBytes = false;

  constructor(file: { readonly file: string; readonly name: string }, batch: BatchBuilder, dialect: CsvDialect) {
    this.#file = file;
    this.#batch = batch;
    this.#dialect = dialect;
  }

  *push({ text, hasBadBytes }: DecodedText): Generator<void> {
    if (this.#isBroken) return;
    this.#parts.push(text);
    this.#partCharacters += text.length;
    this.#hasBadBytes ||= hasBadBytes;
    // Read again from its start only when it has doubled, so that a long record takes time in proportion to its length.
    const isLong = this.#unfinished.length + this.#partCharacters > MOST_RECORD_CHARACTERS;
    if (this.#partCharacters < this.#unfinished.length && !isLong) return;
    yield* this.#read(this.#takeText(), false);
    if (this.#hasBadBytes) this.#hasBadBytes = findBadByte(this.#unfinished) !== null;
  }

  *end(): Generator<void> {
    if (!this.#isBroken) yield* this.#read(this.#takeText(), true);
  }

  #takeText(): string {
    const text = this.#unfinished + this.#parts.join('');
    this.#unfinished = '';
    this.#parts = [];
    this.#partCharacters = 0;
    return text;
  }

  *#read(text: string, isLast: boolean): Generator<void> {
    const cursor = new CsvCursor(text, isLast, this.#dialect);
    let start = 0;
    while (start < text.length && !this.#isBroken) {
      const record = cursor.read(start, MOST_COLUMNS + 1);
      if (record.kind === 'unfinished') {
        this.#keepUnfinished(text.slice(start), record, isLast);
        return;
      }
      this.#add(record, text, start);
      this.#line += 1 + record.innerLines;
      start = record.next;
      if (this.#batch.isFull) yield;
    }
  }

  #keepUnfinished(text: string, { quoteAt, innerLines }: CsvRecord & { kind: 'unfinished' }, isLast: boolean): void {
    this.#unfinished = text;
    if (!isLast && text.length <= MOST_RECORD_CHARACTERS) return;
    const line = this.#line + innerLines;
    const where = `Line ${line} of ${this.#file.name}`;
    if (quoteAt !== null) {
      const problem = isLast ? 'that never ends' : `that does not end within ${MOST_RECORD_TEXT}`;
      const message = `${where} opens a quoted text ${problem}. Close it with a double quote; the rows after it can't be told apart.`;
      this.#fault({ line, column: null, message, expected: 'a closing double quote', found: `a quoted text ${problem}` });
    } else {
      const message = `${where} is longer than ${MOST_RECORD_TEXT}. Split or remove that row.`;
      this.#fault({ line, column: null, message, expected: `a row of at most ${MOST_RECORD_TEXT}`, found: 'a longer one' });
    }
    this.#isBroken = true;
    this.#unfinished = '';
  }

  #add(record: Exclude<CsvRecord, { kind: 'unfinished' }>, text: string, start: number): void {
    const end = Math.min(record.next, text.length);
    if (record.kind === 'fields' && record.fields.length === 1 && record.fields[0]?.trim() === '' && text[start] !== '"') return; // blank line
    if (this.#columns === null) {
      this.#readHeader(record, text, start);
      return;
    }
    if (this.#hasBadBytes) {
      const bad = explainBadByte(text.slice(start, end), this.#line, this.#file.name);
      if (bad !== null) {
        this.#fault(bad);
        return;
      }
    }
    if (record.kind === 'stray') this.#addStray(record, text, start);
    else this.#addFields(record.fields, end - start);
  }

  #addFields(fields: readonly string[], characters: number): void {
    const columns = this.#columns as readonly string[];
    const line = this.#line;
    if (fields.length !== columns.length && !isOnlyPadded(fields, columns.length)) {
      const got = fields.length > MOST_COLUMNS ? `more than ${MOST_COLUMNS}` : String(fields.length);
      const advice =
        fields.length > columns.length ? 'Put quotes around a text that holds the separator.' : 'Fill in the missing ones or skip the row.';
      const message = `Line ${line} of ${this.#file.name} has ${got} fields where the first line names ${columns.length}. ${advice}`;
      this.#fault({
        line,
        column: null,
        message,
        expected: `${columns.length} fields`,
        found: `${got} fields`,
        text: JSON.stringify(named(fields, columns)),
      });
      return;
    }
    if (fields.some((field) => field.includes('\0'))) {
      const index = fields.findIndex((field) => field.includes('\0'));
      const message = `Line ${line} of ${this.#file.name} has a zero byte in \`${columns[index] ?? ''}\`. Remove it or skip the row.`;
      const text = JSON.stringify(this.#asObject(fields));
      this.#fault({ line, column: null, message, expected: 'text', found: 'a zero byte', text });
      return;
    }
    this.#row++;
    this.#batch.add({ row: this.#row, line, value: this.#asObject(fields) }, characters);
  }

  #addStray({ at, innerLines }: CsvRecord & { kind: 'stray' }, text: string, start: number): void {
    const before = text.slice(start, at);
    const column = countCharacters(before.slice(before.lastIndexOf(this.#dialect.newline) + 1)) + 1;
    const line = this.#line + innerLines;
    const message =
      `Line ${line} of ${this.#file.name} goes on after a closing quote at column ${column}.` +
      ' Write a double quote inside a quoted text twice ("").';
    this.#fault({ line, column, message, expected: 'a separator after the closing quote', found: 'more text' });
  }

  #readHeader(record: Exclude<CsvRecord, { kind: 'unfinished' }>, text: string, start: number): void {
    const { file, name } = this.#file;
    if (SEPARATOR_LINE.test(text.slice(start, start + 8))) return;
    const bad = this.#hasBadBytes ? explainBadByte(text.slice(start, record.next), this.#line, name) : null;
    if (bad !== null) throw new ImportError(bad.message, { file, row: bad.line });
    if (record.kind === 'stray') {
      throw new ImportError(`Line ${this.#line} of ${name} goes on after a closing quote; it must hold the names of the columns.`, {
        file,
        row: this.#line,
      });
    }
    const { columns, notes } = nameColumns(record.fields, this.#file);
    this.#columns = columns;
    this.#hasOddName = columns.includes('__proto__');
    for (const note of notes) this.#batch.note(note);
  }

  #asObject(fields: readonly string[]): Record<string, string> {
    const columns = this.#columns as readonly string[];
    const record: Record<string, string> = {};
    for (let index = 0; index < columns.length; index++) {
      const name = columns[index] as string;
      const value = fields[index] as string;
      if (this.#hasOddName) Object.defineProperty(record, name, { value, enumerable: true, configurable: true, writable: true });
      else record[name] = value;
    }
    return record;
  }

  #fault({ text = null, ...fault }: Omit<RecordFault, 'row' | 'text'> & { readonly line: number; readonly text?: string | null }): void {
    this.#row++;
    this.#batch.fault({ row: this.#row, ...fault, text: text === null ? null : repairable(text) });
  }
}

/** What stands where, for repair; fields beyond the names get numbers. */
function named(fields: readonly string[], columns: readonly string[]): Readonly<Record<string, string>> {
  const names = fields.map((_, index) => columns[index] ?? `field ${index + 1}`);
  return Object.fromEntries(names.map((name, index) => [name, fields[index] ?? '']));
}

/** Spreadsheets end every line with as many separators as the widest one has. */
function isOnlyPadded(fields: readonly string[], columns: number): boolean {
  return fields.length > columns && fields.slice(columns).every((field) => field === '');
}
