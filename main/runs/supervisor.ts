/** @file All runs: the queue, the one under way, and what can be asked of each. */
import { AppError, StoreError } from '#contract/errors.ts';
import type { RunLive } from '#contract/run-progress.ts';
import type { NewRuns } from '#contract/runs.ts';
import type { JsonObject } from '#store/json-column.ts';
import { notFound } from '#store/not-found.ts';
import { getRun, interruptRunningRuns, listQueue, setRunStatus, type Run } from '#store/runs.ts';
import { ActiveRun, type RunEnd } from './active-run.ts';
import { claimActivity, type ActivityClaim } from './activity-claim.ts';
import { catchUp } from './catch-up.ts';
import { createRuns } from './create-runs.ts';
import { deleteRun } from './delete-run.ts';
import { finishRun } from './finish-run.ts';
import type { RunSurroundings } from './surroundings.ts';

/** More at a time would only share the same processor and memory. */
const RUNS_AT_A_TIME = 1;

interface Active {
  readonly active: ActiveRun;
  /** Settles when the run has ended and the store says how. */
  readonly ended: Promise<void>;
}

export class RunSupervisor {
  readonly #surroundings: RunSurroundings;
  readonly #active = new Map<number, Active>();
  /** Being deleted: how they end is of no interest. */
  readonly #discarded = new Set<number>();
  #isHeld = false;
  #isClosing = false;
  /** Settles when what earlier processes left has been read. */
  readonly recovered: Promise<void>;

  constructor(surroundings: RunSurroundings) {
    this.#surroundings = surroundings;
    const { store } = surroundings;
    if (store.readOnly) {
      this.recovered = Promise.resolve();
      return;
    }
    const interrupted = interruptRunningRuns(store);
    // Nobody expects a program to begin to compute when it is opened.
    this.#isHeld = listQueue(store).length > 0;
    this.recovered = this.#recover(interrupted);
  }

  get isQueueHeld(): boolean {
    return this.#isHeld && listQueue(this.#surroundings.store).length > 0;
  }

  /** Those whose process runs, oldest first. */
  get underWay(): readonly Run[] {
    return Array.from(this.#active.values(), ({ active }) => active.run);
  }

  /** Null unless its process runs. */
  liveOf(runId: number): RunLive | null {
    return this.#active.get(runId)?.active.live ?? null;
  }

  /** @throws {AppError} if the model, rows or settings can't be used; nothing is created then */
  async create(request: NewRuns): Promise<Run[]> {
    const { store, engineChoice } = this.#surroundings;
    const runs = await createRuns(store, request, engineChoice());
    this.#changed(request.projectId);
    this.startQueue();
    return runs;
  }

  startQueue(): void {
    this.#isHeld = false;
    this.#startNext();
  }

  pause(runId: number): void {
    this.#requireActive(runId).active.pause();
  }

  /** @throws {StoreError} `conflict` if it is completed, or waits already */
  resume(runId: number): void {
    const active = this.#active.get(runId);
    if (active) {
      active.active.resume();
      return;
    }
    const run = this.#require(runId);
    if (run.status === 'queued') this.startQueue();
    else {
      setRunStatus(this.#surroundings.store, runId, 'queued');
      this.#changed(run.projectId);
      this.startQueue();
    }
  }

  stop(runId: number): void {
    const active = this.#active.get(runId);
    if (active) {
      active.active.stop();
      return;
    }
    const { projectId } = setRunStatus(this.#surroundings.store, this.#require(runId).id, 'stopped');
    this.#changed(projectId);
  }

  /** Ends it at once and deletes it. @param deleteFiles - else its folder stays */
  async delete(runId: number, { deleteFiles }: { readonly deleteFiles: boolean }): Promise<void> {
    const run = this.#require(runId);
    const active = this.#active.get(runId);
    if (active) {
      this.#discarded.add(runId);
      active.active.kill();
      await active.ended;
      this.#discarded.delete(runId);
    }
    await deleteRun(this.#surroundings.store, runId, { deleteFiles });
    this.#changed(run.projectId);
  }

  /** Stops and saves what runs, and starts nothing more: the program ends. */
  async close(): Promise<void> {
    this.#isClosing = true;
    const ends = [...this.#active.values()].map(({ active, ended }) => {
      active.stop();
      return ended;
    });
    await Promise.all([...ends, this.recovered]);
  }

  #startNext(): void {
    const { store } = this.#surroundings;
    while (!this.#isHeld && !this.#isClosing && this.#active.size < RUNS_AT_A_TIME) {
      const [next] = listQueue(store);
      if (!next) return;
      this.#begin(setRunStatus(store, next.id, 'running'));
    }
  }

  #begin(run: Run): void {
    const { store, logger, activity } = this.#surroundings;
    const claim = claimActivity(activity, run.name);
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    const active = new ActiveRun(run, this.#surroundings, {
      onPaused: (paused) => {
        claim.set({ keepsAwake: !paused });
        setRunStatus(store, run.id, paused ? 'paused' : 'running');
        this.#changed(run.projectId);
      },
      onEnd: (end) => void this.#settle(run, end, claim).finally(resolve),
    });
    this.#active.set(run.id, { active, ended });
    logger.info(`${run.name} begins in ${run.folder}.`);
    this.#changed(run.projectId);
  }

  async #settle(run: Run, end: RunEnd, claim: ActivityClaim): Promise<void> {
    const { logger } = this.#surroundings;
    try {
      await this.#ended(run, end);
    } catch (error) {
      logger.error(`How ${run.name} ended could not be kept.`, error);
    }
    this.#active.delete(run.id);
    this.#changed(run.projectId);
    try {
      this.#startNext();
    } catch (error) {
      logger.error('The next run could not be started.', error);
    }
    // Last, so that the machine does not go to sleep between two runs.
    claim.end();
  }

  async #ended(run: Run, end: RunEnd): Promise<void> {
    const { store, logger } = this.#surroundings;
    if (this.#discarded.has(run.id)) return;
    logger.info(`${run.name}: ${end.how}${'error' in end ? `. ${end.error.message}` : ''}`);
    switch (end.how) {
      case 'finished':
        await this.#finish(run, end.steps);
        return;
      case 'stopped':
        setRunStatus(store, run.id, 'stopped');
        return;
      case 'interrupted':
        await catchUp(store, run);
        setRunStatus(store, run.id, 'interrupted', errorRecord(end.error));
        return;
      case 'failed':
        setRunStatus(store, run.id, 'failed', errorRecord(end.error));
        return;
      default:
        end satisfies never;
    }
  }

  async #finish(run: Run, steps: number): Promise<void> {
    const { store } = this.#surroundings;
    try {
      await finishRun(store, run, steps);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      setRunStatus(store, run.id, 'failed', errorRecord(error));
    }
  }

  /** What ended without being watched: its curve is completed from its folder; its process may even have gone on to the end. */
  async #recover(interrupted: readonly Run[]): Promise<void> {
    const { store, logger } = this.#surroundings;
    for (const run of interrupted) {
      try {
        const { finished, totalSteps } = await catchUp(store, run);
        if (finished) await this.#finish(run, totalSteps ?? run.lastStep);
      } catch (error) {
        logger.error(`What ${run.name} left could not be read.`, error);
      }
      this.#changed(run.projectId);
    }
  }

  #changed(projectId: number): void {
    this.#surroundings.emit('runs.changed', { projectId });
  }

  #require(runId: number): Run {
    const run = getRun(this.#surroundings.store, runId);
    if (!run) throw notFound('run', runId);
    return run;
  }

  #requireActive(runId: number): Active {
    const active = this.#active.get(runId);
    if (active) return active;
    const { name, status } = this.#require(runId);
    throw new StoreError(`${name} is ${status}, so it can't be paused.`, { reason: 'conflict' });
  }
}

function errorRecord({ code, message, details }: AppError): JsonObject {
  return { code, message, details: { ...details } };
}
