/** @file Adds what an adapter changes to rows of a weight: W + s·B·A. */
import type { LoraFactorPair } from '#engine/adapter/adapter.ts';

/** One module's share of an adapter. */
export interface ModuleDelta extends LoraFactorPair {
  /** alpha / R, or alpha / √R. */
  readonly scaling: number;
}

/**
 * Rounded to float32 once a value, as if summed exactly: products are added up in double precision.
 * @param values - rows of W from `firstRow` on, changed in place; `[n, in]`
 */
export function mergeRows(values: Float32Array, firstRow: number, { loraA, loraB, scaling }: ModuleDelta): void {
  const { cols: columns, rows: rank } = loraA;
  const sums = new Float64Array(columns);
  for (let start = 0; start < values.length; start += columns) {
    const row = firstRow + start / columns;
    sums.fill(0);
    for (let r = 0; r < rank; r += 1) {
      const factor = scaling * (loraB.data[row * rank + r] as number);
      if (factor === 0) continue;
      const from = r * columns;
      for (let i = 0; i < columns; i += 1) sums[i] = (sums[i] as number) + factor * (loraA.data[from + i] as number);
    }
    for (let i = 0; i < columns; i += 1) values[start + i] = (values[start + i] as number) + (sums[i] as number);
  }
}
