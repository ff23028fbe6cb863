/** @file A run under way: its rows, its process, what both tell, and how it ends. */
import { existsSync } from 'node:fs';
import { AppError, CancelledError, InternalError } from '#contract/errors.ts';
import type { LogLine, RunLive } from '#contract/run-progress.ts';
import { JobProcess, type JobEnd } from '#jobs/job-process.ts';
import type { JobEvent, TrainingRequest } from '#jobs/training-request.ts';
import { fromStoredPath } from '#store/data-folder.ts';
import { latestMetrics, type StepMetrics } from '#store/metrics.ts';
import type { Run } from '#store/runs.ts';
import { keepCheckpoint, keepMetrics, keepPlan } from './keep-events.ts';
import { LiveState } from './live-state.ts';
import { stepMetrics, toRunSteps } from './metric-batch.ts';
import { planText } from './plan-text.ts';
import { prepareRun } from './prepare-run.ts';
import { appendLog } from './run-log.ts';
import type { RunSurroundings } from './surroundings.ts';
import { Telling } from './telling.ts';
import { watchSilence } from './watch-silence.ts';

const TICK_MS = 1000;
/** Seconds of computing up to a step; TRL's name for that of a whole run. */
export const RUNTIME_KEY = 'train_runtime';

/** How a run ended. */
export type RunEnd =
  | { readonly how: 'finished'; readonly steps: number }
  | { readonly how: 'stopped' }
  | { readonly how: 'failed' | 'interrupted'; readonly error: AppError };

export interface ActiveRunListeners {
  /** Held, or going on. */
  readonly onPaused: (paused: boolean) => void;
  /** Called once, when its process is gone and everything it told is in the store. */
  readonly onEnd: (end: RunEnd) => void;
}

export class ActiveRun {
  readonly run: Run;
  readonly #surroundings: RunSurroundings;
  readonly #listeners: ActiveRunListeners;
  readonly #folder: string;
  readonly #live: LiveState;
  readonly #telling: Telling;
  readonly #left = new AbortController();
  readonly #ticks: NodeJS.Timeout;
  #job: JobProcess | null = null;
  /** Not in the store yet. */
  #waiting: StepMetrics[] = [];
  readonly #phases = new Set<string>();
  #storeFailed = false;
  #outcome: RunEnd | null = null;
  #stopWatching: () => void = () => undefined;

  constructor(run: Run, surroundings: RunSurroundings, listeners: ActiveRunListeners) {
    const { store, nowMs, emit } = surroundings;
    this.run = run;
    this.#surroundings = surroundings;
    this.#listeners = listeners;
    this.#folder = fromStoredPath(store.folder, run.folder);
    const earlierMs = 1000 * (latestMetrics(store, run.id)[RUNTIME_KEY]?.value ?? 0);
    this.#live = new LiveState(nowMs, { earlierMs, lastStep: run.lastStep, totalSteps: run.totalSteps });
    this.#telling = new Telling({
      runId: run.id,
      projectId: run.projectId,
      live: () => this.live,
      nowMs,
      emit: (told) => emit('runs.progressed', told),
    });
    this.#ticks = setInterval(() => this.#telling.soon(), TICK_MS);
    void this.#start();
  }

  get live(): RunLive {
    return this.#live.toLive(this.#job?.silentForMs ?? 0);
  }

  pause(): void {
    this.#live.asked = 'pause';
    this.#job?.pause();
    this.#telling.soon();
  }

  resume(): void {
    this.#live.asked = null;
    this.#job?.resume();
    this.#telling.soon();
  }

  /** A checkpoint is saved first. */
  stop(): void {
    this.#live.asked = 'stop';
    this.#left.abort();
    this.#job?.stop();
    this.#telling.soon();
  }

  /** At once. */
  kill(): void {
    this.#left.abort();
    this.#job?.kill();
  }

  async #start(): Promise<void> {
    try {
      const request = await this.#prepare();
      if (this.#left.signal.aborted) throw new CancelledError();
      const { spawnJob, nowMs } = this.#surroundings;
      const job = new JobProcess(
        spawnJob,
        request,
        {
          onEvents: (events) => this.#take(events),
          onPaused: (paused) => this.#hold(paused),
          onMemory: (memory) => this.#live.remember(memory),
          onEnd: (end) => this.#end(this.#endOf(end)),
        },
        nowMs,
      );
      this.#job = job;
      if (this.#live.asked === 'pause') job.pause();
      this.#stopWatching = watchSilence(job, (text) => {
        this.#outcome = { how: 'interrupted', error: new InternalError(text) };
        job.kill();
      });
    } catch (error) {
      if (error instanceof CancelledError) this.#end({ how: 'stopped' });
      else this.#end({ how: 'failed', error: error instanceof AppError ? error : unforeseen(error) });
    }
  }

  #prepare(): Promise<TrainingRequest> {
    return prepareRun(this.run, {
      surroundings: this.#surroundings,
      folder: this.#folder,
      signal: this.#left.signal,
      onWait: (text) => this.#say('info', text),
      onRows: (done) => {
        this.#live.report({ kind: 'progress', phase: 'Preparing data', done, total: null, unit: 'rows' });
        this.#telling.soon();
      },
    });
  }

  #take(events: readonly JobEvent[]): void {
    for (const event of events) this.#takeOne(event);
    this.#keepWaiting();
    this.#telling.soon();
  }

  #takeOne(event: JobEvent): void {
    const { store } = this.#surroundings;
    switch (event.kind) {
      case 'progress':
        // Evaluating and training take turns all the time.
        if (!this.#phases.has(event.phase)) this.#say('info', `${event.phase}.`);
        this.#phases.add(event.phase);
        this.#live.report(event);
        return;
      case 'note':
      case 'warning':
        this.#say(event.kind === 'note' ? 'info' : 'warning', event.text);
        return;
      case 'plan':
        this.#live.begin(event);
        this.#waiting = [];
        this.#telling.goOnAfter(event.stepsDone);
        this.#try(() => keepPlan(store, this.run, event));
        this.#surroundings.emit('runs.changed', { projectId: this.run.projectId });
        this.#say('info', planText(event));
        return;
      case 'log':
        this.#measure(stepMetrics(event.entry, { [RUNTIME_KEY]: this.#live.computedMs / 1000 }));
        this.#live.reach(event.entry['step'] ?? 0, event.entry['num_tokens']);
        return;
      case 'evaluation':
        this.#measure(stepMetrics(event.entry));
        return;
      case 'sample':
        this.#telling.addSample(event);
        return;
      case 'checkpoint':
        this.#keepWaiting();
        this.#try(() => keepCheckpoint(store, this.run, event));
        this.#say('info', `Saved a checkpoint at step ${event.step}.`);
        return;
      case 'stopped':
        this.#takeStopped(event);
        return;
      case 'finished':
        this.#outcome = { how: 'finished', steps: event.step };
        this.#live.reach(event.step, undefined);
        return;
      default:
        event satisfies never;
    }
  }

  #takeStopped({ step, checkpointDir }: Extract<JobEvent, { kind: 'stopped' }>): void {
    this.#keepWaiting();
    if (checkpointDir !== null && existsSync(checkpointDir)) {
      this.#try(() => keepCheckpoint(this.#surroundings.store, this.run, { step, dir: checkpointDir }));
    }
    this.#say('info', checkpointDir === null ? 'Stopped before the first step.' : `Stopped and saved at step ${step}.`);
    this.#outcome ??= { how: 'stopped' };
  }

  #measure(metrics: StepMetrics): void {
    this.#waiting.push(metrics);
    this.#telling.addSteps([toRunSteps(metrics)]);
  }

  #keepWaiting(): void {
    if (this.#waiting.length === 0) return;
    if (this.#try(() => keepMetrics(this.#surroundings.store, this.run, this.#waiting, this.#live.totalSteps))) this.#waiting = [];
  }

  /** A store that can't be written for a while (a full disk) doesn't end the run: it is tried again, and metrics.jsonl has everything. */
  #try(work: () => void): boolean {
    try {
      work();
      this.#storeFailed = false;
      return true;
    } catch (error) {
      const what = error instanceof AppError ? error.message : `Something went wrong while the run was recorded (${String(error)}).`;
      if (!(error instanceof AppError)) this.#surroundings.logger.error(what, error);
      if (!this.#storeFailed) this.#say('error', `${what} The run goes on, and its folder keeps everything.`);
      this.#storeFailed = true;
      return false;
    }
  }

  #hold(paused: boolean): void {
    this.#live.hold(paused);
    if (this.#live.asked === 'pause' && paused) this.#live.asked = null;
    this.#say('info', paused ? `Paused after step ${this.#live.step}.` : 'Going on.');
    this.#listeners.onPaused(paused);
  }

  #say(kind: LogLine['kind'], text: string): void {
    const line = { at: this.#surroundings.clock(), kind, text };
    appendLog(this.#folder, line);
    this.#telling.addLine(line);
  }

  #endOf(end: JobEnd): RunEnd {
    if (end.how === 'failed') return { how: 'failed', error: end.error };
    if (this.#outcome && (end.how === 'done' || this.#outcome.how === 'interrupted')) return this.#outcome;
    // It had not begun to train, so there was nothing to tell.
    if (end.how === 'died' && this.#live.asked === 'stop' && end.error.details['exitCode'] === 0) return { how: 'stopped' };
    if (end.how === 'died') return { how: 'interrupted', error: end.error };
    return { how: 'interrupted', error: new InternalError('The training process ended without a word. Resume the run.') };
  }

  #end(end: RunEnd): void {
    this.#stopWatching();
    clearInterval(this.#ticks);
    this.#keepWaiting();
    if ('error' in end) this.#say('error', end.error.message);
    this.#telling.flush();
    this.#listeners.onEnd(end);
  }
}

function unforeseen(error: unknown): AppError {
  return new InternalError(`The run could not start: ${String(error)}.`, {}, { cause: error });
}
