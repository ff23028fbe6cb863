/** @file A run as the window shows it: in the history, and by itself. */
import type { RunDetails, RunSummary } from '#contract/runs.ts';
import type { RunLive } from '#contract/run-progress.ts';
import { listAdapters } from '#store/adapters.ts';
import { listCheckpoints } from '#store/checkpoints.ts';
import { fromStoredPath } from '#store/data-folder.ts';
import { getDataset, getVersion } from '#store/datasets.ts';
import { latestMetrics, readSeries } from '#store/metrics.ts';
import { getModel } from '#store/models.ts';
import { listQueue, listRuns, type Run } from '#store/runs.ts';
import type { Store } from '#store/store.ts';
import { RUNTIME_KEY } from './active-run.ts';
import { runComputesOn } from './run-computes-on.ts';
import { runProblem } from './run-problem.ts';

/** As many as a picture of 120 pixels can show. */
const SPARKLINE_POINTS = 60;

/** Newest first. */
export function describeRuns(store: Store, projectId: number): RunSummary[] {
  return listRuns(store, projectId).map((run) => describeRun(store, run));
}

export function describeRun(store: Store, run: Run): RunSummary {
  const { id, projectId, name, status, lastStep, totalSteps, createdAt, startedAt, endedAt } = run;
  const latest = latestMetrics(store, id);
  const loss = readSeries(store, { runId: id, key: 'loss', maxPoints: SPARKLINE_POINTS });
  return {
    id,
    projectId,
    name,
    method: run.method === 'dpo' ? 'dpo' : 'kto',
    status,
    queuePosition: run.queuePosition === null ? null : listQueue(store).findIndex((queued) => queued.id === id) + 1,
    modelName: run.modelId === null ? null : (getModel(store, run.modelId)?.name ?? null),
    dataName: dataName(store, run),
    lastStep,
    totalSteps,
    computedMs: 1000 * (latest[RUNTIME_KEY]?.value ?? 0),
    createdAt,
    startedAt,
    endedAt,
    sparkline: loss.map(({ value }) => finite(value)),
    lastLoss: finite(latest['loss']?.value ?? NaN),
    problem: runProblem(status, run.error),
    adapterId: listAdapters(store, projectId).find(({ runId }) => runId === id)?.id ?? null,
  };
}

export async function describeRunFully(store: Store, run: Run, live: RunLive | null): Promise<RunDetails> {
  const folder = fromStoredPath(store.folder, run.folder);
  const computesOn = await runComputesOn(run, folder);
  const model = run.modelId === null ? null : getModel(store, run.modelId);
  return {
    ...describeRun(store, run),
    settings: run.settings as RunDetails['settings'],
    modelFolder: model && fromStoredPath(store.folder, model.path),
    data: run.versionId === null ? null : { versionId: run.versionId, splitId: run.splitId },
    initialAdapter: run.initialAdapterName === null ? null : { id: run.initialAdapterId, name: run.initialAdapterName },
    folder,
    computesOn,
    checkpointSteps: listCheckpoints(store, run.id).map(({ step }) => step),
    live,
  };
}

function dataName(store: Store, { versionId }: Run): string | null {
  const version = versionId === null ? null : getVersion(store, versionId);
  const dataset = version && getDataset(store, version.datasetId);
  return version && dataset ? `${dataset.name}, version ${version.number}` : null;
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
