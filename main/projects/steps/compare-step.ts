/** @file Compare: needs a run's adapter, and is done when runs were measured. */
import { countMeasuredRuns } from '#store/measurements.ts';
import { afterRunStep } from './after-run-step.ts';
import type { StepRule } from './step-rule.ts';

export const compareStep: StepRule = (store, projectId) => {
  const condition = afterRunStep(store, projectId);
  const measured = condition.state === 'blocked' ? 0 : countMeasuredRuns(store, projectId);
  if (measured === 0) return condition;
  return { state: 'done', note: measured === 1 ? '1 run was measured.' : `${measured} runs were measured.`, first: null };
};
