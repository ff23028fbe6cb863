/** @file Schedules against transformers.get_scheduler (test/golden/generators/optimizer.py). */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { learningRateAt, type SchedulerType, warmupStepCount } from '#engine/train/learning-rate.ts';

interface Case {
  kind: SchedulerType;
  warmup: number;
  resolved: number;
  total: number;
  rates: number[];
}

const golden = JSON.parse(readFileSync(new URL('../../golden/train/optimizer.json', import.meta.url), 'utf8')) as { schedules: Case[] };

describe('learningRateAt', () => {
  it.each(golden.schedules)('follows transformers: $kind, warmup_steps $warmup of $total', ({ kind, warmup, resolved, total, rates }) => {
    expect(warmupStepCount(warmup, total)).toBe(resolved);
    const schedule = { type: kind, learningRate: 5e-4, warmupSteps: resolved, totalSteps: total };
    // Same double arithmetic; only Math.cos may differ from C's in the last bit.
    rates.forEach((rate, k) => expect(Math.abs(learningRateAt(schedule, k) - rate)).toBeLessThan(1e-18));
  });

  it('uses a learning rate of 0 for the first step of a warm-up', () => {
    expect(learningRateAt({ type: 'cosine', learningRate: 1, warmupSteps: 2, totalSteps: 4 }, 0)).toBe(0);
  });

  it('never goes below 0 after the last step', () => {
    expect(learningRateAt({ type: 'linear', learningRate: 1, warmupSteps: 0, totalSteps: 4 }, 9)).toBe(0);
  });
});

describe('warmupStepCount', () => {
  it('reads a number below 1 as a share of the run, rounded up, and a number from 1 on as steps', () => {
    expect([0, 0.1, 0.99, 1, 7.9].map((warmup) => warmupStepCount(warmup, 25))).toEqual([0, 3, 25, 1, 7]);
  });
});
