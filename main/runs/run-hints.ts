/** @file Plain sentences about a run's curves, from everything it measured. */
import { setImmediate } from 'node:timers/promises';
import type { RunHint } from '#contract/runs.ts';
import { metricHints, type MetricHistory } from '#engine/train/metric-hints.ts';
import { resolveSettings } from '#engine/train/resolve-settings.ts';
import { readSeries } from '#store/metrics.ts';
import type { Run } from '#store/runs.ts';
import type { Store } from '#store/store.ts';

const KEYS = [
  'rewards/chosen',
  'rewards/rejected',
  'rewards/margins',
  'eval_rewards/margins',
  'eval_rewards/accuracies',
  'eval_loss',
  'kl',
  'grad_norm',
];
/** Patterns are of a whole curve, so the lowest and highest of each stretch are enough. */
const MAX_POINTS = 4000;

/** Other requests are answered between the metrics. */
export async function runHints(store: Store, run: Run): Promise<RunHint[]> {
  const metrics: Record<string, MetricHistory> = {};
  for (const key of KEYS) {
    metrics[key] = readSeries(store, { runId: run.id, key, maxPoints: MAX_POINTS }).filter(({ value }) => Number.isFinite(value));
    await setImmediate();
  }
  const method = run.method === 'dpo' ? 'dpo' : 'kto';
  const { settings } = resolveSettings(run.settings, { method });
  const batchRows = settings.per_device_train_batch_size * settings.gradient_accumulation_steps;
  return metricHints({ method, totalSteps: run.totalSteps ?? run.lastStep, batchRows, metrics });
}
