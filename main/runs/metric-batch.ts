/** @file Keeps what steps report until it is written to the store, a few times a second. */
import type { RunSteps } from '#contract/run-progress.ts';
import type { StepMetrics } from '#store/metrics.ts';

/** What says where a value belongs rather than what was measured. */
const PLACE = 'step';

/** An entry of the trainer as the store and the window keep it. */
export function stepMetrics(entry: Readonly<Record<string, number>>, more: Readonly<Record<string, number>> = {}): StepMetrics {
  const { [PLACE]: step = 0, ...values } = entry;
  return { step, values: { ...values, ...more } };
}

/** As the contract carries it: JSON has neither NaN nor infinity. */
export function toRunSteps({ step, values }: StepMetrics): RunSteps {
  return { step, values: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, Number.isFinite(value) ? value : null])) };
}
