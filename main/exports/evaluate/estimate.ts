/** @file Means and shares with how far they can be trusted. */
import { Random } from '#engine/train/random.ts';

export interface Estimate {
  readonly value: number;
  /** 95 % confidence interval. */
  readonly low: number;
  readonly high: number;
}

/** Standard normal quantile of 97.5 %. */
const Z = 1.959964;
const RESAMPLES = 2000;
/** Selects the sequence of random numbers. */
const STREAM = 23;

/** A share of `count`, with Wilson's interval, which is honest near 0 and 1 and for few. @see Wilson 1927 */
export function share(hits: number, count: number): Estimate {
  if (count === 0) return { value: NaN, low: NaN, high: NaN };
  const p = hits / count;
  const z2 = Z * Z;
  const middle = (p + z2 / (2 * count)) / (1 + z2 / count);
  const half = (Z / (1 + z2 / count)) * Math.sqrt((p * (1 - p)) / count + z2 / (4 * count * count));
  return { value: p, low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}

/**
 * The difference of two shares of the same cases, with Agresti and Min's interval, which is honest even where no case tells the two apart.
 * @param onlyFirst - cases that only the first gets right
 * @see Agresti & Min 2005, doi:10.1002/sim.1781
 */
export function pairedDifference({
  onlyFirst,
  onlySecond,
  count,
}: {
  readonly onlyFirst: number;
  readonly onlySecond: number;
  readonly count: number;
}): Estimate {
  if (count === 0) return { value: NaN, low: NaN, high: NaN };
  const [b, c, n] = [onlyFirst + 0.5, onlySecond + 0.5, count + 2];
  const middle = (b - c) / n;
  const half = (Z * Math.sqrt(b + c - (b - c) ** 2 / n)) / n;
  return { value: (onlyFirst - onlySecond) / count, low: Math.max(-1, middle - half), high: Math.min(1, middle + half) };
}

/**
 * A mean, with the percentile bootstrap: no assumption about how the values are spread.
 * @param seed - the same one gives the same interval
 */
export function mean(values: readonly number[], seed = 0): Estimate {
  const n = values.length;
  if (n === 0) return { value: NaN, low: NaN, high: NaN };
  const random = Random.fromSeed(seed, STREAM);
  const means = Array.from({ length: RESAMPLES }, () => {
    let sum = 0;
    for (let i = 0; i < n; i += 1) sum += values[random.integer(n)] as number;
    return sum / n;
  }).sort((a, b) => a - b);
  const at = (quantile: number): number => means[Math.round(quantile * (RESAMPLES - 1))] as number;
  return { value: values.reduce((sum, value) => sum + value, 0) / n, low: at(0.025), high: at(0.975) };
}

/**
 * Any figure of independent cases, with the jackknife: what it would be without each of them says how far it can be trusted. Unlike the
 * bootstrap it never draws a case twice, which would make texts look less varied than they are.
 * @param without - the figure of all cases but one
 * @see Tukey 1958; the quantile of Student's t is Cornish and Fisher's expansion
 */
export function jackknife(value: number, count: number, without: (left: number) => number): Estimate {
  if (count < 2) return { value, low: NaN, high: NaN };
  const parts = Array.from({ length: count }, (_, left) => without(left));
  const average = parts.reduce((sum, part) => sum + part, 0) / count;
  const variance = ((count - 1) / count) * parts.reduce((sum, part) => sum + (part - average) ** 2, 0);
  const half = studentQuantile(count - 1) * Math.sqrt(variance);
  return { value, low: value - half, high: value + half };
}

/** Of 97.5 %. */
function studentQuantile(degrees: number): number {
  return Z + (Z ** 3 + Z) / (4 * degrees) + (5 * Z ** 5 + 16 * Z ** 3 + 3 * Z) / (96 * degrees ** 2);
}
