/** @file Steps, epochs and learning rates against runs of transformers.Trainer (test/golden/generators/optimizer.py). */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sequentialBlocks } from '#engine/train/blocks.ts';
import { isDue, isDueOrLast, stepInterval } from '#engine/train/cadence.ts';
import { learningRateAt } from '#engine/train/learning-rate.ts';
import { MetricsWindow } from '#engine/train/metrics-window.ts';
import { planSteps } from '#engine/train/step-plan.ts';
import { blocksOfRun, trainingSteps } from '#engine/train/steps.ts';

interface Loop {
  rows: number;
  batch: number;
  accumulation: number;
  epochs: number;
  max_steps: number;
  logging: number;
  max_steps_resolved: number;
  micro_batches: { x: number[]; loss: number }[];
  logs: { loss: number; learning_rate: number; epoch: number; step: number }[];
}

const golden = JSON.parse(readFileSync(new URL('../../golden/train/optimizer.json', import.meta.url), 'utf8')) as { loops: Loop[] };
const title = '$rows rows, batch $batch, accumulation $accumulation, $epochs epochs, max_steps $max_steps';

describe('trainingSteps', () => {
  it.each(golden.loops)(`sees the same rows in the same steps as Trainer: ${title}`, (loop) => {
    const { blocks, plan } = planOf(loop);
    expect(plan.maxSteps).toBe(loop.max_steps_resolved);
    const steps = [...trainingSteps({ plan, orderOf: () => blocks.map((_, i) => i) })];
    expect(steps.flatMap((step) => step.microBatches.map((block) => blocks[block]))).toEqual(loop.micro_batches.map((batch) => batch.x));
  });

  it.each(golden.loops)(`logs the same epoch, learning rate and loss as Trainer: ${title}`, (loop) => {
    const { blocks, plan } = planOf(loop);
    const schedule = { type: 'linear' as const, learningRate: 1e-3, warmupSteps: 0, totalSteps: plan.maxSteps };
    const window = new MetricsWindow();
    let seen = 0;
    const logs: Record<string, number>[] = [];
    for (const { step, epoch, microBatches } of trainingSteps({ plan, orderOf: () => blocks.map((_, i) => i) })) {
      for (const _ of microBatches) {
        const loss = loop.micro_batches[seen++]?.loss ?? Number.NaN;
        window.addMicroBatch({ loss, microBatches: microBatches.length, tokens: 0, metrics: {} });
      }
      window.endStep();
      if (!isDue(step, stepInterval(loop.logging, plan))) continue;
      logs.push(window.flush({ gradNorm: 0, learningRate: learningRateAt(schedule, step - 1), epoch, step }));
    }
    expect(logs).toHaveLength(loop.logs.length);
    loop.logs.forEach(({ loss, ...exact }, i) => {
      expect(logs[i]).toMatchObject(exact);
      // Trainer adds its losses up in float32.
      expect(logs[i]?.['loss']).toBeCloseTo(loss, 5);
    });
  });

  it('goes on after a checkpoint with the steps that a whole run has from there, asking for the order of those epochs only', () => {
    const plan = planSteps({ microBatchesPerEpoch: 5, gradientAccumulationSteps: 2, numTrainEpochs: 3, maxSteps: -1 });
    const orderOf = (epoch: number) => [0, 1, 2, 3, 4].map((block) => (block * 2 + epoch) % 5);
    const whole = [...trainingSteps({ plan, orderOf })];
    const asked: number[] = [];
    const rest = [...trainingSteps({ plan, orderOf: (epoch) => (asked.push(epoch), orderOf(epoch)), stepsDone: 4 })];
    expect(rest).toEqual(whole.slice(4));
    expect(asked).toEqual([1, 2]);
    expect([...trainingSteps({ plan, orderOf, stepsDone: 9 })]).toEqual([]);
  });

  it('accumulates the remaining micro-batches in the last step of an epoch and marks its end', () => {
    const plan = planSteps({ microBatchesPerEpoch: 3, gradientAccumulationSteps: 2, numTrainEpochs: 1, maxSteps: -1 });
    expect([...trainingSteps({ plan, orderOf: () => [2, 0, 1] })]).toEqual([
      { step: 1, epochIndex: 0, microBatches: [2, 0], epoch: 2 / 3, endsEpoch: false },
      { step: 2, epochIndex: 0, microBatches: [1], epoch: 1, endsEpoch: true },
    ]);
  });
});

describe('blocksOfRun', () => {
  const order = () => [3, 0, 4, 1, 2];
  const blocks = (maxSteps: number) =>
    blocksOfRun(planSteps({ microBatchesPerEpoch: 5, gradientAccumulationSteps: 2, numTrainEpochs: 1, maxSteps }), order);

  it('are those of the first steps, ascending, until an epoch is whole', () => {
    expect([1, 2, 3, 40].map(blocks)).toEqual([
      [0, 3],
      [0, 1, 3, 4],
      [0, 1, 2, 3, 4],
      [0, 1, 2, 3, 4],
    ]);
  });

  it('are all that the steps of the run ask for', () => {
    const plan = planSteps({ microBatchesPerEpoch: 5, gradientAccumulationSteps: 2, numTrainEpochs: 1, maxSteps: 2 });
    const asked = [...trainingSteps({ plan, orderOf: order })].flatMap(({ microBatches }) => microBatches);
    expect(blocksOfRun(plan, order)).toEqual(asked.toSorted((a, b) => a - b));
  });
});

describe('planSteps', () => {
  it('begins as many epochs as it needs for max_steps or for a fraction of an epoch', () => {
    const epoch = { microBatchesPerEpoch: 5, gradientAccumulationSteps: 2 };
    expect(planSteps({ ...epoch, numTrainEpochs: 1.2, maxSteps: -1 })).toMatchObject({ stepsPerEpoch: 3, epochCount: 2, maxSteps: 4 });
    expect(planSteps({ ...epoch, numTrainEpochs: 100, maxSteps: 7 })).toMatchObject({ epochCount: 3, maxSteps: 7 });
  });
});

describe('stepInterval', () => {
  const plan = planSteps({ microBatchesPerEpoch: 10, gradientAccumulationSteps: 1, numTrainEpochs: 3, maxSteps: -1 });

  it('reads null as an epoch, a number below 1 as a share of the run, others as steps', () => {
    expect([null, 0.15, 0.001, 4].map((setting) => stepInterval(setting, plan))).toEqual([10, 5, 1, 4]);
  });

  it('always evaluates and saves at the last step', () => {
    expect([7, 8, 29, 30].map((step) => isDueOrLast(step, 4, plan))).toEqual([false, true, false, true]);
  });
});

function planOf(loop: Loop) {
  const blocks = sequentialBlocks(
    Array.from({ length: loop.rows }, (_, row) => row),
    loop.batch,
  );
  const plan = planSteps({
    microBatchesPerEpoch: blocks.length,
    gradientAccumulationSteps: loop.accumulation,
    numTrainEpochs: loop.epochs,
    maxSteps: loop.max_steps,
  });
  return { blocks, plan };
}
