/** @file What was computed of adapters for comparing them, kept under hashes of everything it follows from. */
import { readJson, type JsonValue } from './json-column.ts';
import type { Store } from './store.ts';

export interface NewMeasurement {
  readonly projectId: number;
  readonly key: string;
  /** Whose adapter; it goes with the run. Null for the base model. */
  readonly runId: number | null;
  readonly value: JsonValue;
}

/** Null if it was not computed yet. */
export function getMeasurement(store: Store, projectId: number, key: string): JsonValue | null {
  const row = store.get('SELECT value FROM measurements WHERE project_id = ? AND key = ?', [projectId, key]) as
    | { readonly value: string }
    | undefined;
  return row ? readJson(row.value, 'measurements.value') : null;
}

/** All or none; what is there already is replaced. */
export function saveMeasurements(store: Store, measurements: readonly NewMeasurement[]): void {
  store.write(() => {
    for (const { projectId, key, runId, value } of measurements) {
      store.run(
        `INSERT INTO measurements (project_id, key, run_id, value, created_at) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (project_id, key) DO UPDATE SET run_id = excluded.run_id, value = excluded.value, created_at = excluded.created_at`,
        [projectId, key, runId, JSON.stringify(value), store.now()],
      );
    }
  });
}

/** How many runs of a project have something that was computed of them. */
export function countMeasuredRuns(store: Store, projectId: number): number {
  const row = store.get('SELECT count(DISTINCT run_id) AS runs FROM measurements WHERE project_id = ?', [projectId]);
  return (row as { readonly runs: number }).runs;
}
