/** @file Cuts text into lines and parses each as JSON. */
import type { BatchBuilder } from './batch-builder.ts';
import { parseJsonPiece } from './parse-json-piece.ts';
import type { DecodedText } from './text-decoder.ts';
import { MOST_RECORD_CHARACTERS, MOST_RECORD_TEXT } from './text-splitter.ts';
import type { TextSplitter } from './text-splitter.ts';

/** A record's row is its line, blank ones counted. */
export class JsonLinesSplitter implements TextSplitter {
  readonly #name: string;
  readonly #batch: BatchBuilder;
  readonly #newline: string;
  /** The beginning of a line whose end is in a later chunk. */
  #parts: string[] = [];
  #partCharacters = 0;
  #partsHaveBadBytes = false;
  /** The line is too long: what is left of it is passed over. */
  #isSkipping = false;
  #line = 1;

  /** @param newline - what ends a line; a carriage return before a line feed is white space to JSON */
  constructor(fileName: string, batch: BatchBuilder, newline: '\n' | '\r' = '\n') {
    this.#name = fileName;
    this.#batch = batch;
    this.#newline = newline;
  }

  *push({ text, hasBadBytes }: DecodedText): Generator<void> {
    let start = 0;
    for (let end = text.indexOf(this.#newline); end !== -1; end = text.indexOf(this.#newline, start)) {
      if (this.#partCharacters > 0 || this.#isSkipping) {
        this.#keep(text.slice(start, end), hasBadBytes);
        this.#endParts();
      } else {
        this.#add(text.slice(start, end), hasBadBytes);
      }
      this.#line++;
      start = end + 1;
      if (this.#batch.isFull) yield;
    }
    if (start < text.length) this.#keep(text.slice(start), hasBadBytes);
  }

  *end(): Generator<void> {
    this.#endParts();
    if (this.#batch.isFull) yield;
  }

  #keep(part: string, hasBadBytes: boolean): void {
    if (this.#isSkipping) return;
    this.#parts.push(part);
    this.#partCharacters += part.length;
    this.#partsHaveBadBytes ||= hasBadBytes;
    if (this.#partCharacters <= MOST_RECORD_CHARACTERS) return;
    const line = this.#line;
    const message = `Line ${line} of ${this.#name} is longer than ${MOST_RECORD_TEXT}. Split or remove that row.`;
    const parts = { expected: `a line of at most ${MOST_RECORD_TEXT}`, found: 'a longer one', text: null };
    this.#batch.fault({ row: line, line, column: null, message, ...parts });
    this.#parts = [];
    this.#isSkipping = true;
  }

  #endParts(): void {
    if (!this.#isSkipping) this.#add(this.#parts.join(''), this.#partsHaveBadBytes);
    this.#parts = [];
    this.#partCharacters = 0;
    this.#partsHaveBadBytes = false;
    this.#isSkipping = false;
  }

  #add(text: string, hasBadBytes: boolean): void {
    if (text === '' || (text.charCodeAt(0) <= 0x20 && text.trim() === '')) return;
    const line = this.#line;
    const parsed = parseJsonPiece({ text, hasBadBytes, row: line, line, column: 1 }, this.#name);
    if ('fault' in parsed) this.#batch.fault(parsed.fault);
    else this.#batch.add({ row: line, line, value: parsed.value }, text.length);
  }
}
