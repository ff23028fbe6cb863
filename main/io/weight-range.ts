/** @file A stored weight as the backends map it. */
import type { WeightDtype, WeightRange } from '#engine/graph/backend.ts';
import type { SafetensorsDtype } from './safetensors/dtype.ts';
import type { WeightLocation } from './weight-location.ts';

/** Types whose numbers are float32 numbers too, and that backends take as they lie, with the multiple at which values must begin. */
const MAPPED = {
  F32: { dtype: 'float32', bytes: 4 },
  BF16: { dtype: 'bfloat16', bytes: 2 },
  F16: { dtype: 'float16', bytes: 2 },
} as const satisfies Partial<Record<SafetensorsDtype, { readonly dtype: WeightDtype; readonly bytes: number }>>;

export type MappedDtype = keyof typeof MAPPED;
export type MappedWeight = WeightLocation & { readonly dtype: MappedDtype };

/** False where values straddle the words they would be read by: a header may end at any byte. */
export function canBeMapped(weight: WeightLocation): weight is MappedWeight {
  return Object.hasOwn(MAPPED, weight.dtype) && weight.byteOffset % MAPPED[weight.dtype as MappedDtype].bytes === 0;
}

export function weightRange({ file, dtype, shape, byteOffset, byteLength }: MappedWeight): WeightRange {
  return { file, dtype: MAPPED[dtype].dtype, shape, byteOffset, byteLength };
}
