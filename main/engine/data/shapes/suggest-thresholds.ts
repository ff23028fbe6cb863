/** @file Suggests from which rating on an answer is desirable; the person decides. */
import type { LabelInterpretation } from './interpret-label.ts';

/** Scales that people know, by their ends. */
const SCALES: readonly { readonly min: number; readonly max: number; readonly from: number; readonly to: number }[] = [
  { min: 1, max: 5, from: 4, to: 2 },
  { min: 0, max: 5, from: 4, to: 2 },
  { min: 1, max: 10, from: 7, to: 4 },
  { min: 0, max: 10, from: 7, to: 4 },
  { min: 0, max: 100, from: 70, to: 40 },
];

/** Larger numbers are rather ids or times. */
const LARGEST_RATING = 1000;

/**
 * @param distinct - the different ratings, ascending; at least one
 * @param count - of all ratings seen
 * @returns null if they are rather something else
 */
export function suggestThresholds(distinct: readonly number[], count: number, column: string): LabelInterpretation | null {
  const [min, max] = [distinct[0] as number, distinct.at(-1) as number];
  const isWhole = distinct.every(Number.isInteger);
  if (Math.max(Math.abs(min), Math.abs(max)) > LARGEST_RATING) return null;
  if (isWhole && distinct.length === count && count > 20) return null;
  if (distinct.length < 3) {
    const warning = `\`${column}\` has only the value${distinct.length === 1 ? '' : 's'} ${distinct.join(' and ')}: is the higher one the better one?`;
    const undesirableTo = distinct.length === 1 ? max - 1 : min;
    return {
      reading: { kind: 'rating', desirableFrom: max, undesirableTo },
      certainty: distinct.length === 2 ? 0.5 : 0.3,
      warnings: [warning],
    };
  }
  const scale = isWhole ? SCALES.find((known) => min >= known.min && max <= known.max) : undefined;
  const round = (value: number) => Math.round(value * 100) / 100;
  const desirableFrom = scale?.from ?? round(min + (max - min) * 0.7);
  const undesirableTo = scale?.to ?? round(min + (max - min) * 0.3);
  if (undesirableTo >= desirableFrom) return null;
  const warning = `From ${desirableFrom} on \`${column}\` counts as desirable, up to ${undesirableTo} as undesirable, the rest is left out: set both as you see fit.`;
  return { reading: { kind: 'rating', desirableFrom, undesirableTo }, certainty: 0.75, warnings: [warning] };
}
