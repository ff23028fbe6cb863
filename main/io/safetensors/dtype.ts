/** @file The element types of the safetensors format (0.8) and their sizes. */

/** Bits of one element; F4 and F6 pack several elements into a byte. */
const BITS = {
  BOOL: 8,
  F4: 4,
  F6_E2M3: 6,
  F6_E3M2: 6,
  U8: 8,
  I8: 8,
  F8_E5M2: 8,
  F8_E4M3: 8,
  F8_E8M0: 8,
  F8_E4M3FNUZ: 8,
  F8_E5M2FNUZ: 8,
  I16: 16,
  U16: 16,
  F16: 16,
  BF16: 16,
  I32: 32,
  U32: 32,
  F32: 32,
  F64: 64,
  I64: 64,
  U64: 64,
  C64: 64,
} as const;

/** Names as the file has them. */
export type SafetensorsDtype = keyof typeof BITS;

export function isSafetensorsDtype(name: unknown): name is SafetensorsDtype {
  return typeof name === 'string' && Object.hasOwn(BITS, name);
}

/**
 * Bytes of a tensor.
 * @returns null if the count is not exact (above 2^53, or a broken byte in a packed type)
 */
export function tensorByteLength(dtype: SafetensorsDtype, shape: readonly number[]): number | null {
  let elements = 1;
  for (const dim of shape) elements *= dim;
  const bits = elements * BITS[dtype];
  return Number.isSafeInteger(bits) && bits % 8 === 0 ? bits / 8 : null;
}
