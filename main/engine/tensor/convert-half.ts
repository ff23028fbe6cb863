/**
 * @file Exact conversion of the two 16-bit float formats to float32. Both are subsets of float32, so that every value,
 * subnormal, infinity and NaN (with its payload) has one image; only bits are moved.
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
