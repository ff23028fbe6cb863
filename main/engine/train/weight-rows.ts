/** @file From the gradient of every row to the gradient of a weighted sum of rows. */
import { loraInputName } from '#engine/model/lora.ts';
import type { LoraModule } from '#engine/model/lora.ts';

/**
 * Σ over rows of seed · (that row's gradient), from `[n·R, in]` and `[out, n·R]` to `[R, in]` and `[out, R]`.
 * @param seeds - derivative of the loss by each row's log-probability; `[n]`
 */
export function weightRows(
  modules: readonly LoraModule[],
  perRow: ReadonlyMap<string, Float32Array>,
  seeds: readonly number[],
): Map<string, Float32Array> {
  const sums = new Map<string, Float32Array>();
  for (const { name, rank, inFeatures, outFeatures } of modules) {
    const a = perRow.get(loraInputName(name, 'lora_A'));
    const b = perRow.get(loraInputName(name, 'lora_B'));
    if (a) sums.set(loraInputName(name, 'lora_A'), weightBlocks(a, seeds, rank * inFeatures));
    if (b) sums.set(loraInputName(name, 'lora_B'), weightColumns(b, seeds, { rank, outFeatures }));
  }
  return sums;
}

function weightBlocks(perRow: Float32Array, seeds: readonly number[], blockLength: number): Float32Array {
  const sum = new Float32Array(blockLength);
  seeds.forEach((seed, row) => {
    const offset = row * blockLength;
    for (let i = 0; i < blockLength; i++) sum[i] = (sum[i] as number) + seed * (perRow[offset + i] as number);
  });
  return sum;
}

function weightColumns(
  perRow: Float32Array,
  seeds: readonly number[],
  { rank, outFeatures }: { rank: number; outFeatures: number },
): Float32Array {
  const sum = new Float32Array(outFeatures * rank);
  const width = seeds.length * rank;
  for (let out = 0; out < outFeatures; out++) {
    for (let k = 0; k < rank; k++) {
      let total = 0;
      for (let row = 0; row < seeds.length; row++) total += (seeds[row] as number) * (perRow[out * width + row * rank + k] as number);
      sum[out * rank + k] = total;
    }
  }
  return sum;
}
