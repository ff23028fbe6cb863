/** @file Which runs are compared: those that were chosen, or what suggests itself. */
import { MOST_COMPARED } from '#contract/comparisons.ts';
import { getRun, listRuns, type Run } from '#store/runs.ts';
import { notFound } from '#store/not-found.ts';
import type { Store } from '#store/store.ts';
import { getComparisonChoices, setComparisonChoices } from './choices.ts';

/** Both methods are started by one request, which takes no time. */
const TOGETHER_MS = 2000;

/** All runs of a project that have begun, the newest first: what waits has nothing to show. */
export function comparableRuns(store: Store, projectId: number): Run[] {
  return listRuns(store, projectId).filter(({ status, startedAt }) => status !== 'queued' && startedAt !== null);
}

/** In the order they were made. Without a choice: the newest two that were started together, else the newest two that are completed. */
export function chosenRuns(store: Store, projectId: number): Run[] {
  const runs = comparableRuns(store, projectId);
  const { runIds } = getComparisonChoices(store, projectId);
  const chosen = runIds === null ? suggested(runs) : runs.filter(({ id }) => runIds.includes(id));
  return chosen.toSorted((a, b) => a.id - b.id);
}

/** The run of the other method that was started by the same request, on the same rows and from the same model. */
export function partnerOf(run: Run, runs: readonly Run[]): Run | null {
  const isPartner = (other: Run): boolean =>
    Math.abs(other.id - run.id) === 1 &&
    other.method !== run.method &&
    Math.abs(other.createdAt - run.createdAt) <= TOGETHER_MS &&
    other.versionId === run.versionId &&
    other.splitId === run.splitId &&
    other.modelId === run.modelId;
  return runs.find(isPartner) ?? null;
}

/** Chooses a run with its partner; where it has none, beside those that are chosen. @throws {StoreError} `not-found` */
export function addRun(store: Store, projectId: number, runId: number): void {
  const run = getRun(store, runId);
  if (run?.projectId !== projectId) throw notFound('run', runId);
  const partner = partnerOf(run, comparableRuns(store, projectId));
  const others = partner ? [partner.id] : chosenRuns(store, projectId).map(({ id }) => id);
  setComparisonChoices(store, projectId, { runIds: [...new Set([runId, ...others])].slice(0, MOST_COMPARED) });
}

function suggested(runs: readonly Run[]): Run[] {
  const completed = runs.filter(({ status }) => status === 'completed');
  for (const run of completed) {
    const partner = partnerOf(run, completed);
    if (partner) return [run, partner];
  }
  return completed.slice(0, 2);
}
