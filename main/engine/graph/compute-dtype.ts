/** @file What products with frozen weights are computed in; by Transformers' names. Everything else is always float32. */
export const COMPUTE_DTYPES = ['float32', 'float16'] as const;
export type ComputeDtype = (typeof COMPUTE_DTYPES)[number];
