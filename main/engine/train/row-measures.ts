/** @file What a pass over a micro-batch measures for each of its rows; every logged metric is made from these. */

/** Arrays of one length, a value per row. Sums run over the positions that predict completion tokens. */
export interface RowMeasures {
  /** log π_θ(y|x), nats */
  readonly policyLogProbs: ArrayLike<number>;
  /** log π_ref(y|x), nats */
  readonly referenceLogProbs: ArrayLike<number>;
  /** Number of those positions. */
  readonly completionTokens: ArrayLike<number>;
  /** Σ over positions of the mean logit over the vocabulary. */
  readonly sumMeanLogits: ArrayLike<number>;
  /** Σ over positions of the policy's entropy, nats. */
  readonly sumEntropy: ArrayLike<number>;
}

/**
 * β·(log π_θ − log π_ref), rounded to float32 where PyTorch rounds: two rewards that tie there must tie here.
 */
export function rowReward(rows: RowMeasures, row: number, beta: number): number {
  const logRatio = Math.fround(at(rows.policyLogProbs, row) - at(rows.referenceLogProbs, row));
  return Math.fround(Math.fround(beta) * logRatio);
}

/** NaN for a row that is not there: a wrong length shows in the metric instead of hiding. */
export function at(values: ArrayLike<number>, row: number): number {
  return values[row] ?? Number.NaN;
}

/** Σ numerator / Σ denominator over rows, or null where the denominator is 0. */
export function tokenMean(rows: readonly number[], numerator: ArrayLike<number>, denominator: ArrayLike<number>): number | null {
  const tokens = rows.reduce((sum, row) => sum + at(denominator, row), 0);
  return tokens === 0 ? null : rows.reduce((sum, row) => sum + at(numerator, row), 0) / tokens;
}
