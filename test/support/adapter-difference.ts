/** @file How far two adapters are apart. */
import type { LoraParameters } from '#engine/train/row-pass.ts';

/** Largest difference of a value, relative to the largest value of its tensor. */
export function adapterDifference(got: LoraParameters, expected: LoraParameters): number {
  return Math.max(
    ...[...expected].map(([name, values]) => {
      const other = got.get(name) ?? new Float32Array();
      const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-12);
      const worst = values.reduce((most, value, i) => Math.max(most, Math.abs(value - (other[i] ?? Number.NaN))), 0);
      return worst / largest;
    }),
  );
}
