/** @file Where a weight's bytes lie, so that they can be read, or mapped into memory, without a copy. */
import type { SafetensorsDtype } from '#io/safetensors/dtype.ts';

export interface WeightLocation {
  /** Path of the safetensors file; absolute if the folder it was found in was given so. */
  readonly file: string;
  readonly dtype: SafetensorsDtype;
  readonly shape: readonly number[];
  /** From the start of the file. */
  readonly byteOffset: number;
  readonly byteLength: number;
}
