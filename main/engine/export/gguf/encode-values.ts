/** @file float32 values as the bytes of a GGUF tensor. Little-endian, as every machine Prospect runs on. */
import { ggufByteLength, Q8_0_VALUES } from './gguf-dtype.ts';
import type { GgufDtype } from './gguf-dtype.ts';

/** Largest float32 that rounds to a finite float16, as bits: 65,519.996. */
const LARGEST_TO_HALF = 0x477fefff;
/** 2^-14, the smallest normal float16, as float32 bits. */
const SMALLEST_NORMAL_HALF = 0x38800000;
/** Largest magnitude of a Q8_0 value. */
const Q8_MAX = 127;

/**
 * @param values - finite; whole rows where `dtype` has blocks
 * @returns null if a value is too large for float16, which scales and values of F16 and Q8_0 are kept in
 */
export function encodeGgufValues(dtype: GgufDtype, values: Float32Array): Uint8Array | null {
  const bytes = new Uint8Array(ggufByteLength(dtype, values.length));
  if (dtype === 'F32') {
    new Float32Array(bytes.buffer).set(values);
    return bytes;
  }
  return (dtype === 'F16' ? encodeHalf(values, new Uint16Array(bytes.buffer)) : encodeQ8(values, bytes)) ? bytes : null;
}

/** @returns false if a value is too large */
function encodeHalf(values: Float32Array, target: Uint16Array): boolean {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  let isFinite = true;
  for (let i = 0; i < bits.length; i += 1) {
    const word = bits[i] as number;
    if ((word & 0x7fffffff) > LARGEST_TO_HALF) isFinite = false;
    target[i] = halfBits(word);
  }
  return isFinite;
}

/** Rounds to the nearest, ties to even. */
function halfBits(word: number): number {
  const sign = (word >>> 16) & 0x8000;
  const magnitude = word & 0x7fffffff;
  if (magnitude > LARGEST_TO_HALF) return sign | 0x7c00;
  if (magnitude >= SMALLEST_NORMAL_HALF) return sign | ((magnitude - 0x38000000 + 0xfff + ((magnitude >>> 13) & 1)) >>> 13);
  // Subnormal: a multiple of 2^-24. The implicit one is written out, then shifted down and rounded.
  const shift = 126 - (magnitude >>> 23);
  if (shift > 24) return sign;
  const fraction = (magnitude & 0x7fffff) | 0x800000;
  const rest = fraction & ((1 << shift) - 1);
  const half = 1 << (shift - 1);
  const whole = fraction >>> shift;
  return sign | (whole + (rest > half || (rest === half && (whole & 1) === 1) ? 1 : 0));
}

/** @see ggml-quants.c `quantize_row_q8_0_ref` */
function encodeQ8(values: Float32Array, bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer);
  const scaleBits = new Uint32Array(1);
  const scale = new Float32Array(scaleBits.buffer);
  let isFinite = true;
  let offset = 0;
  for (let start = 0; start < values.length; start += Q8_0_VALUES) {
    let largest = 0;
    for (let i = start; i < start + Q8_0_VALUES; i += 1) largest = Math.max(largest, Math.abs(values[i] as number));
    scale[0] = largest / Q8_MAX;
    const inverse = scale[0] === 0 ? 0 : Math.fround(1 / scale[0]);
    if ((scaleBits[0] as number) > LARGEST_TO_HALF) isFinite = false;
    view.setUint16(offset, halfBits(scaleBits[0] as number), true);
    for (let i = 0; i < Q8_0_VALUES; i += 1) {
      const scaled = Math.fround((values[start + i] as number) * inverse);
      view.setInt8(offset + 2 + i, Math.trunc(scaled + (scaled < 0 ? -0.5 : 0.5))); // away from zero at ties, like roundf
    }
    offset += 2 + Q8_0_VALUES;
  }
  return isFinite;
}
