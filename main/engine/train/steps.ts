/** @file The optimizer steps of a run, one after the other, from the beginning or from where a checkpoint stopped. */
import { reachedBlocks } from './step-plan.ts';
import type { StepPlan } from './step-plan.ts';

export interface TrainingStep {
  /** From 1. */
  readonly step: number;
  /** From 0. */
  readonly epochIndex: number;
  /** Block indices. Each block's loss is divided by their number, which is smaller in the last step of an uneven epoch. */
  readonly microBatches: readonly number[];
  /** As logged after this step. */
  readonly epoch: number;
  readonly endsEpoch: boolean;
}

/** What Transformers logs as `epoch` after a step (from 1): epochs done, counted in micro-batches. */
export function epochAfter({ stepsPerEpoch, microBatchesPerEpoch, gradientAccumulationSteps }: StepPlan, step: number): number {
  const before = Math.floor((step - 1) / stepsPerEpoch);
  const microBatches = Math.min((step - before * stepsPerEpoch) * gradientAccumulationSteps, microBatchesPerEpoch);
  return before + microBatches / microBatchesPerEpoch;
}

/** The blocks that a run comes to, from its first step on, ascending. */
export function blocksOfRun(plan: StepPlan, orderOf: (epochIndex: number) => readonly number[]): readonly number[] {
  const reached = orderOf(0).slice(0, reachedBlocks(plan));
  return reached.toSorted((a, b) => a - b);
}

/**
 * @param orderOf - the blocks of an epoch (from 0) in their order
 * @param stepsDone - steps to skip; those that follow are the same as without skipping
 * @see transformers/trainer.py `_run_epoch`
 */
export function* trainingSteps({
  plan,
  orderOf,
  stepsDone = 0,
}: {
  readonly plan: StepPlan;
  readonly orderOf: (epochIndex: number) => readonly number[];
  readonly stepsDone?: number;
}): Generator<TrainingStep, void, undefined> {
  const { stepsPerEpoch, microBatchesPerEpoch, gradientAccumulationSteps, maxSteps } = plan;
  let order: readonly number[] = [];
  let orderedEpoch = -1;
  for (let done = stepsDone; done < maxSteps; done++) {
    const epochIndex = Math.floor(done / stepsPerEpoch);
    if (epochIndex !== orderedEpoch) {
      order = orderOf(epochIndex);
      orderedEpoch = epochIndex;
    }
    const start = (done % stepsPerEpoch) * gradientAccumulationSteps;
    const end = Math.min(start + gradientAccumulationSteps, microBatchesPerEpoch);
    yield {
      step: done + 1,
      epochIndex,
      microBatches: order.slice(start, end),
      epoch: epochAfter(plan, done + 1),
      endsEpoch: end === microBatchesPerEpoch,
    };
  }
}
