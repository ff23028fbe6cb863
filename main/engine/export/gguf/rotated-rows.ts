/**
 * @file The order of rows in q_proj and k_proj. Hugging Face rotates element i of a head together with i + H/2; llama.cpp's llama graph rotates
 * neighbours. Its weights (biases, and the B of an adapter) therefore have the rows of each head dealt out: 0, H/2, 1, H/2 + 1, …
 * @see llama.cpp conversion/llama.py `permute`
 */
import type { Architecture } from '#engine/model/model-config.ts';

const ROTATED = /\.self_attn\.[qk]_proj(?:\.(?:weight|bias))?$/;

/** Whether the rows of this module's weights change places. */
export function hasRotatedRows(architecture: Architecture, name: string): boolean {
  return (architecture === 'llama' || architecture === 'mistral') && ROTATED.test(name);
}

/**
 * @param values - whole heads, row-major; `[heads · H, columns]`
 * @param target - takes the same rows in llama.cpp's order
 */
export function dealRows(values: Float32Array, target: Float32Array, { headDim, columns }: { headDim: number; columns: number }): void {
  const half = headDim / 2;
  for (let row = 0; row * columns < values.length; row += 1) {
    const inHead = row % headDim;
    const to = row - inHead + (inHead < half ? 2 * inHead : 2 * (inHead - half) + 1);
    target.set(values.subarray(row * columns, (row + 1) * columns), to * columns);
  }
}
