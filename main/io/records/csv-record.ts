/**
 * @file Reads one record of comma-separated text (RFC 4180, with any separator): fields in double quotes may hold separators,
 * line ends and doubled quotes; a quote inside a field that does not begin with one is a character like any other.
 */

export interface CsvDialect {
  readonly delimiter: string;
  /** What ends a line; a carriage return before a line feed belongs to the line's end. */
  readonly newline: '\n' | '\r';
}

export type CsvRecord =
  | {
      readonly kind: 'fields';
      readonly fields: string[];
      /** Where the next record begins. */
      readonly next: number;
      /** Line ends inside of fields. */
      readonly innerLines: number;
    }
  /** A quoted field goes on with text after its closing quote. */
  | { readonly kind: 'stray'; readonly at: number; readonly next: number; readonly innerLines: number }
  /** The text ends before the record does. `quoteAt` is where a quote opens that is not closed, if that is the reason. */
  | { readonly kind: 'unfinished'; readonly quoteAt: number | null; readonly innerLines: number };

/** Remembers where the next special characters are, so that none is looked for twice. */
export class CsvCursor {
  readonly #text: string;
  readonly #isLast: boolean;
  readonly #dialect: CsvDialect;
  #quote = -1;
  #newline = -1;

  /** @param isLast - whether the end of `text` is the end of the file */
  constructor(text: string, isLast: boolean, dialect: CsvDialect) {
    this.#text = text;
    this.#isLast = isLast;
    this.#dialect = dialect;
  }

  /** @param mostFields - no more are cut out */
  read(start: number, mostFields: number): CsvRecord {
    const text = this.#text;
    if (this.#newline < start) this.#newline = indexOrEnd(text, this.#dialect.newline, start);
    if (this.#quote < start) this.#quote = indexOrEnd(text, '"', start);
    if (this.#quote < this.#newline) return this.#readQuoted(start, mostFields);
    if (this.#newline === text.length && !this.#isLast) return { kind: 'unfinished', quoteAt: null, innerLines: 0 };
    const fields = text.slice(start, this.#lineEnd(this.#newline)).split(this.#dialect.delimiter, mostFields);
    return { kind: 'fields', fields, next: this.#newline + 1, innerLines: 0 };
  }

  #readQuoted(start: number, mostFields: number): CsvRecord {
    const text = this.#text;
    const { delimiter, newline } = this.#dialect;
    const fields: string[] = [];
    let innerLines = 0;
    let at = start;
    for (;;) {
      let end: number;
      let field: string;
      if (text.charAt(at) === '"') {
        const close = findClosingQuote(text, at);
        if (close === -1 || (close + 1 >= text.length && !this.#isLast)) return { kind: 'unfinished', quoteAt: at, innerLines };
        const inner = text.slice(at + 1, close);
        field = inner.includes('"') ? inner.replaceAll('""', '"') : inner;
        innerLines += countOf(inner, newline);
        end = close + 1;
        const after = text.charAt(end);
        if (after === '\r' && newline === '\n') {
          if (end + 1 >= text.length && !this.#isLast) return { kind: 'unfinished', quoteAt: null, innerLines };
          if (text.charAt(end + 1) === '\n' || end + 1 >= text.length) end++;
        }
        const ends = end >= text.length || text.charAt(end) === newline || text.startsWith(delimiter, end);
        if (!ends) {
          const next = indexOrEnd(text, newline, end);
          if (next === text.length && !this.#isLast) return { kind: 'unfinished', quoteAt: null, innerLines };
          return { kind: 'stray', at: end, next: next + 1, innerLines };
        }
      } else {
        if (this.#newline < at) this.#newline = indexOrEnd(text, newline, at);
        const separator = indexOrEnd(text, delimiter, at, this.#newline);
        end = Math.min(separator, this.#newline);
        if (end === text.length && !this.#isLast) return { kind: 'unfinished', quoteAt: null, innerLines };
        field = text.slice(at, end === this.#newline ? this.#lineEnd(end) : end);
      }
      if (fields.length < mostFields) fields.push(field);
      if (end >= text.length || text.charAt(end) === newline) return { kind: 'fields', fields, next: end + 1, innerLines };
      at = end + delimiter.length;
    }
  }

  /** Where the line's text ends: before a carriage return that belongs to its line feed. */
  #lineEnd(newline: number): number {
    const hasReturn = this.#dialect.newline === '\n' && this.#text.charCodeAt(newline - 1) === 0x0d;
    return hasReturn ? newline - 1 : newline;
  }
}

/** The quote that ends the field which one opens at `open`; -1 if none does. */
function findClosingQuote(text: string, open: number): number {
  for (let quote = text.indexOf('"', open + 1); quote !== -1; quote = text.indexOf('"', quote + 2)) {
    if (text.charCodeAt(quote + 1) !== 0x22) return quote;
  }
  return -1;
}

/** @param limit - where to stop looking, so that a character that is rare is not looked for in the whole text again and again */
function indexOrEnd(text: string, character: string, from: number, limit?: number): number {
  if (limit !== undefined) {
    const index = text.slice(from, limit).indexOf(character);
    return index === -1 ? text.length : from + index;
  }
  const index = text.indexOf(character, from);
  return index === -1 ? text.length : index;
}

function countOf(text: string, character: string): number {
  let count = 0;
  for (let index = text.indexOf(character); index !== -1; index = text.indexOf(character, index + 1)) count++;
  return count;
}
