/** @file Metrics of runs. */
import { expect, test } from 'vitest';
import { InternalError } from '#contract/errors.ts';
import { deleteMetricsAfter, latestMetrics, listMetricKeys, readSeries, writeMetrics, type MetricPoint } from '#store/metrics.ts';
import type { Store } from '#store/store.ts';
import { sampleRun } from './sample-project.ts';
import { sampleDataset, sampleStore, storeErrorOf } from './sample-store.ts';

async function storeWithRun(): Promise<{ store: Store; runId: number }> {
  const store = await sampleStore();
  return { store, runId: sampleRun(store, sampleDataset(store).projectId).id };
}

function valuesOf(points: readonly MetricPoint[]): [number, number][] {
  return points.map(({ step, value }) => [step, value]);
}

test('every value of every step comes back, also those that are no numbers', async () => {
  const { store, runId } = await storeWithRun();
  writeMetrics(store, runId, [
    { step: 2, values: { loss: 0.1 + 0.2, 'rewards/chosen': -0, kl: Infinity } },
    { step: 1, values: { loss: NaN, 'rewards/chosen': -1e-300, kl: -Infinity } },
  ]);
  expect(valuesOf(readSeries(store, { runId, key: 'loss' }))).toEqual([
    [1, NaN],
    [2, 0.1 + 0.2],
  ]);
  expect(valuesOf(readSeries(store, { runId, key: 'kl' }))).toEqual([
    [1, -Infinity],
    [2, Infinity],
  ]);
  expect(listMetricKeys(store, runId)).toEqual(['kl', 'loss', 'rewards/chosen']);
  expect(latestMetrics(store, runId)).toEqual({
    loss: { step: 2, value: 0.1 + 0.2 },
    kl: { step: 2, value: Infinity },
    'rewards/chosen': { step: 2, value: 0 },
  });
});

test('runs do not see each other’s metrics, nor keys that no run has', async () => {
  const { store, runId } = await storeWithRun();
  const other = sampleRun(store, 1).id;
  writeMetrics(store, other, [{ step: 1, values: { loss: 1, eval_loss: 2 } }]);
  expect(readSeries(store, { runId, key: 'loss' })).toEqual([]);
  expect(readSeries(store, { runId, key: 'nothing', maxPoints: 10 })).toEqual([]);
  expect(listMetricKeys(store, runId)).toEqual([]);
  expect(latestMetrics(store, runId)).toEqual({});
  expect(storeErrorOf(() => writeMetrics(store, 99, [{ step: 1, values: { loss: 1 } }])).reason).toBe('not-found');
});

test('a step computed again replaces what it had; going back to a checkpoint removes what came after it', async () => {
  const { store, runId } = await storeWithRun();
  const other = sampleRun(store, 1).id;
  for (const id of [runId, other]) {
    writeMetrics(
      store,
      id,
      [1, 2, 3, 4].map((step) => ({ step, values: { loss: step, kl: step } })),
    );
  }
  writeMetrics(store, runId, [{ step: 2, values: { loss: 20 } }]);
  deleteMetricsAfter(store, runId, 2);
  expect(valuesOf(readSeries(store, { runId, key: 'loss' }))).toEqual([
    [1, 1],
    [2, 20],
  ]);
  expect(valuesOf(readSeries(store, { runId, key: 'kl' }))).toHaveLength(2);
  expect(readSeries(store, { runId: other, key: 'loss' })).toHaveLength(4);
});

test('a part of the steps can be read', async () => {
  const { store, runId } = await storeWithRun();
  writeMetrics(
    store,
    runId,
    [1, 2, 3, 4].map((step) => ({ step, values: { loss: step } })),
  );
  expect(readSeries(store, { runId, key: 'loss', fromStep: 2, toStep: 3 }).map(({ step }) => step)).toEqual([2, 3]);
});

test.each([4, 5, 50, 999])('of a long series %i points are enough to see its ends and its spikes', async (maxPoints) => {
  const { store, runId } = await storeWithRun();
  const value = (step: number): number => (step === 700 ? 100 : step === 1300 ? -100 : Math.sin(step / 100));
  writeMetrics(
    store,
    runId,
    Array.from({ length: 2000 }, (_, index) => ({ step: index * 3, values: { loss: value(index) } })),
  );
  const points = readSeries(store, { runId, key: 'loss', maxPoints });
  expect(points.length).toBeLessThanOrEqual(maxPoints);
  expect(points.length).toBeGreaterThan(Math.min(maxPoints, 100) / 3);
  expect(points.map(({ step }) => step)).toEqual(points.map(({ step }) => step).sort((a, b) => a - b));
  expect(points[0]).toEqual({ step: 0, value: value(0) });
  expect(points.at(-1)).toEqual({ step: 5997, value: value(1999) });
  expect(points.map((point) => point.value)).toEqual(expect.arrayContaining([100, -100]));
});

test('a NaN in a long series is not lost', async () => {
  const { store, runId } = await storeWithRun();
  writeMetrics(
    store,
    runId,
    Array.from({ length: 500 }, (_, step) => ({ step, values: { loss: step === 321 ? NaN : step } })),
  );
  const points = readSeries(store, { runId, key: 'loss', maxPoints: 20 });
  expect(points.filter(({ value }) => Number.isNaN(value))).toEqual([{ step: 321, value: NaN }]);
  expect(() => readSeries(store, { runId, key: 'loss', maxPoints: 3 })).toThrow(InternalError);
});
