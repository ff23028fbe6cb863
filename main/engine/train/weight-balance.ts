/** @file Which weights make up for unequal numbers of desirable and undesirable examples. */

export interface LabelCounts {
  readonly desirable: number;
  readonly undesirable: number;
}

export interface WeightBalance {
  /** Lowest and highest good `desirable_weight`, if `undesirable_weight` stays as it is. */
  readonly desirableWeightRange: readonly [number, number];
  /** Lowest and highest good `undesirable_weight`, if `desirable_weight` stays as it is. */
  readonly undesirableWeightRange: readonly [number, number];
  /** The weights are in one of the two ranges, or the counts are equal. */
  readonly balanced: boolean;
}

/**
 * The paper wants λ_D n_D / (λ_U n_U) in [1, 4/3]; TRL rounds 4/3 to 1.33 and the bounds to two decimals. Counts of 0 count as 1.
 * @see arXiv:2402.01306 eq. 8 · trl/trainer/kto_trainer.py `_prepare_dataset`
 */
export function weightBalance(counts: LabelCounts, weights: { desirable: number; undesirable: number }): WeightBalance {
  const desirable = Math.max(counts.desirable, 1);
  const undesirable = Math.max(counts.undesirable, 1);
  const low = (undesirable * weights.undesirable) / desirable;
  const high = (desirable * weights.desirable) / undesirable;
  const desirableWeightRange = [twoDecimals(low), twoDecimals(low * 1.33)] as const;
  const undesirableWeightRange = [twoDecimals(high / 1.33), twoDecimals(high)] as const;
  const balanced =
    desirable === undesirable || within(weights.desirable, desirableWeightRange) || within(weights.undesirable, undesirableWeightRange);
  return { desirableWeightRange, undesirableWeightRange, balanced };
}

/** Python's round(value, 2): exact ties, which only odd eighths can be, go to the even digit; toFixed would always go up. */
function twoDecimals(value: number): number {
  if (Math.abs((value * 8) % 2) !== 1) return Number(value.toFixed(2));
  const lower = Math.floor(value * 100);
  return (lower % 2 === 0 ? lower : lower + 1) / 100;
}

function within(value: number, [low, high]: readonly [number, number]): boolean {
  return low <= value && value <= high;
}
