/** @file Writes a GGUF file, atomically, tensor by tensor, so that memory use stays flat. */
import { ShapeError } from '#contract/errors.ts';
import type { GgufMetadata } from '#engine/export/gguf/gguf-value.ts';
import { writeStreamAtomically } from '#io/atomic-write.ts';
import type { AtomicWriteOptions } from '#io/atomic-write.ts';
import { encodeGgufHeader, paddingAfter } from './encode-gguf-header.ts';
import type { GgufTensorSpec } from './encode-gguf-header.ts';

/** A tensor whose bytes come in pieces; a piece is written before the next is asked for. */
export type GgufTensor = GgufTensorSpec & { readonly pieces: () => AsyncIterable<Uint8Array> | Iterable<Uint8Array> };

/**
 * The same input gives the same bytes.
 * @throws {ShapeError} if a tensor's pieces do not fill its shape; nothing is left behind
 * @throws {StorageError | CancelledError} nothing is left behind
 */
export async function writeGguf(
  path: string,
  metadata: GgufMetadata,
  tensors: readonly GgufTensor[],
  options: AtomicWriteOptions = {},
): Promise<void> {
  const header = encodeGgufHeader(metadata, tensors);
  async function* chunks(): AsyncGenerator<Uint8Array> {
    yield header.bytes;
    for (const [index, { name, pieces }] of tensors.entries()) {
      const expected = header.byteLengths[index] as number;
      let written = 0;
      for await (const piece of pieces()) {
        yield piece;
        written += piece.byteLength;
      }
      if (written !== expected) {
        throw new ShapeError(`Tensor "${name}" can't be written to ${path}: it needs ${expected} bytes, got ${written}.`, { file: path });
      }
      yield new Uint8Array(paddingAfter(written));
    }
  }
  await writeStreamAtomically(path, chunks(), options);
}
