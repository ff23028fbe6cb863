/** @file How far long work is: how much, how fast, how long still. */

export interface WorkProgress<Stage extends string = string> {
  /** What is being done, for work in several parts. */
  readonly stage: Stage;
  /** Rows so far in this stage; 0 where no rows are counted. */
  readonly rows: number;
  /** Null until it can be told. */
  readonly rowsPerSecond: number | null;
  /** 0 … 1 of this stage. */
  readonly share: number;
  /** Of this stage; null until it can be told. */
  readonly msLeft: number | null;
}

/** What all long work takes. */
export interface WorkOptions<Stage extends string = string> {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: WorkProgress<Stage>) => void) | undefined;
  /** Monotonic clock. */
  readonly nowMs?: (() => number) | undefined;
}

/** A report is for eyes. */
const REPORT_EVERY_MS = 100;
/** Before that a rate is a guess. */
const LEAST_MS = 250;

/** Reports the progress of one stage at most ten times a second, and at its end. */
export class ProgressMeter<Stage extends string> {
  readonly #stage: Stage;
  readonly #report: WorkOptions<Stage>['onProgress'];
  readonly #nowMs: () => number;
  readonly #startMs: number;
  #reportedMs = -Infinity;

  constructor(stage: Stage, { onProgress, nowMs = () => performance.now() }: WorkOptions<Stage>) {
    this.#stage = stage;
    this.#report = onProgress;
    this.#nowMs = nowMs;
    this.#startMs = nowMs();
  }

  /** @param share - of the whole stage, 0 … 1 */
  report(rows: number, share: number): void {
    if (this.#report === undefined) return;
    const atMs = this.#nowMs();
    if (atMs - this.#reportedMs < REPORT_EVERY_MS && share < 1) return;
    this.#reportedMs = atMs;
    const spentMs = atMs - this.#startMs;
    const isKnown = spentMs >= LEAST_MS && share > 0;
    this.#report({
      stage: this.#stage,
      rows,
      rowsPerSecond: isKnown && rows > 0 ? (rows / spentMs) * 1000 : null,
      share,
      msLeft: isKnown ? (spentMs * (1 - share)) / share : null,
    });
  }
}
