/** @file Writes a safetensors file, atomically and reproducibly. */
import { ShapeError } from '#contract/errors.ts';
import { writeStreamAtomically, type AtomicWriteOptions } from '#io/atomic-write.ts';
import { encodeHeader, type TensorSpec } from './encode-header.ts';

/** A tensor in memory, row-major. */
export type TensorToWrite = { readonly name: string; readonly shape: readonly number[] } & (
  | { readonly dtype: 'F32'; readonly data: Float32Array }
  | { readonly dtype: 'I32'; readonly data: Int32Array }
  | { readonly dtype: 'I64'; readonly data: BigInt64Array }
  | { readonly dtype: 'U8' | 'BOOL'; readonly data: Uint8Array }
);

/** A tensor whose little-endian bytes come in pieces; a piece is written before the next is asked for. */
export type TensorToStream = TensorSpec & { readonly pieces: () => AsyncIterable<Uint8Array> };

export interface SafetensorsWriteOptions extends AtomicWriteOptions {
  /** The first tensor begins at a multiple of this many bytes; default 8, as the reference implementation has it. */
  readonly alignment?: number;
}

/**
 * Tensors are written in the given order; the same input gives the same bytes.
 * @throws {ShapeError} if a tensor's data does not fill its shape; nothing is left behind
 * @throws {InternalError} if a name is given twice
 * @throws {StorageError} if the file can't be written; nothing is left behind
 */
export async function writeSafetensors(
  path: string,
  tensors: Iterable<TensorToWrite | TensorToStream>,
  metadata: Readonly<Record<string, string>> = {},
  { alignment = 8, ...options }: SafetensorsWriteOptions = {},
): Promise<void> {
  const list = [...tensors];
  const header = encodeHeader(path, list, { metadata, alignment });
  async function* chunks(): AsyncGenerator<Uint8Array> {
    yield header.bytes;
    for (const [index, tensor] of list.entries()) {
      let bytes = 0;
      for await (const piece of piecesOf(tensor)) {
        yield piece;
        bytes += piece.byteLength;
      }
      checkLength(path, tensor, bytes, header.byteLengths[index] ?? 0);
    }
  }
  await writeStreamAtomically(path, chunks(), options);
}

function piecesOf(tensor: TensorToWrite | TensorToStream): AsyncIterable<Uint8Array> | Iterable<Uint8Array> {
  if ('pieces' in tensor) return tensor.pieces();
  const { buffer, byteOffset, byteLength } = tensor.data;
  return [new Uint8Array(buffer, byteOffset, byteLength)];
}

function checkLength(file: string, { name, shape, dtype }: TensorSpec, got: number, expected: number): void {
  if (got === expected) return;
  throw new ShapeError(
    `Tensor "${name}" can't be written to ${file}: [${shape.join(', ')}] of ${dtype} needs ${expected} bytes, got ${got}.`,
    { file },
  );
}
