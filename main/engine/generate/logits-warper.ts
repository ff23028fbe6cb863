/**
 * @file From logits to the tokens that may come next and their weights, cut off as Transformers does it and in its order: temperature, top_k, top_p,
 * min_p.
 * @see transformers/generation/logits_process.py, generation/utils.py `_get_logits_processor` (5.18)
 */
import type { Sampling } from './sampling.ts';

/** The first `count` entries count; they are overwritten by the next call. Tokens ascend. */
export interface Candidates {
  readonly tokens: Int32Array;
  /** exp of the logit minus the greatest one, after temperature: the most likely token has 1. */
  readonly weights: Float64Array;
  readonly count: number;
  readonly totalWeight: number;
}

/** Weights are sorted roughly first, by their logarithm, in steps of a sixteenth; the last bucket takes all below e^−64. */
const BUCKETS_PER_UNIT = 16;
const BUCKETS = 64 * BUCKETS_PER_UNIT;

export class LogitsWarper {
  readonly #sampling: Sampling;
  readonly #tokens: Int32Array;
  readonly #weights: Float64Array;
  readonly #buckets: Uint16Array;

  /** Takes 14 bytes a token of the vocabulary; one serves any number of sequences in turn. */
  constructor(sampling: Sampling, vocabSize: number) {
    this.#sampling = sampling;
    this.#tokens = new Int32Array(vocabSize);
    this.#weights = new Float64Array(vocabSize);
    this.#buckets = new Uint16Array(vocabSize);
  }

  /** Linear in the vocabulary. @param logits finite; `[V]` */
  warp(logits: Float32Array): Candidates {
    const { temperature, topK, topP, minP } = this.#sampling;
    const [tokens, weights, buckets] = [this.#tokens, this.#weights, this.#buckets];
    const top = greatest(logits);
    const threshold = topK > 0 && topK < logits.length ? kthGreatest(logits, topK) : -Infinity; // equals of the k-th stay
    let count = 0;
    let totalWeight = 0;
    for (let token = 0; token < logits.length; token++) {
      const logit = logits[token] as number;
      if (logit < threshold) continue;
      const below = (top - logit) / temperature;
      const weight = Math.exp(-below);
      tokens[count] = token;
      buckets[count] = Math.min(BUCKETS - 1, below * BUCKETS_PER_UNIT);
      weights[count++] = weight;
      totalWeight += weight;
    }
    if (topP < 1) count = this.#cutTail(count, (1 - topP) * totalWeight);
    if (minP > 0) count = this.#keep(count, (i) => (weights[i] as number) >= minP);
    let kept = 0;
    for (let i = 0; i < count; i++) kept += weights[i] as number;
    return { tokens, weights, count, totalWeight: kept };
  }

  /**
   * Drops the least likely tokens while together they weigh no more than `allowed`; of equals the first go first. The most likely token stays.
   * @returns how many are left
   */
  #cutTail(count: number, allowed: number): number {
    const [weights, buckets] = [this.#weights, this.#buckets];
    const sums = new Float64Array(BUCKETS);
    for (let i = 0; i < count; i++) {
      const bucket = buckets[i] as number;
      sums[bucket] = (sums[bucket] as number) + (weights[i] as number);
    }
    // Whole buckets from the least likely on; only those in the one at the edge have to be sorted.
    let [edge, dropped] = [BUCKETS - 1, 0];
    while (edge > 0 && dropped + (sums[edge] as number) <= allowed) dropped += sums[edge--] as number;
    const sorted = weights
      .slice(0, count)
      .filter((_, i) => buckets[i] === edge)
      .sort();
    let first = 0; // of those that stay
    while (first < sorted.length && dropped + (sorted[first] as number) <= allowed) dropped += sorted[first++] as number;
    const isTopBucket = edge === 0;
    if (isTopBucket) first = Math.min(first, sorted.length - 1);
    const least = sorted[first] ?? Infinity;
    let equalsToDrop = first - Math.max(0, sorted.indexOf(least));
    return this.#keep(count, (i) => {
      if (buckets[i] !== edge) return (buckets[i] as number) < edge;
      const weight = weights[i] as number;
      return weight > least || (weight === least && equalsToDrop-- <= 0);
    });
  }

  #keep(count: number, isKept: (index: number) => boolean): number {
    let left = 0;
    for (let i = 0; i < count; i++) {
      if (!isKept(i)) continue;
      this.#tokens[left] = this.#tokens[i] as number;
      this.#weights[left++] = this.#weights[i] as number;
    }
    return left;
  }
}

function greatest(logits: Float32Array): number {
  let top = -Infinity;
  for (const logit of logits) if (logit > top) top = logit;
  return top;
}

/** By a heap of the k greatest so far, the least of them at its root: most values are compared with that one only. */
function kthGreatest(values: Float32Array, k: number): number {
  const heap = values.slice(0, k).sort(); // ascending, hence a heap
  for (let i = k; i < values.length; i++) {
    const value = values[i] as number;
    if (value <= (heap[0] as number)) continue;
    let at = 0;
    for (let child = 1; child < k; child = 2 * at + 1) {
      if (child + 1 < k && (heap[child + 1] as number) < (heap[child] as number)) child++;
      if ((heap[child] as number) >= value) break;
      heap[at] = heap[child] as number;
      at = child;
    }
    heap[at] = value;
  }
  return heap[0] as number;
}
