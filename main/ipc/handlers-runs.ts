/** @file Answers the requests about runs. */
import type { runsRequests } from '#contract/runs.ts';
import { describeRunFiles } from '#runs/delete-run.ts';
import { describeRun, describeRunFully, describeRuns } from '#runs/describe-run.ts';
import { readMetricsPage } from '#runs/read-metrics.ts';
import { runHints } from '#runs/run-hints.ts';
import { readLog } from '#runs/run-log.ts';
import { readSamples } from '#runs/run-samples.ts';
import { fromStoredPath } from '#store/data-folder.ts';
import { notFound } from '#store/not-found.ts';
import { getRun, type Run } from '#store/runs.ts';
import type { Store } from '#store/store.ts';
import type { HandlersOf } from './handlers.ts';

export const runsHandlers: HandlersOf<typeof runsRequests> = {
  'runs.create': async (request, { runs, store }) => (await runs.create(request)).map(({ id }) => describeRun(store, runOf(store, id))),
  'runs.list': ({ projectId }, { store }) => describeRuns(store, projectId),
  'runs.get': ({ runId }, { store, runs }) => describeRunFully(store, runOf(store, runId), runs.liveOf(runId)),
  'runs.readMetrics': ({ runId, fromStep }, { store }) => readMetricsPage(store, runId, fromStep),
  'runs.readLog': ({ runId }, { store }) => readLog(folderOf(store, runId)),
  'runs.listSamples': ({ runId }, { store }) => readSamples(folderOf(store, runId)),
  'runs.listHints': ({ runId }, { store }) => runHints(store, runOf(store, runId)),
  'runs.pause': ({ runId }, { runs }) => done(runs.pause(runId)),
  'runs.resume': ({ runId }, { runs }) => done(runs.resume(runId)),
  'runs.stop': ({ runId }, { runs }) => done(runs.stop(runId)),
  'runs.discard': async ({ runId }, { runs }) => done(await runs.delete(runId, { deleteFiles: true })),
  'runs.describeFiles': ({ runId }, { store }) => describeRunFiles(store, runId),
  'runs.delete': async ({ runId, deleteFiles }, { runs }) => done(await runs.delete(runId, { deleteFiles })),
  'runs.reveal': async ({ runId }, { store, desktop }) => {
    const path = folderOf(store, runId);
    return { path, shown: await desktop.reveal(path) };
  },
  'runs.isQueueHeld': (_input, { runs }) => runs.isQueueHeld,
  'runs.startQueue': (_input, { runs }) => done(runs.startQueue()),
};

/** @throws {StoreError} `not-found` */
function runOf(store: Store, runId: number): Run {
  const run = getRun(store, runId);
  if (!run) throw notFound('run', runId);
  return run;
}

function folderOf(store: Store, runId: number): string {
  return fromStoredPath(store.folder, runOf(store, runId).folder);
}

/** What only does something answers nothing. */
function done(_done: void): undefined {
  return undefined;
}
