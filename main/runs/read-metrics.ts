/** @file Everything a run measured, a page of steps at a time. */
import { setImmediate } from 'node:timers/promises';
import type { RunSeries } from '#contract/runs.ts';
import { listMetricKeys, readSeries } from '#store/metrics.ts';
import { getRun } from '#store/runs.ts';
import { notFound } from '#store/not-found.ts';
import type { Store } from '#store/store.ts';

/** With a dozen metrics about a megabyte on its way to the window, some 30 ms of work. */
const STEPS_A_PAGE = 5000;

export interface MetricsPage {
  readonly series: RunSeries[];
  readonly nextStep: number | null;
}

/** Other requests are answered between the metrics. @throws {StoreError} `not-found` */
export async function readMetricsPage(store: Store, runId: number, fromStep: number): Promise<MetricsPage> {
  const run = getRun(store, runId);
  if (!run) throw notFound('run', runId);
  const toStep = fromStep + STEPS_A_PAGE - 1;
  const series: RunSeries[] = [];
  for (const key of listMetricKeys(store, runId)) {
    const points = readSeries(store, { runId, key, fromStep, toStep });
    if (points.length === 0) continue;
    series.push({
      key,
      steps: points.map(({ step }) => step),
      values: points.map(({ value }) => (Number.isFinite(value) ? value : null)),
    });
    await setImmediate();
  }
  return { series, nextStep: toStep < run.lastStep ? toStep + 1 : null };
}
