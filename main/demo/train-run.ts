/** @file A run of the demo, from the queue to its adapter, by the supervisor that the window has. */
import { setTimeout as sleep } from 'node:timers/promises';
import { CancelledError, InternalError } from '#contract/errors.ts';
import type { RunLive } from '#contract/run-progress.ts';
import type { NewRuns } from '#contract/runs.ts';
import type { RunSupervisor } from '#runs/supervisor.ts';
import { fromStoredPath } from '#store/data-folder.ts';
import { readSeries } from '#store/metrics.ts';
import { getRun } from '#store/runs.ts';
import type { Store } from '#store/store.ts';

const LOOK_EVERY_MS = 200;

type Curve = 'loss' | 'eval_loss' | 'rewards/margins' | 'eval_rewards/margins';

export interface FinishedRun {
  readonly name: string;
  /** With the adapter in it. */
  readonly folder: string;
  /** By TRL's names. */
  readonly curves: Readonly<Record<Curve, readonly number[]>>;
}

export interface TrainRunOptions {
  readonly store: Store;
  readonly runs: RunSupervisor;
  readonly signal: AbortSignal;
  readonly onLive: (live: RunLive) => void;
}

/** @throws {InternalError} if the run did not end as it should; its message says why @throws {CancelledError} the run is saved then */
export async function trainRun(request: NewRuns, { store, runs, signal, onLive }: TrainRunOptions): Promise<FinishedRun> {
  const [created] = await runs.create(request);
  const id = created?.id ?? 0;
  for (;;) {
    const run = getRun(store, id);
    if (run?.status === 'completed') {
      const folder = fromStoredPath(store.folder, run.folder);
      return { name: run.name, folder, curves: readCurves(store, id) };
    }
    if (run?.status !== 'queued' && run?.status !== 'running') {
      const why = typeof run?.error?.['message'] === 'string' ? run.error['message'] : 'It ended without saying why.';
      throw new InternalError(`${run?.name ?? 'The run'} did not finish. ${why}`);
    }
    const live = runs.liveOf(id);
    if (live) onLive(live);
    await sleep(LOOK_EVERY_MS);
    if (signal.aborted) throw new CancelledError('The demo was stopped.');
  }
}

function readCurves(store: Store, runId: number): Readonly<Record<Curve, readonly number[]>> {
  const curve = (key: Curve) => readSeries(store, { runId, key }).map(({ value }) => value);
  return {
    loss: curve('loss'),
    eval_loss: curve('eval_loss'),
    'rewards/margins': curve('rewards/margins'),
    'eval_rewards/margins': curve('eval_rewards/margins'),
  };
}
