/**
 * @file Exact conversion of the two 16-bit float formats to float32: both are subsets of float32, so that every value,
 * subnormal, infinity and NaN (with its payload) has one image, and only bits are moved. The way back to float16 rounds.
 */

/** float32 bit pattern of each of the 65,536 float16 values; made at the first use, 256 KiB. */
let float16Table: Uint32Array | null = null;

/** @param source - bfloat16 bit patterns, `[n]` @param target - `[n]` */
export function bfloat16ToFloat32(source: Uint16Array, target: Float32Array): void {
  const bits = new Uint32Array(target.buffer, target.byteOffset, target.length);
  for (let i = 0; i < source.length; i += 1) bits[i] = source[i]! << 16;
}

/** @param source - IEEE float16 bit patterns, `[n]` @param target - `[n]` */
export function float16ToFloat32(source: Uint16Array, target: Float32Array): void {
  float16Table ??= makeFloat16Table();
  const bits = new Uint32Array(target.buffer, target.byteOffset, target.length);
  for (let i = 0; i < source.length; i += 1) bits[i] = float16Table[source[i]!]!;
}

function makeFloat16Table(): Uint32Array {
  const table = new Uint32Array(65_536);
  for (let half = 0; half < 65_536; half += 1) table[half] = float16Bits(half);
  return table;
}

/** 1 sign, 5 exponent (bias 15), 10 fraction bits → 1, 8 (bias 127), 23. */
function float16Bits(half: number): number {
  const sign = (half >>> 15) << 31;
  const exponent = (half >>> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 31) return sign | 0x7f800000 | (fraction << 13);
  if (exponent > 0) return sign | ((exponent + 112) << 23) | (fraction << 13);
  if (fraction === 0) return sign;
  // Subnormal: fraction · 2^-24, a normal number in float32. Shift the highest set bit out to become the implicit one.
  const shift = Math.clz32(fraction) - 21;
  return sign | ((113 - shift) << 23) | (((fraction << shift) & 1023) << 13);
}

/**
 * Rounds to the nearest float16, ties to even; what is too large becomes infinite, NaN stays NaN.
 * @param source - `[n]` @param target - IEEE float16 bit patterns, `[n]`
 */
export function float32ToFloat16(source: Float32Array, target: Uint16Array): void {
  const bits = new Uint32Array(source.buffer, source.byteOffset, source.length);
  for (let i = 0; i < source.length; i += 1) target[i] = roundToFloat16(bits[i]!);
}

function roundToFloat16(single: number): number {
  const sign = (single >>> 16) & 0x8000;
  const magnitude = single & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  if (magnitude >= 0x47800000) return sign | 0x7c00; // 2^16 and more
  if (magnitude >= 0x38800000) return sign | shiftRounded(magnitude - 0x38000000, 13); // a carry goes on into the exponent, up to infinity
  if (magnitude < 0x33000000) return sign; // half of the smallest subnormal, at most
  const shift = 126 - (magnitude >>> 23);
  return sign | shiftRounded((magnitude & 0x7fffff) | 0x800000, shift);
}

/** `value / 2^shift`, rounded to even. */
function shiftRounded(value: number, shift: number): number {
  const kept = value >>> shift;
  const rest = value & ((1 << shift) - 1);
  const half = 1 << (shift - 1);
  return rest > half || (rest === half && (kept & 1) === 1) ? kept + 1 : kept;
}
