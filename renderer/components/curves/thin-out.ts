/** @file Makes of many points as few as a screen can show, without losing a spike. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface ThinOutOptions {
  readonly steps: Float64Array;
  /** Of the same length; NaN is a gap. */
  readonly values: Float64Array;
  /** Indices: the first, and the one after the last. */
  readonly from: number;
  readonly to: number;
  /** About two for a pixel. */
  readonly maxPoints: number;
  /** What a step is on the axis. */
  readonly toX: (step: number) => number;
}

/** Of every stretch the lowest and the highest value, in their order; the first and the last point always. A gap stays a gap. */
export function thinOut({ steps, values, from, to, maxPoints, toX }: ThinOutOptions): Point[] {
  const points: Point[] = [];
  const push = (index: number): void => void points.push({ x: toX(steps[index] ?? 0), y: values[index] ?? NaN });
  if (to - from <= maxPoints) {
    for (let index = from; index < to; index++) push(index);
    return points;
  }
  const stretch = Math.ceil((to - from) / Math.floor((maxPoints - 2) / 3));
  push(from);
  for (let begin = from + 1; begin < to - 1; begin += stretch) {
    for (const index of extremesOf(values, begin, Math.min(begin + stretch, to - 1))) push(index);
  }
  push(to - 1);
  return points;
}

/** Indices of the lowest and the highest value, and of a gap if there is one; ascending, each once. */
function extremesOf(values: Float64Array, begin: number, end: number): readonly number[] {
  let [low, high, gap] = [-1, -1, -1];
  for (let index = begin; index < end; index++) {
    const value = values[index] ?? NaN;
    if (Number.isNaN(value)) gap = index;
    else {
      if (low < 0 || value < (values[low] ?? 0)) low = index;
      if (high < 0 || value > (values[high] ?? 0)) high = index;
    }
  }
  return [...new Set([low, high, gap])].filter((index) => index >= 0).sort((a, b) => a - b);
}
