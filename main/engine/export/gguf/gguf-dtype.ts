/** @file The element types Prospect writes into GGUF files. */
import { InternalError } from '#contract/errors.ts';

export type GgufDtype = 'F32' | 'F16' | 'Q8_0';

/** What the weight matrices of a model are stored as; norms and biases stay float32, as llama.cpp has them. */
export const GGUF_DTYPES: readonly GgufDtype[] = ['F32', 'F16', 'Q8_0'];

/** Values in a Q8_0 block: one float16 scale, then as many signed bytes. */
export const Q8_0_VALUES = 32;
const Q8_0_BYTES = 2 + Q8_0_VALUES;

/** Numbers of `ggml_type`, and of `llama_ftype` for a file that is mostly of this type. */
export const GGML_TYPE: Readonly<Record<GgufDtype, number>> = { F32: 0, F16: 1, Q8_0: 8 };
export const LLAMA_FTYPE: Readonly<Record<GgufDtype, number>> = { F32: 0, F16: 1, Q8_0: 7 };

/** A row that is no whole number of blocks can't be quantised; llama.cpp falls back to float16 too. */
export function dtypeForRow(wanted: GgufDtype, columns: number): GgufDtype {
  return wanted === 'Q8_0' && columns % Q8_0_VALUES !== 0 ? 'F16' : wanted;
}

/** @param values - whole rows */
export function ggufByteLength(dtype: GgufDtype, values: number): number {
  switch (dtype) {
    case 'F32':
      return 4 * values;
    case 'F16':
      return 2 * values;
    case 'Q8_0':
      if (values % Q8_0_VALUES !== 0) throw new InternalError(`${values} values are no whole number of Q8_0 blocks.`);
      return (values / Q8_0_VALUES) * Q8_0_BYTES;
    default:
      return dtype satisfies never;
  }
}
