/** @file Cuts the one list that a .json file holds into its elements, without holding the file in memory. */
import { basename } from 'node:path';
import { ImportError } from '#contract/errors.ts';
import { PieceBuffer } from './jsonl-pieces.ts';
import type { JsonPiece } from './jsonl-pieces.ts';

const NEWLINE = 0x0a;
const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * Yields the text of each element. Only brackets, quotes and commas are looked at; whether an element is JSON comes out
 * when it is parsed.
 * @throws {ImportError} if the list does not end, or something stands where nothing may
 */
export async function* splitList(chunks: AsyncIterable<Buffer>, file: string): AsyncGenerator<JsonPiece> {
  const buffer = new PieceBuffer(file);
  const scan = new ListScan();
  let elements = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (let index = 0; index < chunk.length; index++) {
      const event = scan.step(chunk[index] as number);
      if (event === 'inside') continue;
      if (event === 'stray') throw complain(file, scan.line, 'goes on after its list has ended', 'Remove what follows the last ].');
      if (event === 'comma' || event === 'end') {
        buffer.add(chunk.subarray(start, index), scan.line);
        const text = buffer.take(scan.line);
        if (text.trim() !== '') yield { text: text.trimStart(), ...scan.elementPlace };
        else if (event === 'comma' || elements > 0) throw complain(file, scan.line, 'has a comma without a row', 'Remove the comma.');
        elements++;
      }
      start = index + 1;
    }
    buffer.add(chunk.subarray(start), scan.line);
  }
  if (!scan.hasEnded) throw complain(file, scan.line, 'ends before its list does', 'Its closing ] is missing; the file may be cut off.');
}

function complain(file: string, line: number, problem: string, advice: string): ImportError {
  return new ImportError(`${basename(file)} ${problem} (line ${line}). ${advice}`, { file, row: line });
}

/** Follows the structure byte by byte: what each byte means for the outermost list. */
class ListScan {
  line = 1;
  hasEnded = false;
  /** Where the current element begins. */
  elementPlace = { line: 1, column: 1 };
  private column = 0;
  private depth = 0;
  private inString = false;
  private isEscaped = false;
  private isBeforeElement = true;

  step(byte: number): 'outside' | 'inside' | 'comma' | 'end' | 'stray' {
    if ((byte & 0xc0) !== 0x80) this.column++; // continuation bytes belong to the character before
    if (byte === NEWLINE) {
      this.line++;
      this.column = 0;
    }
    if (this.inString) return this.stepString(byte);
    if (byte <= 0x20) return this.depth === 0 ? 'outside' : 'inside';
    if (this.hasEnded) return 'stray';
    return this.stepStructure(byte);
  }

  private stepString(byte: number): 'inside' {
    if (this.isEscaped) this.isEscaped = false;
    else if (byte === BACKSLASH) this.isEscaped = true;
    else if (byte === QUOTE) this.inString = false;
    return 'inside';
  }

  private stepStructure(byte: number): 'outside' | 'inside' | 'comma' | 'end' {
    if (this.depth === 0) {
      this.depth = 1; // the caller has seen that the file begins with [
      return 'outside';
    }
    if (this.depth === 1 && byte === COMMA) {
      this.isBeforeElement = true;
      return 'comma';
    }
    if (this.depth === 1 && byte === CLOSE_LIST) {
      this.depth = 0;
      this.hasEnded = true;
      return 'end';
    }
    if (this.isBeforeElement) {
      this.isBeforeElement = false;
      this.elementPlace = { line: this.line, column: this.column };
    }
    if (byte === QUOTE) this.inString = true;
    else if (byte === OPEN_LIST || byte === OPEN_OBJECT) this.depth++;
    else if ((byte === CLOSE_LIST || byte === CLOSE_OBJECT) && this.depth > 1) this.depth--;
    return 'inside';
  }
}
