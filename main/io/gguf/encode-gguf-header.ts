/** @file Makes the header of a GGUF file (version 3): metadata, then where each tensor lies. */
import { InternalError } from '#contract/errors.ts';
import { GGML_TYPE, ggufByteLength } from '#engine/export/gguf/gguf-dtype.ts';
import type { GgufDtype } from '#engine/export/gguf/gguf-dtype.ts';
import type { GgufMetadata, GgufValue } from '#engine/export/gguf/gguf-value.ts';

const MAGIC = 0x46554747; // "GGUF"
const VERSION = 3;
/** Tensors begin at a multiple of this; the format's default. */
export const GGUF_ALIGNMENT = 32;

/** Numbers of `gguf_type`. */
const VALUE_TYPE = { uint32: 4, int32: 5, float32: 6, bool: 7, string: 8, array: 9 } as const;

export interface GgufTensorSpec {
  readonly name: string;
  /** Row-major, as everywhere in Prospect; the file has it the other way round. */
  readonly shape: readonly number[];
  readonly dtype: GgufDtype;
}

export interface EncodedGgufHeader {
  readonly bytes: Uint8Array;
  /** Bytes of each tensor without the padding after it, in the given order. */
  readonly byteLengths: readonly number[];
  readonly fileBytes: number;
}

/** @throws {InternalError} if a tensor is named twice */
export function encodeGgufHeader(metadata: GgufMetadata, tensors: readonly GgufTensorSpec[]): EncodedGgufHeader {
  const writer = new ByteWriter();
  writer.uint32(MAGIC);
  writer.uint32(VERSION);
  writer.uint64(tensors.length);
  writer.uint64(metadata.size);
  for (const [key, value] of metadata) {
    writer.string(key);
    writeValue(writer, value);
  }
  const byteLengths: number[] = [];
  const names = new Set<string>();
  let offset = 0;
  for (const { name, shape, dtype } of tensors) {
    if (names.has(name)) throw new InternalError(`Tensor "${name}" would be written into a GGUF file twice.`);
    names.add(name);
    writer.string(name);
    writer.uint32(shape.length);
    for (const dim of shape.toReversed()) writer.uint64(dim);
    writer.uint32(GGML_TYPE[dtype]);
    writer.uint64(offset);
    const byteLength = ggufByteLength(
      dtype,
      shape.reduce((product, dim) => product * dim, 1),
    );
    byteLengths.push(byteLength);
    offset += byteLength + paddingAfter(byteLength);
  }
  writer.pad(GGUF_ALIGNMENT);
  const bytes = writer.bytes();
  return { bytes, byteLengths, fileBytes: bytes.length + offset };
}

export function paddingAfter(byteLength: number): number {
  return (GGUF_ALIGNMENT - (byteLength % GGUF_ALIGNMENT)) % GGUF_ALIGNMENT;
}

function writeValue(writer: ByteWriter, value: GgufValue): void {
  switch (value.type) {
    case 'uint32':
      writer.uint32(VALUE_TYPE.uint32);
      return writer.uint32(value.value);
    case 'float32':
      writer.uint32(VALUE_TYPE.float32);
      return writer.float32(value.value);
    case 'bool':
      writer.uint32(VALUE_TYPE.bool);
      return writer.uint8(value.value ? 1 : 0);
    case 'string':
      writer.uint32(VALUE_TYPE.string);
      return writer.string(value.value);
    case 'strings':
      return writeArray(writer, VALUE_TYPE.string, value.value, (text) => writer.string(text));
    case 'int32s':
      return writeArray(writer, VALUE_TYPE.int32, value.value, (number) => writer.int32(number));
    case 'float32s':
      return writeArray(writer, VALUE_TYPE.float32, value.value, (number) => writer.float32(number));
    default:
      return value satisfies never;
  }
}

function writeArray<Item>(writer: ByteWriter, type: number, items: readonly Item[], write: (item: Item) => void): void {
  writer.uint32(VALUE_TYPE.array);
  writer.uint32(type);
  writer.uint64(items.length);
  for (const item of items) write(item);
}

/** Little-endian, growing. */
class ByteWriter {
  #bytes = new Uint8Array(1 << 16);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;
  readonly #encoder = new TextEncoder();

  uint8(value: number): void {
    const at = this.#take(1); // first: it may replace the view
    this.#view.setUint8(at, value);
  }

  uint32(value: number): void {
    const at = this.#take(4); // first: it may replace the view
    this.#view.setUint32(at, value, true);
  }

  int32(value: number): void {
    const at = this.#take(4); // first: it may replace the view
    this.#view.setInt32(at, value, true);
  }

  float32(value: number): void {
    const at = this.#take(4); // first: it may replace the view
    this.#view.setFloat32(at, value, true);
  }

  uint64(value: number): void {
    const at = this.#take(8); // first: it may replace the view
    this.#view.setBigUint64(at, BigInt(value), true);
  }

  string(text: string): void {
    const bytes = this.#encoder.encode(text);
    this.uint64(bytes.length);
    const start = this.#take(bytes.length);
    this.#bytes.set(bytes, start);
  }

  pad(alignment: number): void {
    this.#take((alignment - (this.#length % alignment)) % alignment);
  }

  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** @returns where `count` new bytes, all zero, begin */
  #take(count: number): number {
    const start = this.#length;
    this.#length += count;
    if (this.#length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length));
      larger.set(this.#bytes);
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    return start;
  }
}
