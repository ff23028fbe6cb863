/** @file Clipping against torch.nn.utils.clip_grad_norm_ (test/golden/generators/optimizer.py). */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { clipGradNorm } from '#engine/train/clip-grad-norm.ts';

type Tensors = Record<string, number[]>;

interface Case {
  name: string;
  max_norm: number | null;
  steps: { gradients: Tensors; norm: number; clipped: Tensors | null }[];
}

const golden = JSON.parse(readFileSync(new URL('../../golden/train/optimizer.json', import.meta.url), 'utf8')) as { adamw: Case[] };
const clipped = golden.adamw.find((run) => run.name === 'clipped') as Case;
const normOnly = golden.adamw.find((run) => run.name === 'norm only') as Case;

describe('clipGradNorm', () => {
  it('scales the gradients and returns the norm before clipping, as torch does', () => {
    for (const step of clipped.steps) {
      const gradients = Object.values(step.gradients).map((list) => Float32Array.from(list));
      const norm = clipGradNorm(gradients, clipped.max_norm as number);
      expect(Math.abs(norm - step.norm) / step.norm).toBeLessThan(1.2e-7);
      const expected = Object.values(step.clipped as Tensors).flat();
      const largest = Math.max(...expected.map(Math.abs));
      gradients
        .flatMap((array) => [...array])
        // The norm may differ in its last bit, and the scale with it: two roundings.
        .forEach((value, i) => expect(Math.abs(value - (expected[i] as number)) / largest).toBeLessThan(2.4e-7));
    }
  });

  it('only measures when max_grad_norm is 0', () => {
    for (const step of normOnly.steps) {
      const gradients = Object.values(step.gradients).map((list) => Float32Array.from(list));
      const before = gradients.map((array) => array.slice());
      expect(Math.abs(clipGradNorm(gradients, 0) - step.norm) / step.norm).toBeLessThan(1.2e-7);
      expect(gradients).toEqual(before);
    }
  });

  it('never enlarges gradients below the limit', () => {
    const gradient = Float32Array.of(0.3, 0.4);
    expect(clipGradNorm([gradient], 1)).toBe(0.5);
    expect(gradient).toEqual(Float32Array.of(0.3, 0.4));
  });

  it('returns NaN for a NaN gradient and leaves the others as they are', () => {
    const gradients = [Float32Array.of(Number.NaN), Float32Array.of(2)];
    expect(clipGradNorm(gradients, 1)).toBeNaN();
    expect(gradients[1]).toEqual(Float32Array.of(2));
  });
});
