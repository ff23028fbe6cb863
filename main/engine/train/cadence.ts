/** @file When to log, evaluate and save. */
import type { StepPlan } from './step-plan.ts';

/**
 * `logging_steps`, `eval_steps` or `save_steps` in optimizer steps, at least 1.
 * @param setting - from 1 on: steps; below 1: a share of the run, rounded up; null: once per epoch
 * @see transformers/trainer_callback.py `compute_steps`
 */
export function stepInterval(setting: number | null, plan: StepPlan): number {
  if (setting === null) return plan.stepsPerEpoch;
  return setting < 1 ? Math.max(1, Math.ceil(plan.maxSteps * setting)) : Math.trunc(setting);
}

/** Every `interval` steps. This alone decides about logging. */
export function isDue(step: number, interval: number): boolean {
  return step % interval === 0;
}

/** Evaluation and saving also happen at the last step, whatever their interval. */
export function isDueOrLast(step: number, interval: number, plan: StepPlan): boolean {
  return isDue(step, interval) || step >= plan.maxSteps;
}
