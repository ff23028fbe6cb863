/** @file The levels and values of one page of a Parquet column, not yet put together. */
import type { DecodedArray, Encoding, PageHeader, ParquetType, SchemaTree } from 'hyparquet/src/types.js';
import { deltaBinaryUnpack } from 'hyparquet/src/delta.js';
import { byteStreamSplit } from 'hyparquet/src/encoding.js';
import { readPlain } from 'hyparquet/src/plain.js';
import { getMaxDefinitionLevel, getMaxRepetitionLevel } from 'hyparquet/src/schema.js';
import { DamagedPart, requireCount, requireSound } from './damaged.ts';
import { decompressPage } from './decompress-page.ts';
import { readHybrid } from './read-hybrid.ts';
import type { CompressionCodec } from 'hyparquet';

/** What does not change from page to page. */
export interface LeafShape {
  readonly path: readonly SchemaTree[];
  readonly type: ParquetType;
  readonly typeLength: number | undefined;
  readonly maxDefinition: number;
  readonly maxRepetition: number;
  readonly codec: CompressionCodec;
}

export interface DecodedPage {
  /** One per value or null; null if nothing can be missing. */
  readonly definitions: Uint8Array | null;
  /** One per value or null; null if nothing is repeated. */
  readonly repetitions: Uint8Array | null;
  readonly levels: number;
  /** Primitive values without nulls, or positions in the dictionary. */
  readonly values: DecodedArray;
  readonly isDictionary: boolean;
}

/** Beyond any page that is written; keeps lengths that are wrong from taking all memory. */
const MOST_VALUES = 2 ** 24;

export function shapeOf(path: readonly SchemaTree[], codec: CompressionCodec): LeafShape {
  const element = path.at(-1)?.element;
  requireSound(element?.type !== undefined, 'a column without a type');
  const tree = [...path];
  return {
    path,
    type: element.type,
    typeLength: element.type_length,
    maxDefinition: getMaxDefinitionLevel(tree),
    maxRepetition: getMaxRepetitionLevel(tree),
    codec,
  };
}

/** @throws {DamagedPart} and whatever the decoders throw at bytes that make no sense */
export function decodeDictionary(header: PageHeader, bytes: Uint8Array, shape: LeafShape): DecodedArray {
  const count = header.dictionary_page_header?.num_values ?? -1;
  const page = decompressPage(bytes, header.uncompressed_page_size, shape.codec);
  return decodeValues({ bytes: page, offset: 0, count, encoding: 'PLAIN', shape });
}

/** @throws {DamagedPart} and whatever the decoders throw at bytes that make no sense */
export function decodePage(header: PageHeader, bytes: Uint8Array, shape: LeafShape): DecodedPage {
  if (header.type === 'DATA_PAGE_V2') return decodeSecondVersion(header, bytes, shape);
  const page = header.data_page_header;
  requireSound(page !== undefined, 'a page without a description');
  const { num_values: levels, encoding } = page;
  requireCount(levels, MOST_VALUES, 'values');
  const unpacked = decompressPage(bytes, header.uncompressed_page_size, shape.codec);
  let offset = 0;
  const readLevels = (max: number, levelEncoding: Encoding): Uint8Array | null => {
    if (max === 0) return null;
    requireSound(levelEncoding === 'RLE', `levels in the encoding ${levelEncoding}, which is not supported`);
    requireSound(offset + 4 <= unpacked.length, 'a page that ends too early');
    const length = new DataView(unpacked.buffer, unpacked.byteOffset).getUint32(offset, true);
    const start = offset + 4;
    offset = start + length;
    requireSound(offset <= unpacked.length, 'levels that end too early');
    return levelsOf(unpacked, start, offset, max, levels);
  };
  const repetitions = readLevels(shape.maxRepetition, page.repetition_level_encoding);
  const definitions = readLevels(shape.maxDefinition, page.definition_level_encoding);
  const count = countOf(definitions, levels, shape);
  return { definitions, repetitions, levels, ...valuesOf({ bytes: unpacked, offset, count, encoding, shape }) };
}

function decodeSecondVersion(header: PageHeader, bytes: Uint8Array, shape: LeafShape): DecodedPage {
  const page = header.data_page_header_v2;
  requireSound(page !== undefined, 'a page without a description');
  const { num_values: levels, encoding, repetition_levels_byte_length: first, definition_levels_byte_length: second } = page;
  requireCount(levels, MOST_VALUES, 'values');
  requireSound(first >= 0 && second >= 0 && first + second <= bytes.length, 'levels that end too early');
  const repetitions = shape.maxRepetition === 0 ? null : levelsOf(bytes, 0, first, shape.maxRepetition, levels);
  const definitions = shape.maxDefinition === 0 ? null : levelsOf(bytes, first, first + second, shape.maxDefinition, levels);
  const packed = bytes.subarray(first + second);
  const codec = page.is_compressed === false ? 'UNCOMPRESSED' : shape.codec;
  const unpacked = packed.length === 0 ? packed : decompressPage(packed, header.uncompressed_page_size - first - second, codec);
  const count = countOf(definitions, levels, shape);
  return { definitions, repetitions, levels, ...valuesOf({ bytes: unpacked, offset: 0, count, encoding, shape }) };
}

function levelsOf(bytes: Uint8Array, start: number, end: number, max: number, count: number): Uint8Array {
  const levels = new Uint8Array(count);
  readHybrid(bytes, start, end, 32 - Math.clz32(max), levels);
  return levels;
}

function countOf(definitions: Uint8Array | null, levels: number, { maxDefinition }: LeafShape): number {
  if (definitions === null) return levels;
  let count = 0;
  for (const level of definitions) if (level === maxDefinition) count++;
  return count;
}

interface Values {
  readonly bytes: Uint8Array;
  readonly offset: number;
  readonly count: number;
  readonly encoding: Encoding;
  readonly shape: LeafShape;
}

function valuesOf(input: Values): { values: DecodedArray; isDictionary: boolean } {
  const { bytes, offset, count, encoding, shape } = input;
  const isDictionary = encoding === 'PLAIN_DICTIONARY' || encoding === 'RLE_DICTIONARY';
  if (count === 0) return { values: [], isDictionary: false };
  if (!isDictionary && encoding !== 'RLE') return { values: decodeValues(input), isDictionary };
  const positions = new Uint32Array(count);
  if (isDictionary) {
    requireSound(offset < bytes.length, 'a page that ends too early');
    readHybrid(bytes, offset + 1, bytes.length, bytes[offset] as number, positions);
    return { values: positions, isDictionary };
  }
  requireSound(shape.type === 'BOOLEAN', 'run lengths of values that are not true or false');
  readHybrid(bytes, offset + 4, bytes.length, 1, positions);
  return { values: Array.from(positions, (bit) => bit === 1), isDictionary };
}

function decodeValues({ bytes, offset, count, encoding, shape }: Values): DecodedArray {
  requireCount(count, MOST_VALUES, 'values');
  const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset };
  const { type, typeLength } = shape;
  if (encoding === 'PLAIN') {
    requireSound(offset + Math.ceil(count * leastBytes(type, typeLength)) <= bytes.length, 'values that end too early');
    const values = readPlain(reader, type, count, typeLength);
    requireSound(reader.offset <= bytes.length, 'values that end too early');
    return values;
  }
  if (encoding === 'BYTE_STREAM_SPLIT') {
    requireSound(offset + count * leastBytes(type, typeLength) <= bytes.length, 'values that end too early');
    return byteStreamSplit(reader, count, type, typeLength);
  }
  if (encoding === 'DELTA_BINARY_PACKED') return unpackDelta(reader, type === 'INT32' ? new Int32Array(count) : new BigInt64Array(count));
  if (encoding === 'DELTA_LENGTH_BYTE_ARRAY' || encoding === 'DELTA_BYTE_ARRAY') {
    return decodeStrings(reader, bytes, count, encoding === 'DELTA_BYTE_ARRAY');
  }
  throw new DamagedPart(`values in the encoding ${encoding}, which is not supported`);
}

interface Reader {
  readonly view: DataView;
  offset: number;
}

/** Texts one after the other, or each as what it has more than the beginning of the one before. */
function decodeStrings(reader: Reader, bytes: Uint8Array, count: number, hasPrefixes: boolean): Uint8Array[] {
  const prefixes = hasPrefixes ? unpackDelta(reader, new Int32Array(count)) : null;
  const lengths = unpackDelta(reader, new Int32Array(count));
  const values: Uint8Array[] = [];
  let total = 0;
  let previous: Uint8Array = new Uint8Array(0);
  for (let index = 0; index < count; index++) {
    const length = lengths[index] as number;
    const prefix = prefixes?.[index] ?? 0;
    total += prefix + length;
    requireSound(length >= 0 && reader.offset + length <= bytes.length, 'texts that end too early');
    requireSound(prefix >= 0 && prefix <= previous.length && total <= MOST_TEXT_BYTES, 'texts of impossible length');
    const suffix = bytes.subarray(reader.offset, reader.offset + length);
    reader.offset += length;
    previous = prefix === 0 ? suffix : Buffer.concat([previous.subarray(0, prefix), suffix]);
    values.push(previous);
  }
  return values;
}

const MOST_TEXT_BYTES = 512 * 1024 * 1024;
/** As the format allows; Arrow writes 128 values in 4 parts. */
const MOST_BLOCK_VALUES = 2 ** 16;

/** Checks what the decoder would take on trust. */
function unpackDelta<A extends Int32Array | BigInt64Array>(reader: Reader, output: A): A {
  const { value: block, next } = peekVarint(reader.view, reader.offset);
  const { value: parts } = peekVarint(reader.view, next);
  const isSound = block > 0 && block <= MOST_BLOCK_VALUES && block % 8 === 0 && parts > 0 && parts <= block && (block / parts) % 8 === 0;
  requireSound(isSound, 'differences in blocks of impossible size');
  deltaBinaryUnpack(reader, output.length, output);
  return output;
}

function peekVarint(view: DataView, start: number): { value: number; next: number } {
  let value = 0;
  for (let index = 0; index < 5; index++) {
    const byte = view.getUint8(start + index);
    value += (byte & 0x7f) * 128 ** index;
    if (byte < 0x80) return { value, next: start + index + 1 };
  }
  throw new DamagedPart('a number that does not end');
}

function leastBytes(type: ParquetType, typeLength: number | undefined): number {
  switch (type) {
    case 'BOOLEAN':
      return 1 / 8;
    case 'INT64':
    case 'DOUBLE':
      return 8;
    case 'INT96':
      return 12;
    case 'FIXED_LEN_BYTE_ARRAY':
      return typeLength ?? 1;
    default:
      return 4;
  }
}
