/** @file The weights that the balance helper gives for a set of examples. */
import { weightBalance } from '#engine/train/weight-balance.ts';

/** The rarer label's weight, in the middle of the range that is good for it. */
export function suggestWeights(rows: readonly { readonly label: boolean }[]): Record<string, number> {
  const desirable = rows.filter(({ label }) => label).length;
  const { desirableWeightRange: more, undesirableWeightRange: less } = weightBalance(
    { desirable, undesirable: rows.length - desirable },
    { desirable: 1, undesirable: 1 },
  );
  const middle = ([low, high]: readonly [number, number]) => Number(((low + high) / 2).toFixed(2));
  return 2 * desirable < rows.length ? { desirable_weight: middle(more) } : { undesirable_weight: middle(less) };
}
