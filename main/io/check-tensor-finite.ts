/** @file Finds NaN and infinity in weights before they turn every number of a run into NaN. */
import { FormatError } from '#contract/errors.ts';
import type { MappedDtype } from './weight-range.ts';

export interface TensorPlace {
  readonly file: string;
  readonly name: string;
  /** Index of the first value within its tensor, when the tensor is checked in pieces. */
  readonly firstIndex?: number;
}

/** All bits of the exponent set means infinity or NaN; a fraction besides means NaN. */
const MASKS = {
  F32: { exponent: 0x7f800000, fraction: 0x007fffff },
  BF16: { exponent: 0x7f80, fraction: 0x007f },
  F16: { exponent: 0x7c00, fraction: 0x03ff },
} as const satisfies Record<MappedDtype, { readonly exponent: number; readonly fraction: number }>;

/**
 * @param values - float32; any shape
 * @throws {FormatError} naming the tensor and the first wrong value
 */
export function checkTensorFinite(values: Float32Array, place: TensorPlace): void {
  checkBitsFinite(new Uint32Array(values.buffer, values.byteOffset, values.length), 'F32', place);
}

/**
 * @param bits - values as they are stored
 * @throws {FormatError} naming the tensor and the first wrong value
 */
export function checkBitsFinite(bits: Uint32Array | Uint16Array, dtype: MappedDtype, { file, name, firstIndex = 0 }: TensorPlace): void {
  const { exponent, fraction } = MASKS[dtype];
  for (let i = 0; i < bits.length; i += 1) {
    if ((bits[i]! & exponent) !== exponent) continue;
    const what = (bits[i]! & fraction) === 0 ? 'an infinite number' : 'NaN (not a number)';
    throw new FormatError(
      `${file}: tensor "${name}" holds ${what} at position ${firstIndex + i}, so nothing can be computed with it. Download it again, or use another version.`,
      { file, field: name },
    );
  }
}
