/** @file The float types that can become float32, and their conversion. */
import { bfloat16ToFloat32, float16ToFloat32 } from '#engine/tensor/convert-half.ts';
import type { SafetensorsDtype } from './dtype.ts';

export type FloatDtype = 'F64' | 'F32' | 'F16' | 'BF16';

/** True for the types {@link convertToFloat32} takes. */
export function isFloatDtype(dtype: SafetensorsDtype): dtype is FloatDtype {
  return dtype === 'F32' || dtype === 'BF16' || dtype === 'F16' || dtype === 'F64';
}

/**
 * Exact but for F64, which is rounded to the nearest float32.
 * @param source - little-endian values, starting at a multiple of 8 bytes in their buffer; `[n]` of `dtype`
 * @param target - `[n]`
 */
export function convertToFloat32(dtype: FloatDtype, source: Uint8Array, target: Float32Array): void {
  const { buffer, byteOffset } = source;
  if (dtype === 'F32') target.set(new Float32Array(buffer, byteOffset, target.length));
  else if (dtype === 'F64') target.set(new Float64Array(buffer, byteOffset, target.length));
  else if (dtype === 'BF16') bfloat16ToFloat32(new Uint16Array(buffer, byteOffset, target.length), target);
  else float16ToFloat32(new Uint16Array(buffer, byteOffset, target.length), target);
}
