/** @file How fast a kind of work goes, counting only the time that was spent on it. */

/**
 * Work that is interrupted by other work (training by an evaluation) has its rate measured between its own reports only; call
 * `pause` when something else is reported.
 */
export class WorkRate {
  #last: { readonly done: number; readonly atMs: number } | null = null;
  #work = 0;
  #spentMs = 0;

  report(done: number, atMs: number): void {
    // Work done before the first report (by the run that is resumed) took no time of ours.
    if (this.#last !== null && done >= this.#last.done) {
      this.#work += done - this.#last.done;
      this.#spentMs += atMs - this.#last.atMs;
    }
    this.#last = { done, atMs };
  }

  pause(): void {
    this.#last = null;
  }

  /** Units a second, or null as long as it can't be told. */
  get perSecond(): number | null {
    return this.#work > 0 && this.#spentMs > 0 ? (this.#work / this.#spentMs) * 1000 : null;
  }
}
