/** @file How fast something goes of late, from reports of how far it is. */

/** Long enough to be calm, short enough to follow a change. */
const WINDOW_MS = 30_000;
/** Two reports further apart than this say nothing about the time between them: the machine slept, or the run was held. */
const GAP_MS = 120_000;
const MIN_SPAN_MS = 300;

interface Report {
  readonly atMs: number;
  readonly done: number;
}

export class Pace {
  #reports: Report[] = [];

  add(done: number, atMs: number): void {
    const last = this.#reports.at(-1);
    if (last && (done < last.done || atMs - last.atMs > GAP_MS)) this.restart();
    this.#reports.push({ done, atMs });
    // At least two stay, however slow it is.
    while (this.#reports.length > 2 && (this.#reports[1]?.atMs ?? atMs) < atMs - WINDOW_MS) this.#reports.shift();
  }

  /** What was reported before says nothing about what comes. */
  restart(): void {
    this.#reports = [];
  }

  /** Null while too little is known. */
  get perSecond(): number | null {
    const [first, last] = [this.#reports[0], this.#reports.at(-1)];
    if (!first || !last || last.atMs - first.atMs < MIN_SPAN_MS || last.done <= first.done) return null;
    return (1000 * (last.done - first.done)) / (last.atMs - first.atMs);
  }
}
