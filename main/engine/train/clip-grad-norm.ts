/** @file Gradient clipping by global norm. */

/**
 * Scales all gradients in place so that their joint L2 norm is at most `maxNorm`, once per optimizer step, after accumulation.
 * @param maxNorm - `max_grad_norm`; 0 only measures
 * @returns the norm before clipping, which is what Transformers logs as `grad_norm`; not finite if any gradient is not
 * @see torch/nn/utils/clip_grad.py
 */
export function clipGradNorm(gradients: Iterable<Float32Array>, maxNorm: number): number {
  const arrays = [...gradients];
  let sum = 0;
  for (const array of arrays) {
    for (let i = 0; i < array.length; i++) sum += (array[i] as number) ** 2;
  }
  // Summed in double, then rounded once: PyTorch's float32 sum depends on how its threads split the work, this does not.
  const norm = Math.fround(Math.sqrt(sum));
  if (maxNorm === 0) return norm;
  const scale = Math.fround(maxNorm / Math.fround(norm + 1e-6));
  if (scale < 1) {
    for (const array of arrays) {
      for (let i = 0; i < array.length; i++) array[i] = (array[i] as number) * scale;
    }
  }
  return norm;
}
