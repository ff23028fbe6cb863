/** @file Learning-rate schedules, step for step those of Transformers. */

export type SchedulerType = 'linear' | 'cosine' | 'constant' | 'constant_with_warmup';

export interface LearningRateSchedule {
  readonly type: SchedulerType;
  /** The peak. */
  readonly learningRate: number;
  /** Steps of linear growth from 0, already resolved by `warmupStepCount`; `constant` ignores it, as Transformers does. */
  readonly warmupSteps: number;
  /** T, all optimizer steps of the run. */
  readonly totalSteps: number;
}

/**
 * `warmup_steps` as Transformers 5 reads it: from 1 on a number of steps (its fraction dropped), below 1 a share of the run.
 * @see transformers/training_args.py `get_warmup_steps`
 */
export function warmupStepCount(warmupSteps: number, totalSteps: number): number {
  return warmupSteps >= 1 ? Math.trunc(warmupSteps) : Math.ceil(totalSteps * warmupSteps);
}

/**
 * The learning rate used for the optimizer step that comes after `stepsDone` finished ones. With a warm-up the first is 0.
 * No schedule has a floor; the last step of `linear` and `cosine` is still above 0.
 * @param stepsDone - k, from 0
 * @see transformers/optimization.py `get_*_schedule_with_warmup`
 */
export function learningRateAt(schedule: LearningRateSchedule, stepsDone: number): number {
  return schedule.learningRate * factor(schedule, stepsDone);
}

function factor({ type, warmupSteps: w, totalSteps }: LearningRateSchedule, k: number): number {
  if (type === 'constant') return 1;
  if (k < w) return k / Math.max(1, w);
  switch (type) {
    case 'constant_with_warmup':
      return 1;
    case 'linear':
      return Math.max(0, (totalSteps - k) / Math.max(1, totalSteps - w));
    case 'cosine':
      return Math.max(0, 0.5 * (1 + Math.cos(Math.PI * 0.5 * 2 * ((k - w) / Math.max(1, totalSteps - w)))));
    default:
      return type satisfies never;
  }
}
