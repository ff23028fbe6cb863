/** @file A dense array with its shape: what crosses every border of the engine. */
import { ShapeError } from '#contract/errors.ts';

export type DType = 'float32' | 'int32' | 'bool';

export interface FloatTensor {
  readonly dtype: 'float32';
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

export interface IntTensor {
  readonly dtype: 'int32';
  readonly dims: readonly number[];
  readonly data: Int32Array;
}

/** `data` holds 0 or 1 a byte. */
export interface BoolTensor {
  readonly dtype: 'bool';
  readonly dims: readonly number[];
  readonly data: Uint8Array;
}

/** Row-major; `data.length` is the product of `dims` (1 for a scalar, whose `dims` is empty). */
export type Tensor = FloatTensor | IntTensor | BoolTensor;

/** @throws {ShapeError} if `data` does not fill `dims` exactly */
export function floatTensor(dims: readonly number[], data: Float32Array | readonly number[]): FloatTensor {
  return { dtype: 'float32', dims, data: checkLength(dims, data instanceof Float32Array ? data : Float32Array.from(data)) };
}

/** @throws {ShapeError} if `data` does not fill `dims` exactly */
export function intTensor(dims: readonly number[], data: Int32Array | readonly number[]): IntTensor {
  return { dtype: 'int32', dims, data: checkLength(dims, data instanceof Int32Array ? data : Int32Array.from(data)) };
}

/** Number of elements of a shape; 1 for a scalar. */
export function elementCount(dims: readonly number[]): number {
  let count = 1;
  for (const dim of dims) count *= dim;
  return count;
}

function checkLength<T extends { readonly length: number }>(dims: readonly number[], data: T): T {
  if (data.length !== elementCount(dims)) {
    throw new ShapeError(`A tensor of shape [${dims.join(', ')}] needs ${elementCount(dims)} elements, got ${data.length}.`);
  }
  return data;
}
