import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { balanceChoices, GOOD_RATIO } from '#engine/train/balance-choices.ts';
import { subsampleMajority } from '#engine/train/subsample-majority.ts';
import { weightBalance } from '#engine/train/weight-balance.ts';

describe('balanceChoices', () => {
  it('advises to raise the weight of the rarer label, to a round number', () => {
    const { choices, isBalanced, ratio } = balanceChoices({ desirable: 100, undesirable: 500 });
    expect([isBalanced, ratio]).toEqual([false, 0.2]);
    expect(
      choices.map(({ kind, desirableWeight, undesirableWeight, isAdvised }) => [kind, desirableWeight, undesirableWeight, isAdvised]),
    ).toEqual([
      ['raise-weight', 6, 1, true],
      ['lower-weight', 1, 0.2, false],
      ['subsample', 1, 1, false],
      ['leave', 1, 1, false],
    ]);
    expect(choices.map(({ sentence }) => sentence)).toEqual([
      'Every desirable example counts 6 times as much, and all rows are used; each of them also pulls 6 times as hard.',
      'Every undesirable example counts 0.2 times as much, and all rows are used; the steps become smaller as a whole.',
      '400 undesirable examples are left out at random, so training is shorter and sees less.',
      'The undesirable examples outweigh the desirable ones, so the model learns mostly from the undesirable ones.',
    ]);
  });

  it('advises to lower the other weight where one label is very rare', () => {
    const { choices } = balanceChoices({ desirable: 1000, undesirable: 10 });
    expect(choices.find(({ isAdvised }) => isAdvised)).toMatchObject({
      kind: 'lower-weight',
      desirableWeight: 0.01,
      undesirableWeight: 1,
    });
    expect(choices.find(({ kind }) => kind === 'subsample')).toMatchObject({ counts: { desirable: 13, undesirable: 10 }, ratio: 1.3 });
  });

  it('leaves balanced counts, and those without one label, as they are', () => {
    expect(balanceChoices({ desirable: 130, undesirable: 100 })).toMatchObject({
      isBalanced: true,
      choices: [{ kind: 'leave', isAdvised: true }],
    });
    expect(balanceChoices({ desirable: 0, undesirable: 3 })).toMatchObject({
      ratio: 0,
      isBalanced: false,
      choices: [{ sentence: 'All examples are undesirable, and no weight makes up for that; add some desirable ones.' }],
    });
    expect(balanceChoices({ desirable: 3, undesirable: 0 }).ratio).toBe(null);
    expect(balanceChoices({ desirable: 0, undesirable: 0 }).choices[0]?.sentence).toBe('There are no examples yet.');
  });

  it('puts the ratio into [1, 4/3] with one weight at 1, and contents TRL, whatever the counts', () => {
    const count = fc.oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 1_000_000 }));
    fc.assert(
      fc.property(count, count, (desirable, undesirable) => {
        const { choices, isBalanced } = balanceChoices({ desirable, undesirable });
        expect(choices.filter(({ isAdvised }) => isAdvised)).toHaveLength(1);
        for (const { kind, desirableWeight, undesirableWeight, counts, ratio } of choices) {
          if (kind === 'leave' && !isBalanced) continue;
          expect(desirableWeight === 1 || undesirableWeight === 1).toBe(true);
          expect(ratio).toBeCloseTo((desirableWeight * counts.desirable) / (undesirableWeight * counts.undesirable), 12);
          expect(ratio).toBeGreaterThanOrEqual(GOOD_RATIO[0] - 1e-9);
          expect(ratio).toBeLessThanOrEqual(GOOD_RATIO[1] + 1e-9);
          expect(weightBalance(counts, { desirable: desirableWeight, undesirable: undesirableWeight }).balanced).toBe(true);
        }
      }),
    );
  });
});

describe('subsampleMajority', () => {
  it('keeps as many of each label as asked for, in order, by the seed', () => {
    const labels = Array.from({ length: 100 }, (_, i) => i % 5 !== 0);
    const kept = subsampleMajority(labels, { desirable: 26, undesirable: 20 }, 4);
    expect(kept.filter((index) => labels[index])).toHaveLength(26);
    expect(kept).toHaveLength(46);
    expect(kept).toEqual(kept.toSorted((a, b) => a - b));
    expect(subsampleMajority(labels, { desirable: 26, undesirable: 20 }, 4)).toEqual(kept);
    expect(subsampleMajority(labels, { desirable: 26, undesirable: 20 }, 5)).not.toEqual(kept);
    expect(subsampleMajority(labels, { desirable: 500, undesirable: 500 }, 4)).toHaveLength(100);
  });
});
