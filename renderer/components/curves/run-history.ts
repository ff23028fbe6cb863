/** @file Everything a run measured, by metric, and who wants to know when there is more. */
import type { RunSteps } from '#contract/run-progress.ts';
import type { RunSeries } from '#contract/runs.ts';
import { Column } from './column.ts';

export class RunHistory {
  readonly #columns = new Map<string, Column>();
  readonly #listeners = new Set<() => void>();
  /** Steps of one epoch, from the last that was told; null before the first. */
  #stepsPerEpoch: number | null = null;
  #lastStep = 0;
  #keys: readonly string[] = [];
  /** Counts changes, so that React knows that there was one. */
  version = 0;

  /** In the order they came; the same list while there is no new one. */
  get keys(): readonly string[] {
    return this.#keys;
  }

  get lastStep(): number {
    return this.#lastStep;
  }

  get stepsPerEpoch(): number | null {
    return this.#stepsPerEpoch;
  }

  column(key: string): Column | null {
    return this.#columns.get(key) ?? null;
  }

  addSeries(series: readonly RunSeries[]): void {
    for (const { key, steps, values } of series) {
      for (const [index, step] of steps.entries()) this.#append(key, step, values[index] ?? NaN);
    }
    this.#changed();
  }

  addSteps(steps: readonly RunSteps[]): void {
    for (const { step, values } of steps) for (const [key, value] of Object.entries(values)) this.#append(key, step, value ?? NaN);
    this.#changed();
  }

  cutAfter(step: number): void {
    for (const column of this.#columns.values()) column.cutAfter(step);
    this.#lastStep = Math.min(this.#lastStep, step);
    this.#changed();
  }

  /** @returns how to end it */
  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  #append(key: string, step: number, value: number): void {
    let column = this.#columns.get(key);
    if (!column) {
      this.#columns.set(key, (column = new Column()));
      this.#keys = [...this.#columns.keys()];
    }
    column.append(step, value);
    this.#lastStep = Math.max(this.#lastStep, step);
    if (key === 'epoch' && value > 0) this.#stepsPerEpoch = step / value;
  }

  #changed(): void {
    this.version++;
    for (const listener of this.#listeners) listener();
  }
}
