/** @file A run, or the base model, as a sentence names it. */
import { getRun } from '#store/runs.ts';
import type { Store } from '#store/store.ts';

/** @param runId - null: the base model */
export function runName(store: Store, runId: number | null): string {
  return runId === null ? 'the base model' : (getRun(store, runId)?.name ?? 'a run that was deleted');
}
