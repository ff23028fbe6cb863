/** @file AdamW against torch.optim.AdamW (test/golden/generators/optimizer.py), and its exact resume. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ShapeError } from '#contract/errors.ts';
import { AdamW, type AdamWOptions } from '#engine/train/adamw.ts';

type Tensors = Record<string, number[]>;

interface Case {
  name: string;
  betas: [number, number];
  eps: number;
  weight_decay: number;
  fused: boolean;
  initial: Tensors;
  steps: { lr: number; gradients: Tensors; clipped: Tensors | null; parameters: Tensors }[];
  moments: Record<string, { exp_avg: number[]; exp_avg_sq: number[] }>;
}

const golden = JSON.parse(readFileSync(new URL('../../golden/train/optimizer.json', import.meta.url), 'utf8')) as { adamw: Case[] };

/** One float32 rounding, relative to the tensor's largest value: the only difference left is the last bit of the final division. */
const ONE_ROUNDING = 1.2e-7;

describe('AdamW', () => {
  it.each(golden.adamw)('updates parameters as torch.optim.AdamW does: $name', (run) => {
    const parameters = arrays(run.initial);
    const optimizer = new AdamW(parameters, optionsOf(run));
    for (const step of run.steps) {
      optimizer.step(arrays(step.clipped ?? step.gradients), step.lr);
      for (const [name, expected] of Object.entries(step.parameters))
        expect(relativeError(parameters.get(name), expected)).toBeLessThan(ONE_ROUNDING);
    }
  });

  it.each(golden.adamw.filter((run) => !run.fused))('keeps the same moments as torch, bit for bit: $name', (run) => {
    const optimizer = new AdamW(arrays(run.initial), optionsOf(run));
    for (const step of run.steps) optimizer.step(arrays(step.clipped ?? step.gradients), step.lr);
    const state = optimizer.state();
    expect(state.step).toBe(run.steps.length);
    for (const [name, moments] of Object.entries(run.moments)) {
      expect(state.firstMoments.get(name)).toEqual(Float32Array.from(moments.exp_avg));
      expect(state.secondMoments.get(name)).toEqual(Float32Array.from(moments.exp_avg_sq));
    }
  });

  it('goes on bit for bit from a restored state', () => {
    const run = golden.adamw[1] as Case;
    const whole = arrays(run.initial);
    const first = new AdamW(whole, optionsOf(run));
    for (const step of run.steps.slice(0, 2)) first.step(arrays(step.gradients), step.lr);
    const saved = first.state();
    const resumed = new Map([...whole].map(([name, values]) => [name, values.slice()]));
    for (const step of run.steps.slice(2)) first.step(arrays(step.gradients), step.lr);

    const second = new AdamW(resumed, optionsOf(run));
    second.restore(saved);
    for (const step of run.steps.slice(2)) second.step(arrays(step.gradients), step.lr);
    expect(resumed).toEqual(whole);
    expect(second.state()).toEqual(first.state());
  });

  it('leaves a parameter with a zero gradient where it is', () => {
    const parameters = arrays({ a: [1, -2] });
    new AdamW(parameters, optionsOf(golden.adamw[0] as Case)).step(arrays({ a: [0, 0] }), 0.1);
    expect(parameters).toEqual(arrays({ a: [1, -2] }));
  });

  it('refuses a missing gradient by name and changes nothing', () => {
    const parameters = arrays({ a: [1], b: [1] });
    const optimizer = new AdamW(parameters, optionsOf(golden.adamw[0] as Case));
    const step = () => optimizer.step(arrays({ a: [1] }), 0.1);
    expect(step).toThrow(ShapeError);
    expect(step).toThrow('The gradient of b must have 1 elements; there is none.');
    expect(parameters).toEqual(arrays({ a: [1], b: [1] }));
    expect(optimizer.state().step).toBe(0);
  });

  it('refuses to restore moments of another length', () => {
    const optimizer = new AdamW(arrays({ a: [1, 2] }), optionsOf(golden.adamw[0] as Case));
    const state = { step: 1, firstMoments: arrays({ a: [1, 2] }), secondMoments: arrays({ a: [1] }) };
    expect(() => optimizer.restore(state)).toThrow('The stored second moment of a must have 2 elements; it has 1.');
    expect(optimizer.state().step).toBe(0);
  });
});

function optionsOf(run: Case): AdamWOptions {
  return { beta1: run.betas[0], beta2: run.betas[1], epsilon: run.eps, weightDecay: run.weight_decay };
}

function arrays(values: Tensors): Map<string, Float32Array> {
  return new Map(Object.entries(values).map(([name, list]) => [name, Float32Array.from(list)]));
}

function relativeError(actual: Float32Array | undefined, expected: number[]): number {
  const scale = Math.max(...expected.map(Math.abs));
  return Math.max(...expected.map((value, i) => Math.abs((actual?.[i] ?? Number.NaN) - value))) / scale;
}
