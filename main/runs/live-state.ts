/** @file What a run is doing just now, from what its process tells. */
import type { RunLive } from '#contract/run-progress.ts';
import type { JobEvent } from '#jobs/training-request.ts';
import { Pace } from './pace.ts';

type Progress = Extract<JobEvent, { kind: 'progress' }>;

export class LiveState {
  readonly #nowMs: () => number;
  /** Computed before this process began. */
  readonly #earlierMs: number;
  readonly #phasePace = new Pace();
  readonly #stepPace = new Pace();
  readonly #tokenPace = new Pace();
  #startedMs: number;
  #heldMs = 0;
  #heldSinceMs: number | null = null;
  #progress: Omit<Progress, 'kind'> = { phase: 'Preparing data', done: 0, total: null, unit: 'rows' };
  #step: number;
  #totalSteps: number | null;
  #memory: { readonly residentBytes: number; readonly peakResidentBytes: number } | null = null;
  asked: RunLive['asked'] = null;

  /** @param nowMs - a monotonic clock */
  constructor(nowMs: () => number, run: { readonly earlierMs: number; readonly lastStep: number; readonly totalSteps: number | null }) {
    this.#nowMs = nowMs;
    this.#startedMs = nowMs();
    this.#earlierMs = run.earlierMs;
    this.#step = run.lastStep;
    this.#totalSteps = run.totalSteps;
  }

  get phase(): RunLive['phase'] {
    return this.#progress.phase;
  }

  get step(): number {
    return this.#step;
  }

  get totalSteps(): number | null {
    return this.#totalSteps;
  }

  /** Without pauses, over all times the run was resumed. */
  get computedMs(): number {
    const held = this.#heldMs + (this.#heldSinceMs === null ? 0 : this.#nowMs() - this.#heldSinceMs);
    return this.#earlierMs + this.#nowMs() - this.#startedMs - held;
  }

  report({ kind: _kind, ...progress }: Progress): void {
    const now = this.#nowMs();
    if (progress.phase !== this.#progress.phase) this.#phasePace.restart();
    this.#progress = progress;
    this.#phasePace.add(progress.done, now);
    if (progress.phase === 'Training') this.#stepPace.add(progress.done, now);
  }

  /** The plan is known. */
  begin({ steps, stepsDone }: Extract<JobEvent, { kind: 'plan' }>): void {
    this.#totalSteps = steps;
    this.#step = stepsDone;
  }

  reach(step: number, tokens: number | undefined): void {
    this.#step = Math.max(step, this.#step);
    if (tokens !== undefined) this.#tokenPace.add(tokens, this.#nowMs());
    // Quick steps make no progress report of their own between two evaluations.
    if (this.#progress.phase === 'Evaluating') this.#progress = { phase: 'Training', done: step, total: this.#totalSteps, unit: 'steps' };
  }

  hold(held: boolean): void {
    if (held) this.#heldSinceMs ??= this.#nowMs();
    else if (this.#heldSinceMs !== null) {
      this.#heldMs += this.#nowMs() - this.#heldSinceMs;
      this.#heldSinceMs = null;
    }
    for (const pace of [this.#phasePace, this.#stepPace, this.#tokenPace]) pace.restart();
  }

  remember(memory: { readonly residentBytes: number; readonly peakResidentBytes: number }): void {
    this.#memory = memory;
  }

  toLive(silentMs: number): RunLive {
    const { phase, done, total, unit } = this.#progress;
    return {
      phase,
      done,
      total,
      unit,
      perSecond: this.#phasePace.perSecond,
      remainingMs: this.#remainingMs(),
      computedMs: this.computedMs,
      step: this.#step,
      totalSteps: this.#totalSteps,
      tokensPerSecond: this.#tokenPace.perSecond,
      residentBytes: this.#memory?.residentBytes ?? null,
      peakResidentBytes: this.#memory?.peakResidentBytes ?? null,
      silentMs,
      asked: this.asked,
    };
  }

  /** While steps are made, the time between two of them holds evaluations and checkpoints, so it says when the whole run ends. */
  #remainingMs(): number | null {
    const isStepping = this.#progress.phase === 'Training' || this.#progress.phase === 'Evaluating';
    const [pace, left] = isStepping
      ? [this.#stepPace.perSecond, (this.#totalSteps ?? NaN) - this.#step]
      : [this.#phasePace.perSecond, (this.#progress.total ?? NaN) - this.#progress.done];
    return pace === null || Number.isNaN(left) ? null : Math.max(0, (1000 * left) / pace);
  }
}
