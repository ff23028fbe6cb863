/** @file Every metric of every step of a run. */
import { InternalError } from '#contract/errors.ts';
import type { Store } from './store.ts';

/** What one step reported; NaN and infinity are kept. */
export interface StepMetrics {
  readonly step: number;
  readonly values: Readonly<Record<string, number>>;
}

export interface MetricPoint {
  readonly step: number;
  readonly value: number;
}

export interface SeriesRequest {
  readonly runId: number;
  readonly key: string;
  /** Both included; all steps by default. */
  readonly fromStep?: number;
  readonly toStep?: number;
  /** At least 4. Beyond it, of every stretch of steps its lowest and highest value are given, so that no spike is lost. */
  readonly maxPoints?: number;
}

const LAST_STEP = Number.MAX_SAFE_INTEGER;

/** One transaction; what a step already had of the same keys is replaced. About 2 µs a value. */
export function writeMetrics(store: Store, runId: number, steps: readonly StepMetrics[]): void {
  store.write(() => {
    const insert = store.prepare(
      'INSERT INTO metrics (run_id, key_id, step, value) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
    );
    const ids = new Map<string, number>();
    for (const { step, values } of steps) {
      for (const [key, value] of Object.entries(values)) {
        let id = ids.get(key);
        if (id === undefined) ids.set(key, (id = keyId(store, key)));
        insert.run(runId, id, step, value);
      }
    }
  });
}

/** Ascending by step. Reads all of the asked steps, but keeps no more than it gives. */
export function readSeries(store: Store, request: SeriesRequest): MetricPoint[] {
  const { runId, key, fromStep = 0, toStep = LAST_STEP, maxPoints = Infinity } = request;
  if (maxPoints < 4) throw new InternalError(`A series of ${maxPoints} points can't show anything.`);
  const range = { runId, key, fromStep, toStep };
  const { count, first, last } = store.get(
    `SELECT count(*) AS count, coalesce(min(step), 0) AS first, coalesce(max(step), 0) AS last ${IN_RANGE}`,
    range,
  ) as { readonly count: number; readonly first: number; readonly last: number };
  const points = store.prepare(`SELECT step, value ${IN_RANGE} ORDER BY step`).iterate(range) as IterableIterator<PointColumns>;
  if (count <= maxPoints) return Array.from(points, toPoint);
  const stretches = Math.floor((maxPoints - 2) / 2);
  return decimate(points, { last, stepsAStretch: Math.ceil((last - first + 1) / stretches), first });
}

/** Names of what was reported, in their order. */
export function listMetricKeys(store: Store, runId: number): string[] {
  const rows = store.all(
    'SELECT name FROM metric_keys WHERE EXISTS (SELECT 1 FROM metrics WHERE run_id = ? AND key_id = metric_keys.id) ORDER BY name',
    [runId],
  ) as readonly { readonly name: string }[];
  return rows.map(({ name }) => name);
}

/** The last value of each key. */
export function latestMetrics(store: Store, runId: number): Readonly<Record<string, MetricPoint>> {
  const rows = store.all(
    `SELECT name, step, value FROM metric_keys JOIN metrics ON key_id = metric_keys.id AND run_id = :runId
     WHERE step = (SELECT max(step) FROM metrics m WHERE m.run_id = :runId AND m.key_id = metric_keys.id) ORDER BY name`,
    { runId },
  ) as readonly (PointColumns & { readonly name: string })[];
  return Object.fromEntries(rows.map(({ name, ...point }) => [name, toPoint(point)]));
}

/** For a run that goes on from an older checkpoint: what came after `step` will be computed again. */
export function deleteMetricsAfter(store: Store, runId: number, step: number): void {
  store.write(() =>
    store.run('DELETE FROM metrics WHERE run_id = ? AND key_id IN (SELECT id FROM metric_keys) AND step > ?', [runId, step]),
  );
}

const IN_RANGE = `FROM metrics WHERE run_id = :runId AND key_id = (SELECT id FROM metric_keys WHERE name = :key)
  AND step BETWEEN :fromStep AND :toStep`;

interface PointColumns {
  readonly step: number;
  readonly value: number | null;
}

function toPoint({ step, value }: PointColumns): MetricPoint {
  return { step, value: value ?? NaN };
}

function keyId(store: Store, key: string): number {
  const known = store.get('SELECT id FROM metric_keys WHERE name = ?', [key]) as { readonly id: number } | undefined;
  return known?.id ?? store.run('INSERT INTO metric_keys (name) VALUES (?)', [key]).id;
}

interface Stretches {
  readonly first: number;
  readonly last: number;
  readonly stepsAStretch: number;
}

/** The first and the last point, and of each stretch the lowest and the highest, in the order of their steps. NaN counts as the highest. */
function decimate(points: Iterable<PointColumns>, { first, last, stepsAStretch }: Stretches): MetricPoint[] {
  const kept = new Map<number, MetricPoint>();
  let stretch = -1;
  let low: MetricPoint | null = null;
  let high: MetricPoint | null = null;
  const close = (): void => {
    for (const point of [low, high].sort((a, b) => (a?.step ?? 0) - (b?.step ?? 0))) if (point) kept.set(point.step, point);
    low = high = null;
  };
  for (const columns of points) {
    const point = toPoint(columns);
    const at = Math.floor((point.step - first) / stepsAStretch);
    if (at !== stretch) close();
    stretch = at;
    if (point.step === first) kept.set(first, point);
    if (low === null || isLower(point, low)) low = point;
    if (high === null || isLower(high, point)) high = point;
    if (point.step === last) {
      close();
      kept.set(last, point);
    }
  }
  return [...kept.values()];
}

function isLower(a: MetricPoint, b: MetricPoint): boolean {
  return Number.isNaN(b.value) ? !Number.isNaN(a.value) : a.value < b.value;
}
