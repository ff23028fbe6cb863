/** @file Parses the text of one JSON value inside a larger file, or says in words where it is wrong. */
import type { RecordFault } from '#engine/data/source-record.ts';
import { countCharacters, explainBadByte } from './bad-byte-message.ts';
import { explainJsonFault, findJsonFault } from './json-fault.ts';
import { repairable } from './repairable.ts';

export interface JsonPiece {
  readonly text: string;
  /** Whether it may hold bytes that are not text. */
  readonly hasBadBytes: boolean;
  /** The record's number in the file. */
  readonly row: number;
  /** 1-based line of the file on which the text begins. */
  readonly line: number;
  /** 1-based column, in characters, at which it begins. */
  readonly column: number;
}

export type ParsedPiece = { readonly value: unknown } | { readonly fault: RecordFault };

/** Characters shown on each side of a fault. */
const EXCERPT_CHARACTERS = 30;
/** What walks over a value later, calls itself for each level. */
const MOST_LEVELS = 500;

export function parseJsonPiece(piece: JsonPiece, fileName: string): ParsedPiece {
  const { text, row, line } = piece;
  if (piece.hasBadBytes) {
    const bad = explainBadByte(text, line, fileName);
    if (bad !== null) return { fault: { row, ...bad, text: null } };
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { fault: explain(piece, fileName) };
  }
  if (text.length > 2 * MOST_LEVELS && isDeeperThan(value, MOST_LEVELS)) {
    const message = `Line ${line} of ${fileName} nests lists and objects more than ${MOST_LEVELS} levels deep. Remove that row.`;
    const found = `more than ${MOST_LEVELS} levels`;
    return { fault: { row, line, column: piece.column, message, expected: `at most ${MOST_LEVELS} levels of nesting`, found, text: null } };
  }
  return { value };
}

function explain({ text, row, ...piece }: JsonPiece, fileName: string): RecordFault {
  const index = findJsonFault(text);
  const before = text.slice(0, index);
  const lastNewline = before.lastIndexOf('\n');
  const line = piece.line + (lastNewline === -1 ? 0 : before.split('\n').length - 1);
  const column = countCharacters(before.slice(lastNewline + 1)) + (lastNewline === -1 ? piece.column : 1);
  const found = excerpt(text, index);
  const message = `Line ${line} of ${fileName} is not valid JSON at column ${column}: ${found}. ${explainJsonFault(text, index)}`;
  return { row, line, column, message, expected: 'valid JSON', found, text: repairable(text) };
}

/** The text around the fault, which is marked by a pointer. */
function excerpt(text: string, index: number): string {
  const start = Math.max(0, index - EXCERPT_CHARACTERS);
  const end = Math.min(text.length, index + EXCERPT_CHARACTERS);
  // A cut may leave half of a character at either end.
  const around = `${text.slice(start, index)}⟶${text.slice(index, end)}`.replace(/\s+/gu, ' ').trim().toWellFormed();
  return `${start > 0 ? '…' : ''}${around}${end < text.length ? '…' : ''}`;
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  const items: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
  return items.some((item) => isDeeperThan(item, levels - 1));
}
