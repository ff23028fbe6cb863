/** @file Values of a Parquet column as JSON has them: numbers, texts, true and false, null. */
import { isUtf8 } from 'node:buffer';
import type { DecodedArray, ParquetParsers } from 'hyparquet/src/types.js';
import { MOST_RECORD_CHARACTERS } from '#io/records/text-splitter.ts';

/** Stands for a text that is none, until the row is reported. */
export const BAD_TEXT = Symbol('not UTF-8');
/** Stands for a text that is too long. */
export const LONG_TEXT = Symbol('too long');

export interface LeafParsers extends ParquetParsers {
  /** How many texts have been replaced by {@link BAD_TEXT} or {@link LONG_TEXT}. */
  replaced: number;
}

/** @param isText - whether bytes are said to be text; others are text if they can be, else base64 */
export function createParsers(isText: boolean): LeafParsers {
  const parsers: LeafParsers = {
    replaced: 0,
    stringFromBytes(bytes: Uint8Array) {
      const text = decodeText(bytes);
      if (typeof text === 'string') return text;
      if (!isText && text === BAD_TEXT) return base64(bytes);
      parsers.replaced++;
      return text;
    },
    jsonFromBytes(bytes: Uint8Array) {
      const text = decodeText(bytes);
      if (typeof text !== 'string') {
        parsers.replaced++;
        return text;
      }
      try {
        return JSON.parse(text) as unknown;
      } catch {
        return text;
      }
    },
    timestampFromMilliseconds: (millis) => isoText(millis, 1n),
    timestampFromMicroseconds: (micros) => isoText(micros, 1000n),
    timestampFromNanoseconds: (nanos) => isoText(nanos, 1_000_000n),
    dateFromDays: (days) => isoText(BigInt(days) * 86_400_000n, 1n).slice(0, 10),
    geometryFromBytes: base64,
    geographyFromBytes: base64,
    uuidFromBytes(bytes: Uint8Array) {
      return Buffer.from(bytes)
        .toString('hex')
        .replace(/^(.{8})(.{4})(.{4})(.{4})/u, '$1-$2-$3-$4-');
    },
  };
  return parsers;
}

/** Numbers beyond 2^53 become text, as no number holds them; NaN, which pandas writes for "nothing", becomes null. */
export function plainValues(values: DecodedArray): unknown[] {
  if (values instanceof BigInt64Array || values instanceof BigUint64Array) return Array.from(values, plainInteger);
  if (values instanceof Float32Array || values instanceof Float64Array) return Array.from(values, plainNumber);
  if (!Array.isArray(values)) return Array.from<number>(values);
  const [first] = values;
  if (typeof first === 'string' || typeof first === 'boolean' || typeof first === 'symbol') return values;
  return values.map(plainValue);
}

function plainValue(value: unknown): unknown {
  if (typeof value === 'bigint') return plainInteger(value);
  if (typeof value === 'number') return plainNumber(value);
  return value instanceof Uint8Array ? base64(value) : value;
}

function plainInteger(value: bigint): number | string {
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value.toString();
}

function plainNumber(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

/** Without a copy, and without a replacement character for what is no text. */
function decodeText(bytes: Uint8Array): string | symbol {
  if (bytes.length > MOST_RECORD_CHARACTERS) return LONG_TEXT;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  return text.includes('\uFFFD') && !isUtf8(bytes) ? BAD_TEXT : text;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

/** @param perMilli - units in a millisecond */
function isoText(value: bigint, perMilli: bigint): string {
  const date = new Date(Number(value / perMilli));
  return Number.isNaN(date.getTime()) ? value.toString() : date.toISOString();
}
