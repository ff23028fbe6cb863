import { describe, expect, it } from 'vitest';
import { DPO_LOSS_TYPES } from '#engine/train/dpo-losses.ts';
import type { DpoLossType } from '#engine/train/dpo-losses.ts';
import { dpoRowLosses, ktoRowLosses, pairsPerChosenToken } from '#engine/train/row-losses.ts';
import type { DpoRows, KtoRows } from '#engine/train/row-losses.ts';

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const STEP = 1e-5;

/** Slope at each element, by differences. */
function slopes(values: readonly number[], lossAt: (values: readonly number[]) => number): number[] {
  return values.map((value, i) => (lossAt(values.with(i, value + STEP)) - lossAt(values.with(i, value - STEP))) / (2 * STEP));
}

/** Constants of a graph are rounded to float32, so a loss agrees with its formula to 7 digits. */
const DIGITS = 6;

function largestDifference(got: ArrayLike<number>, expected: readonly number[]): number {
  return Math.max(...expected.map((value, i) => Math.abs(value - (got[i] ?? Number.NaN))));
}

describe('ktoRowLosses', () => {
  const rows = {
    policy: [-12, -7.5, -30, -4],
    reference: [-11, -9, -28, -4],
    partners: { policy: [-20, -21, -9, -14], reference: [-22, -20, -10, -15] },
    labels: [true, false, false, true],
  } satisfies KtoRows;
  const weights = { beta: 0.3, desirableWeight: 1.5, undesirableWeight: 0.7 };

  it('is the formula of the paper', () => {
    const z0 = (2 - 1 + 1 + 1) / 4;
    const losses = rows.labels.map((desirable, i) => {
      const margin = 0.3 * ((rows.policy[i] as number) - (rows.reference[i] as number) - z0);
      return desirable ? 1.5 * (1 - sigmoid(margin)) : 0.7 * (1 - sigmoid(-margin));
    });
    const { loss, klEstimate } = ktoRowLosses(rows, weights);
    expect(klEstimate).toBeCloseTo(z0, DIGITS);
    expect(loss).toBeCloseTo(losses.reduce((sum, value) => sum + value, 0) / 4, DIGITS);
  });

  it('has the derivatives that differences show, with z0 held still', () => {
    const { seeds } = ktoRowLosses(rows, weights);
    expect(
      largestDifference(
        seeds,
        slopes(rows.policy, (policy) => ktoRowLosses({ ...rows, policy }, weights).loss),
      ),
    ).toBeLessThan(1e-6);
  });

  it('is exactly one half for a model that is its own reference', () => {
    const same = { policy: [-3, -5], reference: [-3, -5], partners: { policy: [-1, -2], reference: [-1, -2] }, labels: [true, false] };
    expect(ktoRowLosses(same, { beta: 0.1, desirableWeight: 1, undesirableWeight: 1 })).toMatchObject({ loss: 0.5, klEstimate: 0 });
  });

  it('has no z0 without partners, and none below 0', () => {
    expect(ktoRowLosses({ ...rows, partners: null }, weights).klEstimate).toBe(0);
    const negative = { policy: [-30, -30, -30, -30], reference: [-20, -20, -20, -20] };
    expect(ktoRowLosses({ ...rows, partners: negative }, weights).klEstimate).toBe(0);
  });
});

describe('dpoRowLosses', () => {
  const rows = {
    chosen: [-12, -7.5, -30],
    rejected: [-14, -7, -33],
    referenceChosen: [-11, -9, -28],
    referenceRejected: [-15, -8.2, -30.5],
    chosenTokens: [4, 3, 9],
    rejectedTokens: [5, 3, 8],
  } satisfies DpoRows;
  const settings = { beta: 0.3, labelSmoothing: 0.1, discopopTau: 0.05 };
  const lossOf = (type: DpoLossType, more: Partial<DpoRows>) => dpoRowLosses({ ...rows, ...more }, type, settings).loss;

  it.each(DPO_LOSS_TYPES)('%s has the derivatives that differences show', (type) => {
    const { chosenSeeds, rejectedSeeds } = dpoRowLosses(rows, type, settings);
    expect(
      largestDifference(
        chosenSeeds,
        slopes(rows.chosen, (chosen) => lossOf(type, { chosen })),
      ),
    ).toBeLessThan(1e-6);
    expect(
      largestDifference(
        rejectedSeeds,
        slopes(rows.rejected, (rejected) => lossOf(type, { rejected })),
      ),
    ).toBeLessThan(1e-6);
  });

  it('is ln 2 for a model that is its own reference', () => {
    const same = { ...rows, referenceChosen: rows.chosen, referenceRejected: rows.rejected };
    expect(dpoRowLosses(same, 'sigmoid', settings).loss).toBe(Math.LN2);
  });

  it('ignores the rejected answer in sft, and averages over chosen tokens', () => {
    const { loss, rejectedSeeds } = dpoRowLosses(rows, 'sft', settings);
    expect(loss).toBeCloseTo((12 + 7.5 + 30) / 16, DIGITS);
    expect(rejectedSeeds).toEqual(new Float64Array(3));
  });

  it('compares sorted ratios in aot_unpaired, so that the order of pairs does not matter', () => {
    const turned = Object.fromEntries(Object.entries(rows).map(([name, values]) => [name, values.toReversed()])) as unknown as DpoRows;
    for (const type of ['aot', 'aot_unpaired'] as const) expect(lossOf(type, turned)).toBeCloseTo(lossOf(type, rows), DIGITS);
    const ratios = (a: readonly number[], b: readonly number[]) => a.map((value, i) => value - (b[i] as number)).toSorted((x, y) => x - y);
    const [c, r] = [ratios(rows.chosen, rows.referenceChosen), ratios(rows.rejected, rows.referenceRejected)];
    const expected = c.map((value, i) => {
      const x = 0.3 * (value - (r[i] as number));
      return -0.9 * Math.log(sigmoid(x)) - 0.1 * Math.log(sigmoid(-x));
    });
    expect(lossOf('aot_unpaired', {})).toBeCloseTo(expected.reduce((sum, value) => sum + value, 0) / 3, DIGITS);
  });

  it('counts an answer without tokens as one token', () => {
    expect(pairsPerChosenToken([4, 3, 9])).toEqual([3 / 16, 3 / 16, 3 / 16]);
    expect(pairsPerChosenToken([0])).toEqual([1]);
  });
});
