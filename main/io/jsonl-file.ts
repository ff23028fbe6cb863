/**
 * @file Reads the rows of a JSON Lines file, or of a .json file that holds one list; which of the two it is shows its first
 * character. Rows are read one at a time, so the file may be larger than memory.
 */
import { basename } from 'node:path';
import { ImportError } from '#contract/errors.ts';
import { explainJsonFault, findJsonFault } from './jsonl-fault.ts';
import { splitLines } from './jsonl-lines.ts';
import { splitList } from './jsonl-list.ts';
import type { JsonPiece } from './jsonl-pieces.ts';
import { readUtf8 } from './jsonl-text.ts';

export interface JsonRow {
  /** 1-based: the line of a JSON Lines file (blank lines count), or the position in a list. */
  readonly line: number;
  /** Whatever the JSON says; `parseRow` finds out whether it is a row. */
  readonly value: unknown;
}

/** Characters shown on each side of a fault. */
const EXCERPT_CHARACTERS = 30;

/**
 * Yields the rows of the file in order.
 * @throws {ImportError} if the file is empty, not text, or a row is not JSON (with line, column and an excerpt)
 * @throws {StorageError} if it can't be read
 * @throws {CancelledError} if `signal` is aborted
 */
export async function* readJsonRows(file: string, options: { readonly signal?: AbortSignal } = {}): AsyncGenerator<JsonRow> {
  const opened = await peekFirstCharacter(readUtf8(file, options.signal));
  if (opened.first === null) throw new ImportError(`${basename(file)} is empty. Choose a file with rows.`, { file });
  const isList = opened.first === '[';
  const pieces = isList ? splitList(opened.chunks, file) : splitLines(opened.chunks, file);
  let count = 0;
  for await (const piece of pieces) {
    count++;
    const row = isList ? count : piece.line;
    yield { line: row, value: parsePiece(piece, file, row) };
  }
  if (count === 0) throw new ImportError(`${basename(file)} holds an empty list. Choose a file with rows.`, { file });
}

interface Peeked {
  readonly first: string | null;
  readonly chunks: AsyncIterable<Buffer>;
}

/** The first character that is not white space, and the whole stream again. */
async function peekFirstCharacter(chunks: AsyncGenerator<Buffer>): Promise<Peeked> {
  const held: Buffer[] = [];
  for (;;) {
    const next = await chunks.next();
    if (next.done === true) return { first: null, chunks: replay(held, chunks) };
    held.push(next.value);
    const byte = next.value.find((candidate) => candidate > 0x20);
    if (byte !== undefined) return { first: String.fromCharCode(byte), chunks: replay(held, chunks) };
  }
}

async function* replay(held: readonly Buffer[], rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* held;
    yield* rest;
  } finally {
    await rest.return(undefined); // closes the file when the reader stops early
  }
}

function parsePiece(piece: JsonPiece, file: string, row: number): unknown {
  try {
    return JSON.parse(piece.text);
  } catch (error) {
    const index = findJsonFault(piece.text);
    const before = piece.text.slice(0, index);
    const newlines = before.split('\n').length - 1;
    const line = piece.line + newlines;
    const column = newlines === 0 ? piece.column + Array.from(before).length : Array.from(before.slice(before.lastIndexOf('\n'))).length;
    const message =
      `Line ${line} of ${basename(file)} is not valid JSON at column ${column}: ${excerpt(piece.text, index)}. ` +
      explainJsonFault(piece.text, index);
    throw new ImportError(message, { file, row, column: String(column) }, { cause: error });
  }
}

/** The text around the fault, which is marked by a pointer. */
function excerpt(text: string, index: number): string {
  const start = Math.max(0, index - EXCERPT_CHARACTERS);
  const end = Math.min(text.length, index + EXCERPT_CHARACTERS);
  const around = `${text.slice(start, index)}⟶${text.slice(index, end)}`.replace(/\s+/gu, ' ').trim();
  return `${start > 0 ? '…' : ''}${around}${end < text.length ? '…' : ''}`;
}
