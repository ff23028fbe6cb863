/** @file Exact percentiles and a histogram of lengths, from one count a length. */

export interface LengthBin {
  readonly from: number;
  /** The first length that is not in it; null in the last bin, which is open. */
  readonly below: number | null;
  readonly count: number;
}

/** Percentiles are lengths that occur: the smallest that at least so many per cent do not exceed. All 0 if there is nothing. */
export interface LengthSummary {
  readonly count: number;
  readonly mean: number;
  readonly min: number;
  readonly p1: number;
  readonly p5: number;
  readonly p25: number;
  readonly p50: number;
  readonly p75: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
  /** At most 25, of one round width; the last holds the tail beyond the 99th percentile. */
  readonly bins: readonly LengthBin[];
}

const BINS = 24;

/** Memory grows with the number of different lengths, not of rows. */
export class LengthTally {
  readonly #counts = new Map<number, number>();
  #count = 0;
  #sum = 0;

  /** @param length - a whole number of 0 or more */
  add(length: number): void {
    this.#counts.set(length, (this.#counts.get(length) ?? 0) + 1);
    this.#count++;
    this.#sum += length;
  }

  /** How often each length came, the shortest first. */
  counts(): (readonly [length: number, count: number])[] {
    return [...this.#counts].toSorted(([a], [b]) => a - b);
  }

  summary(): LengthSummary {
    const sorted = this.counts();
    const at = (percent: number) => percentile(sorted, Math.ceil((percent / 100) * this.#count));
    const p99 = at(99);
    return {
      count: this.#count,
      mean: this.#count === 0 ? 0 : this.#sum / this.#count,
      min: at(0),
      p1: at(1),
      p5: at(5),
      p25: at(25),
      p50: at(50),
      p75: at(75),
      p95: at(95),
      p99,
      max: at(100),
      bins: binsOf(sorted, p99),
    };
  }
}

type Counts = readonly (readonly [length: number, count: number])[];

function percentile(sorted: Counts, rank: number): number {
  let passed = 0;
  for (const [length, count] of sorted) {
    passed += count;
    if (passed >= rank) return length;
  }
  return 0;
}

/** One outlier would squash all other bins, so they end at the 99th percentile and the last is open. */
function binsOf(sorted: Counts, p99: number): LengthBin[] {
  if (sorted.length === 0) return [];
  const width = roundWidth((p99 + 1) / BINS);
  const regular = Math.ceil((p99 + 1) / width);
  const counts = new Array<number>(regular + 1).fill(0);
  for (const [length, count] of sorted) {
    const bin = Math.min(regular, Math.floor(length / width));
    counts[bin] = (counts[bin] ?? 0) + count;
  }
  const bins = counts.map((count, bin) => ({ from: bin * width, below: bin === regular ? null : (bin + 1) * width, count }));
  return counts[regular] === 0 ? bins.slice(0, -1) : bins;
}

/** The smallest of 1, 2, 5, 10, 20, 50, … that is not below. */
function roundWidth(least: number): number {
  for (let power = 1; ; power *= 10) for (const step of [1, 2, 5]) if (step * power >= least) return step * power;
}
