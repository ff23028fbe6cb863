/**
 * @file Bytes to text, chunk by chunk. A byte that is not UTF-8 never becomes a replacement character, which nobody would see:
 * it becomes a lone surrogate that tells the byte, so that the row in which it stands can be reported.
 */
import { isAscii, isUtf8 } from 'node:buffer';
import type { TextEncoding } from './text-encoding.ts';

export interface DecodedText {
  readonly text: string;
  /** Whether some characters stand for bytes that are not text; see {@link findBadByte}. */
  readonly hasBadBytes: boolean;
}

/** Byte 0xE9 becomes U+DCE9, which no valid UTF-8 decodes to (as in Python's surrogateescape). */
const ESCAPE = 0xdc00;
const BAD_BYTE = /[\udc80-\udcff]/u;

export class ChunkDecoder {
  readonly #encoding: TextEncoding;
  readonly #singleByte = new TextDecoder('windows-1252');
  /** The first bytes of a character whose others are in the next chunk. */
  #rest: Buffer = Buffer.alloc(0);

  constructor(encoding: TextEncoding) {
    this.#encoding = encoding;
  }

  push(chunk: Buffer): DecodedText {
    if (this.#encoding === 'windows-1252') return { text: this.#singleByte.decode(chunk), hasBadBytes: false };
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const end = this.#encoding === 'utf-8' ? endOfUtf8(bytes) : bytes.length - (bytes.length % 2);
    this.#rest = bytes.subarray(end);
    return this.#decode(bytes.subarray(0, end));
  }

  /** What is left of a character that was cut off. */
  end(): DecodedText {
    const rest = this.#rest;
    this.#rest = Buffer.alloc(0);
    return rest.length === 0 ? { text: '', hasBadBytes: false } : { text: escapeAll(rest), hasBadBytes: true };
  }

  #decode(bytes: Buffer): DecodedText {
    if (this.#encoding === 'utf-16le') return { text: bytes.toString('utf16le'), hasBadBytes: false };
    if (this.#encoding === 'utf-16be') return { text: Buffer.from(bytes).swap16().toString('utf16le'), hasBadBytes: false };
    if (isAscii(bytes)) return { text: bytes.toString('latin1'), hasBadBytes: false };
    if (isUtf8(bytes)) return { text: bytes.toString('utf8'), hasBadBytes: false };
    return { text: decodeWithEscapes(bytes), hasBadBytes: true };
  }
}

/** The first byte in a decoded text that is not text; `index` is that of its character. */
export function findBadByte(text: string): { readonly index: number; readonly byte: number } | null {
  const index = text.search(BAD_BYTE);
  return index === -1 ? null : { index, byte: text.charCodeAt(index) - ESCAPE };
}

/** Where the last whole character ends. */
function endOfUtf8(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] as number;
    if ((byte & 0xc0) === 0x80) continue; // inside a character
    const length = sequenceLength(byte);
    return length > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

/** 0 if no character begins with this byte. */
function sequenceLength(first: number): number {
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return 2;
  if (first >= 0xe0 && first <= 0xef) return 3;
  return first >= 0xf0 && first <= 0xf4 ? 4 : 0;
}

function decodeWithEscapes(bytes: Buffer): string {
  const parts: string[] = [];
  let start = 0;
  let index = 0;
  while (index < bytes.length) {
    const length = sequenceLength(bytes[index] as number);
    if (length === 1 || (length > 1 && index + length <= bytes.length && isUtf8(bytes.subarray(index, index + length)))) {
      index += length;
      continue;
    }
    parts.push(bytes.toString('utf8', start, index), escapeAll(bytes.subarray(index, index + 1)));
    index++;
    start = index;
  }
  parts.push(bytes.toString('utf8', start));
  return parts.join('');
}

function escapeAll(bytes: Buffer): string {
  return Array.from(bytes, (byte) => String.fromCharCode(ESCAPE + byte)).join('');
}
