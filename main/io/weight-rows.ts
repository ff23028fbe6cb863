/** @file Reads a stored weight a few rows at a time, as float32. */
import { open } from 'node:fs/promises';
import { CancelledError, FormatError, StorageError } from '#contract/errors.ts';
import { asStorageError } from './as-storage-error.ts';
import { checkTensorFinite } from './check-tensor-finite.ts';
import { readBytes } from './read-bytes.ts';
import { convertToFloat32, isFloatDtype } from './safetensors/convert-to-float32.ts';
import type { WeightLocation } from './weight-location.ts';

/** float32 values read at once, where a row is not longer. */
const PIECE_VALUES = 1 << 20;

export interface WeightRows {
  readonly firstRow: number;
  /** Whole rows; used again for the next piece. */
  readonly values: Float32Array;
}

export interface WeightRowsOptions {
  /** Rows come in multiples of this, as heads do. */
  readonly multiple?: number;
  readonly signal?: AbortSignal | undefined;
  /** Called with the stored bytes read since the last call. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

/** Values in a row: a vector is a matrix of one column. */
export function columnsOf(shape: readonly number[]): number {
  return shape.slice(1).reduce((product, dim) => product * dim, 1);
}

/**
 * @param name - for messages
 * @throws {FormatError} if it is no float tensor, or a value is NaN or infinite
 * @throws {StorageError} if the file can't be read or became shorter
 * @throws {CancelledError} if `signal` is aborted
 */
export async function* readWeightRows(name: string, weight: WeightLocation, options: WeightRowsOptions = {}): AsyncGenerator<WeightRows> {
  const { multiple = 1, signal, onBytes } = options;
  const { file, dtype, shape, byteOffset, byteLength } = weight;
  if (!isFloatDtype(dtype))
    throw new FormatError(`${file}: tensor "${name}" is of type ${dtype}; expected F32, BF16 or F16.`, { file, field: name });
  const columns = columnsOf(shape);
  const rows = shape[0] ?? 0;
  const bytesPerRow = byteLength / Math.max(1, rows);
  const rowsAtOnce = multiple * Math.max(1, Math.floor(PIECE_VALUES / (columns * multiple)));
  const source = new Uint8Array(Math.min(rows, rowsAtOnce) * bytesPerRow);
  const target = new Float32Array(Math.min(rows, rowsAtOnce) * columns);
  const handle = await open(file, 'r').catch((error: unknown) => Promise.reject(asStorageError(error, 'read', file)));
  try {
    for (let firstRow = 0; firstRow < rows; firstRow += rowsAtOnce) {
      if (signal?.aborted) throw new CancelledError();
      const count = Math.min(rowsAtOnce, rows - firstRow);
      const bytes = source.subarray(0, count * bytesPerRow);
      const read = await readBytes(handle, bytes, byteOffset + firstRow * bytesPerRow).catch((error: unknown) =>
        Promise.reject(asStorageError(error, 'read', file)),
      );
      if (read < bytes.length) throw new StorageError(`${file} became shorter while it was read. Try again.`, { file });
      const values = target.subarray(0, count * columns);
      convertToFloat32(dtype, bytes, values);
      checkTensorFinite(values, { file, name, firstIndex: firstRow * columns });
      yield { firstRow, values };
      onBytes?.(bytes.length);
    }
  } finally {
    await handle.close();
  }
}
