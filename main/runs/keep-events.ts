/** @file What the events of a run leave in the store. Main is its only writer; the process of the run keeps files. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { asStorageError, systemErrorCode } from '#io/as-storage-error.ts';
import type { JobEvent } from '#jobs/training-request.ts';
import { forgetCheckpoint, listCheckpoints, saveCheckpoint } from '#store/checkpoints.ts';
import { fromStoredPath, toStoredPath } from '#store/data-folder.ts';
import { deleteMetricsAfter, writeMetrics, type StepMetrics } from '#store/metrics.ts';
import { recordEngine, recordProgress, type Run } from '#store/runs.ts';
import type { NewStoredFile } from '#store/stored-files.ts';
import type { Store } from '#store/store.ts';

/** The run goes on from `stepsDone`: what was measured later will be measured again. */
export function keepPlan(store: Store, run: Run, { steps, stepsDone, engine }: Extract<JobEvent, { kind: 'plan' }>): void {
  store.write(() => {
    deleteMetricsAfter(store, run.id, stepsDone);
    recordProgress(store, { runId: run.id, lastStep: stepsDone, totalSteps: steps });
    recordEngine(store, run.id, engine);
  });
}

/** One transaction for all of them. */
export function keepMetrics(store: Store, run: Run, steps: readonly StepMetrics[], totalSteps: number | null): void {
  const last = steps.at(-1);
  if (!last) return;
  store.write(() => {
    writeMetrics(store, run.id, steps);
    recordProgress(store, { runId: run.id, lastStep: last.step, totalSteps: totalSteps ?? last.step });
  });
}

/** On the disk when it returns. Those that the run removed since are forgotten; a quick run may have removed this very one. */
export function keepCheckpoint(store: Store, run: Run, { step, dir }: { readonly step: number; readonly dir: string }): void {
  const files = filesIfThere(store, dir);
  store.writeDurably(() => {
    if (files) saveCheckpoint(store, { runId: run.id, step, folder: toStoredPath(store.folder, dir), files });
    forgetGoneCheckpoints(store, run.id);
  });
}

export function forgetGoneCheckpoints(store: Store, runId: number): void {
  for (const { id, folder } of listCheckpoints(store, runId)) {
    if (!existsSync(fromStoredPath(store.folder, folder))) forgetCheckpoint(store, id);
  }
}

function filesIfThere(store: Store, dir: string): readonly NewStoredFile[] | null {
  try {
    return filesIn(store, dir);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return null;
    throw asStorageError(error, 'read', dir);
  }
}

/** The files of a folder, for the list of what a run owns; hashes of large files would take longer than the step that made them. */
export function filesIn(store: Store, dir: string, names: readonly string[] = readdirSync(dir)): NewStoredFile[] {
  return names.map((name) => {
    const path = join(dir, name);
    return { path: toStoredPath(store.folder, path), sha256: null, bytes: statSync(path).size };
  });
}
