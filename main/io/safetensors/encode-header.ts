/** @file Makes the header of a safetensors file: tensors one after the other, in the given order. */
import { InternalError, ShapeError } from '#contract/errors.ts';
import { tensorByteLength, type SafetensorsDtype } from './dtype.ts';

export interface TensorSpec {
  readonly name: string;
  readonly dtype: SafetensorsDtype;
  readonly shape: readonly number[];
}

export interface HeaderOptions {
  readonly metadata: Readonly<Record<string, string>>;
  /** The first tensor begins at a multiple of this many bytes; a multiple of 8. */
  readonly alignment: number;
}

export interface EncodedHeader {
  /** Length, JSON and padding: the file's first bytes. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Bytes of each tensor, in the given order. */
  readonly byteLengths: readonly number[];
  readonly fileBytes: number;
}

/**
 * The same input gives the same bytes. The reference implementation's files have the same layout (no spaces, metadata
 * first, padded with spaces).
 * @throws {ShapeError} if a shape has no whole number of bytes
 * @throws {InternalError} if a name is given twice
 */
export function encodeHeader(file: string, tensors: readonly TensorSpec[], { metadata, alignment }: HeaderOptions): EncodedHeader {
  const parts = Object.keys(metadata).length > 0 ? [`"__metadata__":${JSON.stringify(metadata)}`] : [];
  const names = new Set(['__metadata__']);
  const byteLengths: number[] = [];
  let end = 0;
  for (const { name, dtype, shape } of tensors) {
    const byteLength = tensorByteLength(dtype, shape);
    if (byteLength === null) {
      throw new ShapeError(
        `Tensor "${name}" can't be written to ${file}: [${shape.join(', ')}] of ${dtype} has no whole number of bytes.`,
        { file },
      );
    }
    if (names.has(name)) throw new InternalError(`Tensor "${name}" would be written to ${file} twice.`, { file });
    names.add(name);
    parts.push(`${JSON.stringify(name)}:${JSON.stringify({ dtype, shape, data_offsets: [end, end + byteLength] })}`);
    byteLengths.push(byteLength);
    end += byteLength;
  }
  const bytes = frame(`{${parts.join(',')}}`, alignment);
  return { bytes, byteLengths, fileBytes: bytes.length + end };
}

function frame(json: string, alignment: number): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(json);
  const bytes = new Uint8Array(Math.ceil((8 + text.length) / alignment) * alignment).fill(0x20);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(bytes.length - 8), true);
  bytes.set(text, 8);
  return bytes;
}
