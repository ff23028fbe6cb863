/** @file How many optimizer steps a run has, counted as the Transformers Trainer counts them. */
import { InternalError } from '#contract/errors.ts';

export interface StepPlan {
  /** Blocks, each one forward and backward pass. */
  readonly microBatchesPerEpoch: number;
  readonly gradientAccumulationSteps: number;
  /** ceil(micro-batches / accumulation): the last step of an epoch may accumulate fewer. */
  readonly stepsPerEpoch: number;
  /** Epochs begun, the last one perhaps not finished. */
  readonly epochCount: number;
  /** Optimizer steps of the run; the T of the learning-rate schedule. */
  readonly maxSteps: number;
}

/**
 * @param numTrainEpochs - may have a fraction: the run then stops inside its last epoch
 * @param maxSteps - when above 0, decides instead of `numTrainEpochs`; −1 otherwise
 * @see transformers/trainer.py `set_initial_training_values`
 */
export function planSteps({
  microBatchesPerEpoch,
  gradientAccumulationSteps,
  numTrainEpochs,
  maxSteps,
}: {
  readonly microBatchesPerEpoch: number;
  readonly gradientAccumulationSteps: number;
  readonly numTrainEpochs: number;
  readonly maxSteps: number;
}): StepPlan {
  if (microBatchesPerEpoch === 0) throw new InternalError('A run was planned over no rows at all.');
  const stepsPerEpoch = Math.ceil(microBatchesPerEpoch / gradientAccumulationSteps);
  const all = maxSteps > 0 ? maxSteps : Math.ceil(numTrainEpochs * stepsPerEpoch);
  const epochCount = maxSteps > 0 ? Math.ceil(maxSteps / stepsPerEpoch) : Math.ceil(numTrainEpochs);
  return { microBatchesPerEpoch, gradientAccumulationSteps, stepsPerEpoch, epochCount, maxSteps: all };
}

/** How many blocks a run comes to, each counted once: all of them, unless it ends within its first epoch. */
export function reachedBlocks({ microBatchesPerEpoch, gradientAccumulationSteps, maxSteps }: StepPlan): number {
  return Math.min(microBatchesPerEpoch, maxSteps * gradientAccumulationSteps);
}
