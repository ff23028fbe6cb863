/** @file float32 values as bytes of any float type a checkpoint may have, rounded to the nearest. */
import { encodeGgufValues } from '#engine/export/gguf/encode-values.ts';
import type { FloatDtype } from './convert-to-float32.ts';

/** @returns null if a value is too large for float16 */
export function encodeFloat(dtype: FloatDtype, values: Float32Array): Uint8Array | null {
  switch (dtype) {
    case 'F32':
    case 'F16':
      return encodeGgufValues(dtype, values);
    case 'F64':
      return new Uint8Array(Float64Array.from(values).buffer);
    case 'BF16':
      return encodeBfloat16(values);
    default:
      return dtype satisfies never;
  }
}

/** Ties to even, as everywhere. */
function encodeBfloat16(values: Float32Array): Uint8Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const target = new Uint16Array(values.length);
  for (let i = 0; i < bits.length; i += 1) {
    const word = bits[i] as number;
    target[i] = (word + 0x7fff + ((word >>> 16) & 1)) >>> 16;
  }
  return new Uint8Array(target.buffer);
}
