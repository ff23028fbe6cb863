/** @file Says that a line is not text. */
import { findBadByte } from './text-decoder.ts';

export interface BadByteFault {
  /** 1-based line, if the text before it holds line ends. */
  readonly line: number;
  /** 1-based character on it. */
  readonly column: number;
  readonly message: string;
  readonly expected: string;
  readonly found: string;
}

/**
 * @param text - decoded with escapes
 * @param line - where it begins
 * @returns null if all of it is text
 */
export function explainBadByte(text: string, line: number, fileName: string): BadByteFault | null {
  const bad = findBadByte(text);
  if (bad === null) return null;
  const before = text.slice(0, bad.index);
  const lines = before.split('\n');
  const at = line + lines.length - 1;
  const column = countCharacters(lines.at(-1) ?? '') + 1;
  const byte = `0x${bad.byte.toString(16).toUpperCase()}`;
  const message =
    `Line ${at} of ${fileName} is not UTF-8 text: it has the byte ${byte} at column ${column}.` +
    ' Save the file as UTF-8 (in Excel: "CSV UTF-8").';
  return { line: at, column, message, expected: 'UTF-8 text', found: `the byte ${byte}` };
}

/** Characters as a person counts them, not UTF-16 units. */
export function countCharacters(text: string): number {
  let count = text.length;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code >= 0xd800 && code <= 0xdbff && index + 1 < text.length) count -= isLowSurrogate(text.charCodeAt(index + 1)) ? 1 : 0;
  }
  return count;
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}
