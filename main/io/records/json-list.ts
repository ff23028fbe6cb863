/** @file Cuts the list that a .json file holds into its elements, without holding the file in memory. */
import type { BatchBuilder } from './batch-builder.ts';
import { parseJsonPiece } from './parse-json-piece.ts';
import type { DecodedText } from './text-decoder.ts';
import { MOST_RECORD_CHARACTERS, MOST_RECORD_TEXT } from './text-splitter.ts';
import type { TextSplitter } from './text-splitter.ts';

const NEWLINE = 0x0a;
const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

export interface JsonListOptions {
  /** Whether the list is a member of an object, so that more may follow it. */
  readonly isMember: boolean;
  /** Characters before its [. */
  readonly skip: number;
}

interface ListFault {
  /** Continues the file's name. */
  readonly problem: string;
  readonly advice: string;
  readonly expected: string;
  readonly line: number;
}

/**
 * Only brackets, quotes and commas are looked at; whether an element is JSON comes out when it is parsed. A record's row is its
 * position.
 */
export class JsonListSplitter implements TextSplitter {
  readonly #name: string;
  readonly #batch: BatchBuilder;
  readonly #isMember: boolean;
  #skip: number;
  #line = 1;
  /** Index in the current chunk at which the line begins; negative if before it. */
  #lineStart = 0;
  /** Low surrogates on the line so far: a character of two units is one column. */
  #lineLows = 0;
  /** 0 outside of the list, 1 in it, more inside an element. */
  #depth = 0;
  #hasEnded = false;
  #isBroken = false;
  #inString = false;
  #isEscaped = false;
  #row = 0;
  #hasElement = false;
  /** Index in the current chunk. */
  #elementStart = 0;
  #place = { line: 1, column: 1 };
  #parts: string[] = [];
  #partCharacters = 0;
  #hasBadBytes = false;

  constructor(fileName: string, batch: BatchBuilder, { isMember, skip }: JsonListOptions) {
    this.#name = fileName;
    this.#batch = batch;
    this.#isMember = isMember;
    this.#skip = skip;
  }

  *push({ text, hasBadBytes }: DecodedText): Generator<void> {
    this.#hasBadBytes ||= hasBadBytes;
    this.#elementStart = 0;
    let index = 0;
    while (index < text.length && !this.#isBroken) {
      index = this.#depth > 1 || this.#inString ? this.#passInside(text, index) : this.#step(text, index, hasBadBytes);
      if (this.#batch.isFull) yield;
    }
    this.#lineStart -= text.length;
    if (this.#hasElement) this.#keep(text.slice(this.#elementStart));
  }

  /** One character outside of texts and of nested values; returns the index of the next. */
  #step(text: string, index: number, hasBadBytes: boolean): number {
    const code = text.charCodeAt(index);
    this.#countLine(code, index);
    if (this.#skip > 0) {
      this.#skip--;
      return index + 1;
    }
    if (code <= 0x20) return index + 1;
    if (this.#hasEnded) {
      if (!this.#isMember) {
        const advice = 'Remove what follows the last ].';
        this.#break({ problem: 'goes on after its list has ended', advice, expected: 'the end of the file', line: this.#line });
      }
      return text.length;
    }
    if (this.#depth === 0) {
      this.#depth = 1; // it has been seen that the list begins here
      return index + 1;
    }
    if (code === COMMA || code === CLOSE_LIST) {
      this.#keep(text.slice(this.#elementStart, index));
      this.#finishElement(code === CLOSE_LIST, hasBadBytes);
      return index + 1;
    }
    if (!this.#hasElement) {
      this.#hasElement = true;
      this.#elementStart = index;
      this.#place = { line: this.#line, column: index - this.#lineStart - this.#lineLows + 1 };
    }
    if (code === QUOTE) this.#inString = true;
    else if (code === OPEN_LIST || code === OPEN_OBJECT) this.#depth++;
    return index + 1;
  }

  /** Most characters are here: local variables make it several times as fast. */
  #passInside(text: string, start: number): number {
    let index = start;
    let depth = this.#depth;
    let inString = this.#inString;
    let isEscaped = this.#isEscaped;
    while (index < text.length && (depth > 1 || inString)) {
      const code = text.charCodeAt(index);
      if (code === NEWLINE || code >= 0xdc00) this.#countLine(code, index);
      index++;
      if (!inString) {
        if (code === QUOTE) inString = true;
        else if (code === OPEN_LIST || code === OPEN_OBJECT) depth++;
        else if (code === CLOSE_LIST || code === CLOSE_OBJECT) depth--;
      } else if (isEscaped) isEscaped = false;
      else if (code === BACKSLASH) isEscaped = true;
      else if (code === QUOTE) inString = false;
    }
    this.#depth = depth;
    this.#inString = inString;
    this.#isEscaped = isEscaped;
    return index;
  }

  #countLine(code: number, index: number): void {
    if (code >= 0xdc00 && code <= 0xdfff) this.#lineLows++;
    if (code !== NEWLINE) return;
    this.#line++;
    this.#lineStart = index + 1;
    this.#lineLows = 0;
  }

  *end(): Generator<void> {
    if (!this.#hasEnded && !this.#isBroken) {
      const advice = 'Its closing ] is missing; the file may be cut off.';
      this.#break({ problem: 'ends before its list does', advice, expected: 'a closing ]', line: this.#line });
    }
    if (this.#batch.isFull) yield;
  }

  #keep(part: string): void {
    if (!this.#hasElement || this.#isBroken) return;
    this.#parts.push(part);
    this.#partCharacters += part.length;
    if (this.#partCharacters <= MOST_RECORD_CHARACTERS) return;
    const expected = `a row of at most ${MOST_RECORD_TEXT}`;
    this.#break({
      problem: `has a row longer than ${MOST_RECORD_TEXT}`,
      advice: 'Split or remove that row.',
      expected,
      line: this.#place.line,
    });
  }

  #finishElement(isLast: boolean, chunkHasBadBytes: boolean): void {
    if (this.#isBroken) return;
    if (this.#hasElement) {
      this.#row++;
      const piece = { text: this.#parts.join(''), hasBadBytes: this.#hasBadBytes, row: this.#row, ...this.#place };
      const parsed = parseJsonPiece(piece, this.#name);
      if ('fault' in parsed) this.#batch.fault(parsed.fault);
      else this.#batch.add({ row: this.#row, line: this.#place.line, value: parsed.value }, piece.text.length);
    } else if (!isLast || this.#row > 0) {
      this.#row++;
      this.#fault({
        problem: 'has a comma without a row',
        advice: 'Remove the comma.',
        expected: 'a row before each comma',
        line: this.#line,
      });
    }
    this.#hasElement = false;
    this.#parts = [];
    this.#partCharacters = 0;
    this.#hasBadBytes = chunkHasBadBytes;
    if (!isLast) return;
    this.#depth = 0;
    this.#hasEnded = true;
  }

  /** What follows can't be told from what belongs to the fault. */
  #break(fault: ListFault): void {
    this.#row++;
    this.#fault(fault);
    this.#isBroken = true;
    this.#parts = [];
  }

  #fault({ problem, advice, expected, line }: ListFault): void {
    const message = `${this.#name} ${problem} (line ${line}). ${advice}`;
    this.#batch.fault({ row: this.#row, line, column: null, message, expected, found: `a file that ${problem}`, text: null });
  }
}
