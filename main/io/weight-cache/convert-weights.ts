/** @file Writes tensors of any float type as one float32 safetensors file, piece by piece, so that memory use stays flat. */
import { open } from 'node:fs/promises';
import { CancelledError, StorageError } from '#contract/errors.ts';
import { asStorageError } from '#io/as-storage-error.ts';
import type { ChunkWriter } from '#io/atomic-write.ts';
import { checkTensorFinite } from '#io/check-tensor-finite.ts';
import { readBytes } from '#io/read-bytes.ts';
import { convertToFloat32, type FloatDtype } from '#io/safetensors/convert-to-float32.ts';
import { writeSafetensors, type TensorToStream } from '#io/safetensors/write-safetensors.ts';
import type { WeightLocation } from '#io/weight-location.ts';

/** Bytes read at once; a multiple of 8, so that a piece holds whole numbers of every type. */
const PIECE_BYTES = 4 * 1024 * 1024;
/** The smallest source type has 2 bytes. */
const PIECE_VALUES = PIECE_BYTES / 2;
const BYTES_PER_VALUE = { F64: 8, F32: 4, F16: 2, BF16: 2 } as const satisfies Record<FloatDtype, number>;
/** A cache line, and what vector instructions like best. */
const ALIGNMENT = 64;

export type FloatWeight = WeightLocation & { readonly dtype: FloatDtype };

export interface ConvertOptions {
  readonly metadata: Readonly<Record<string, string>>;
  /** Called with the source bytes converted since the last call. */
  readonly onBytes: (bytes: number) => void;
  /** Throws if the source file is no longer the one that the result will be filed under. */
  readonly checkSource: (file: string) => Promise<void>;
  readonly signal?: AbortSignal | undefined;
  readonly writeChunk?: ChunkWriter | undefined;
}

/**
 * @throws {FormatError} if a converted value is NaN or infinite
 * @throws {StorageError} if reading or writing fails; nothing is left behind
 * @throws {CancelledError} if `signal` is aborted; nothing is left behind
 */
export async function convertWeights(target: string, weights: ReadonlyMap<string, FloatWeight>, options: ConvertOptions): Promise<void> {
  const source = new Uint8Array(PIECE_BYTES);
  const values = new Float32Array(PIECE_VALUES);
  const tensors = inAlignedOrder(weights).map(([name, weight]): TensorToStream => ({
    name,
    dtype: 'F32',
    shape: weight.shape,
    pieces: () => convertedPieces(name, weight, { source, values }, options),
  }));
  await writeSafetensors(target, tensors, options.metadata, {
    alignment: ALIGNMENT,
    ...(options.signal && { signal: options.signal }),
    ...(options.writeChunk && { writeChunk: options.writeChunk }),
  });
}

export function valueCount(weight: FloatWeight): number {
  return weight.byteLength / BYTES_PER_VALUE[weight.dtype];
}

/** Tensors of odd sizes last, so that they don't shift the others off their alignment; else in the order of reading. */
function inAlignedOrder(weights: ReadonlyMap<string, FloatWeight>): readonly (readonly [string, FloatWeight])[] {
  const isOdd = (weight: FloatWeight): number => ((valueCount(weight) * 4) % ALIGNMENT === 0 ? 0 : 1);
  const byFile = (a: FloatWeight, b: FloatWeight): number => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.byteOffset - b.byteOffset);
  return [...weights].sort(([, a], [, b]) => isOdd(a) - isOdd(b) || byFile(a, b));
}

async function* convertedPieces(
  name: string,
  weight: FloatWeight,
  { source, values }: { readonly source: Uint8Array; readonly values: Float32Array },
  { onBytes, checkSource, signal }: ConvertOptions,
): AsyncGenerator<Uint8Array> {
  const { file, dtype, byteOffset, byteLength } = weight;
  const handle = await open(file, 'r').catch((error: unknown) => Promise.reject(asStorageError(error, 'read', file)));
  try {
    for (let done = 0; done < byteLength; done += source.length) {
      if (signal?.aborted) throw new CancelledError();
      const bytes = source.subarray(0, Math.min(source.length, byteLength - done));
      const bytesRead = await readBytes(handle, bytes, byteOffset + done).catch((error: unknown) =>
        Promise.reject(asStorageError(error, 'read', file)),
      );
      if (bytesRead < bytes.length) throw new StorageError(`${file} became shorter while it was read. Try again.`, { file });
      const converted = values.subarray(0, bytes.length / BYTES_PER_VALUE[dtype]);
      convertToFloat32(dtype, bytes, converted);
      checkTensorFinite(converted, { file, name, firstIndex: done / BYTES_PER_VALUE[dtype] });
      yield new Uint8Array(converted.buffer, converted.byteOffset, converted.byteLength);
      onBytes(bytes.length);
    }
  } finally {
    await handle.close();
  }
  await checkSource(file);
}
