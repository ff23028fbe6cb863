/** @file Finds NaN and infinity in weights before they turn every number of a run into NaN. */
import { FormatError } from '#contract/errors.ts';

/** All exponent bits set: infinity or NaN. */
const EXPONENT = 0x7f800000;

export interface TensorPlace {
  readonly file: string;
  readonly name: string;
  /** Index of the first value within its tensor, when the tensor is checked in pieces. */
  readonly firstIndex?: number;
}

/**
 * @param values - float32; any shape
 * @throws {FormatError} naming the tensor and the first wrong value
 */
export function checkTensorFinite(values: Float32Array, { file, name, firstIndex = 0 }: TensorPlace): void {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  for (let i = 0; i < bits.length; i += 1) {
    if ((bits[i]! & EXPONENT) !== EXPONENT) continue;
    const what = Number.isNaN(values[i]) ? 'NaN (not a number)' : 'an infinite number';
    throw new FormatError(
      `${file}: tensor "${name}" holds ${what} at position ${firstIndex + i}, so nothing can be computed with it. Download it again, or use another version.`,
      { file, field: name },
    );
  }
}
