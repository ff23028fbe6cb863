/** @file Tells the windows of a run at most ten times a second, losing nothing but what is out of date. */
import type { EventPayload } from '#contract/index.ts';
import type { LogLine, RunLive, RunSample, RunSteps } from '#contract/run-progress.ts';

const INTERVAL_MS = 100;

type Told = EventPayload<'runs.progressed'>;

export interface TellingOptions {
  readonly runId: number;
  readonly projectId: number;
  readonly live: () => RunLive;
  readonly emit: (told: Told) => void;
  /** A monotonic clock. */
  readonly nowMs: () => number;
}

export class Telling {
  readonly #options: TellingOptions;
  #steps: RunSteps[] = [];
  #lines: LogLine[] = [];
  #samples: RunSample[] = [];
  #goesOnAfterStep: number | null = null;
  #lastMs = -Infinity;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: TellingOptions) {
    this.#options = options;
  }

  addSteps(steps: readonly RunSteps[]): void {
    this.#steps.push(...steps);
  }

  addLine(line: LogLine): void {
    this.#lines.push(line);
    this.soon();
  }

  addSample(sample: RunSample): void {
    this.#samples.push(sample);
  }

  goOnAfter(step: number): void {
    this.#goesOnAfterStep = step;
    this.#steps = this.#steps.filter((known) => known.step <= step);
  }

  /** Now if nothing was told of late, else when it is due. */
  soon(): void {
    const dueInMs = this.#lastMs + INTERVAL_MS - this.#options.nowMs();
    if (dueInMs <= 0) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), dueInMs);
  }

  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#lastMs = this.#options.nowMs();
    const { runId, projectId, live, emit } = this.#options;
    emit({
      runId,
      projectId,
      live: live(),
      steps: this.#steps,
      goesOnAfterStep: this.#goesOnAfterStep,
      lines: this.#lines,
      samples: this.#samples,
    });
    this.#steps = [];
    this.#lines = [];
    this.#samples = [];
    this.#goesOnAfterStep = null;
  }
}
