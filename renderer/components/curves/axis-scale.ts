/**
 * @file Where steps of several runs lie on one axis. Epochs have as many steps as a run's rows and batches make them; on the axis of epochs the
 * runs are aligned, and what is hovered or zoomed is counted in steps of the first run.
 */
import type { CurveAxis, CurveLine } from './curve-line.ts';

export class AxisScale {
  readonly #axis: CurveAxis;
  /** Of the first line whose epochs are known; null if none are. */
  readonly #first: number | null;

  constructor(axis: CurveAxis, lines: readonly CurveLine[]) {
    this.#first = lines.find(({ history }) => history.stepsPerEpoch !== null)?.history.stepsPerEpoch ?? null;
    this.#axis = this.#first === null ? 'step' : axis;
  }

  /** What the axis counts: steps as long as no epoch is known. */
  get axis(): CurveAxis {
    return this.#axis;
  }

  /** From a step of the view to its place on the axis. */
  toX(step: number): number {
    return this.#axis === 'step' ? step : step / (this.#first ?? 1);
  }

  toStep(x: number): number {
    return this.#axis === 'step' ? x : x * (this.#first ?? 1);
  }

  /** From a step of the view to the one of a line that lies in the same place. */
  ownStep(line: CurveLine, step: number): number {
    return step * this.#ratio(line);
  }

  /** The way back. */
  viewStep(line: CurveLine, ownStep: number): number {
    return ownStep / this.#ratio(line);
  }

  #ratio({ history }: CurveLine): number {
    return this.#axis === 'step' || this.#first === null ? 1 : (history.stepsPerEpoch ?? this.#first) / this.#first;
  }
}
