import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Row } from '#engine/data/row.ts';
import { normaliseText } from '#engine/data/similarity/normalise-text.ts';
import { EVALUATION, LEFT_OUT, mergeAssignments, sideOfPrompt, TRAIN } from '#engine/data/split/prompt-assignments.ts';
import type { PromptAssignments } from '#engine/data/split/prompt-assignments.ts';
import type { SplitOptions, SplitPlan } from '#engine/data/split/split-plan.ts';
import { SplitPlanner } from '#engine/data/split/split-planner.ts';
import { Random } from '#engine/train/random.ts';
import { chatExample, example, pair, tokenExample } from '#test/support/dataset-rows.ts';

function plan(rows: readonly Row[], options: Partial<SplitOptions> = {}): SplitPlan {
  const planner = new SplitPlanner({ seed: 1, evaluation: { ratio: 0.2 }, ...options });
  for (const row of rows) planner.add(row);
  return planner.result();
}

/** Per prompt as written, its side. */
function sidesByPrompt(rows: readonly Row[], { sides }: SplitPlan): Map<string, number> {
  return new Map(rows.map((row, index) => [promptOf(row), sides[index] ?? -1]));
}

const promptOf = (row: Row) => (row.form === 'text' ? row.prompt : '');
const moved = (before: Map<string, number>, after: Map<string, number>) =>
  [...before].filter(([prompt, side]) => after.get(prompt) !== side).length;

/** A share; `fc.double` would mostly draw tiny ones. */
const percent = (min: number, max: number) => fc.integer({ min, max }).map((value) => value / 100);

/** A sentence of words that no other seed has. */
const sentence = (seed: number, length = 24) => Array.from({ length }, (_, i) => `${(seed * 7919 + i * 31).toString(36)}q`).join(' ');

const labelled = (count: number, isDesirable: (i: number) => boolean) =>
  Array.from({ length: count }, (_, i) => example(sentence(i, 4), `answer ${i}`, isDesirable(i), i + 1));

describe('SplitPlanner', () => {
  it('takes a share of the prompts, or a number of them', () => {
    const rows = labelled(100, () => true);
    expect(plan(rows, { evaluation: { ratio: 0.13 } }).evaluation).toEqual({ rows: 13, prompts: 13, desirable: 13, undesirable: 0 });
    expect(plan(rows, { evaluation: { prompts: 7 } })).toMatchObject({ train: { prompts: 93 }, evaluation: { prompts: 7 } });
    expect(plan(rows, { evaluation: { prompts: 500 } })).toMatchObject({ train: { prompts: 1 }, evaluation: { prompts: 99 } });
    expect(plan(rows, { evaluation: { ratio: 0 } }).evaluation.rows).toBe(0);
    expect(plan([], { evaluation: { ratio: 0.5 } })).toMatchObject({ clusters: 0, train: { rows: 0 }, evaluation: { rows: 0 } });
  });

  it('refuses a size that is none', () => {
    expect(() => plan([], { evaluation: { ratio: 1 } })).toThrow(
      'The share of prompts for evaluation must be at least 0 and below 1; got 1.',
    );
    expect(() => plan([], { evaluation: { prompts: 1.5 } })).toThrow('must be a whole number of 0 or more; got 1.5.');
  });

  it('keeps all rows of a prompt together, whatever their form, case and marks', () => {
    const ask = (i: number): Row[] => [
      example(`Question ${i}`, 'a'),
      example(` question ${i}!`, 'b', false),
      chatExample(`question ${i}?`, 'c'),
      pair(`“Question ${i}”`, 'd', 'e'),
      tokenExample([i, i + 1], [1]),
      tokenExample([i, i + 1], [2]),
    ];
    const { sides, evaluation } = plan(Array.from({ length: 40 }, (_, i) => ask(i)).flat());
    for (let i = 0; i < 40; i++) {
      expect(new Set(sides.slice(i * 6, i * 6 + 4)).size).toBe(1);
      expect(sides[i * 6 + 4]).toBe(sides[i * 6 + 5]);
    }
    expect(evaluation.prompts).toBe(16);
  });

  it('keeps nearly identical prompts together, and tells which they are', () => {
    const rows = Array.from({ length: 60 }, (_, i) => [example(sentence(i), 'a'), example(`${sentence(i)} please`, 'b')]).flat();
    const report = plan(rows);
    for (let i = 0; i < rows.length; i += 2) expect(report.sides[i]).toBe(report.sides[i + 1]);
    expect(report).toMatchObject({ clusters: 60, largestCluster: 2, nearIdenticalPrompts: 120, evaluation: { prompts: 24 } });
    expect(report.nearPrompts.length).toBeGreaterThan(0);
    for (const { firstIndex, secondIndex, similarity } of report.nearPrompts) {
      expect([firstIndex % 2, secondIndex - firstIndex]).toEqual([0, 1]);
      expect(similarity).toBeCloseTo(23 / 24, 10);
    }
    expect(plan(rows, { keepNearTogether: false }).clusters).toBe(120);
  });

  it('does not take a cluster of more rows than evaluation should have, if there are others', () => {
    const rows = [...Array.from({ length: 50 }, (_, i) => example('the same', `${i}`)), ...labelled(49, () => true)];
    for (let seed = 0; seed < 20; seed++) expect(plan(rows, { seed }).evaluation).toMatchObject({ prompts: 10, rows: 10 });
    const two = [
      ...Array.from({ length: 5 }, (_, i) => example('one', `${i}`)),
      ...Array.from({ length: 9 }, (_, i) => example('two', `${i}`)),
    ];
    expect(plan(two, { evaluation: { ratio: 0.1 } }).evaluation).toMatchObject({ prompts: 1, rows: 5 });
  });

  it('gives both sides the same share of desirable examples, to within one prompt a stratum', () => {
    const scenario = fc.record({
      count: fc.integer({ min: 4, max: 300 }),
      good: percent(0, 100),
      ratio: percent(5, 50),
      seed: fc.nat(),
    });
    fc.assert(
      fc.property(scenario, ({ count, good, ratio, seed }) => {
        const { train, evaluation } = plan(
          labelled(count, (i) => i < good * count),
          { evaluation: { ratio }, seed },
        );
        const share = evaluation.prompts / count;
        expect(evaluation.prompts).toBe(Math.min(count - 1, Math.max(1, Math.round(ratio * count))));
        expect(Math.abs(evaluation.desirable - share * (train.desirable + evaluation.desirable))).toBeLessThan(1);
        expect(Math.abs(evaluation.undesirable - share * (train.undesirable + evaluation.undesirable))).toBeLessThan(1);
      }),
    );
  });

  it('depends on the seed and the prompts, not on the order of rows', () => {
    const rows = [...labelled(150, (i) => i % 3 === 0), ...labelled(40, () => false)];
    const sides = sidesByPrompt(rows, plan(rows));
    const shuffled = Random.fromSeed(9).shuffle([...rows]);
    expect(moved(sides, sidesByPrompt(shuffled, plan(shuffled)))).toBe(0);
    expect(moved(sides, sidesByPrompt(rows, plan(rows, { seed: 2 })))).toBeGreaterThan(0);
  });

  it('never puts equal or nearly equal prompts on both sides, nor loses a row', () => {
    const near = fc.tuple(fc.nat(30), fc.nat(3), fc.boolean());
    fc.assert(
      fc.property(fc.array(near, { minLength: 1, maxLength: 60 }), percent(1, 90), fc.nat(), (drawn, ratio, seed) => {
        // At most four kinds of one sentence: fewer than what counts as a template.
        const kinds = [
          (text: string) => text,
          (text: string) => `${text}.`,
          (text: string) => `${text} now`,
          (text: string) => text.toUpperCase(),
        ];
        const rows = drawn.map(([about, kind, label]) => example(kinds[kind]?.(sentence(about)) ?? '', 'x', label));
        const { sides, train, evaluation, leftOut } = plan(rows, { evaluation: { ratio }, seed });
        const sidesOf = new Map<string, Set<number>>();
        rows.forEach((row, index) => {
          const stem = normaliseText(promptOf(row)).replace(/ now$/, '');
          sidesOf.set(stem, (sidesOf.get(stem) ?? new Set()).add(sides[index] ?? -1));
        });
        expect([...sidesOf.values()].every((of) => of.size === 1)).toBe(true);
        expect(train.rows + evaluation.rows).toBe(rows.length);
        expect(leftOut.rows).toBe(0);
        expect(sidesOf.size === 1 || Math.min(train.rows, evaluation.rows) > 0).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

describe('SplitPlanner with rows added', () => {
  const first = labelled(200, (i) => i % 4 === 0);

  it('never moves a prompt whose side is passed in', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300 }), fc.nat(), (more, seed) => {
        const before = plan(first);
        const rows = Random.fromSeed(seed).shuffle([...first, ...labelled(200 + more, (i) => i % 2 === 0).slice(200)]);
        const after = plan(rows, { previous: before.assignments, seed, evaluation: { ratio: 0.3 } });
        expect(moved(sidesByPrompt(first, before), sidesByPrompt(rows, after))).toBe(0);
        // New prompts make up for the change, as far as there are enough.
        expect(after.evaluation.prompts).toBe(Math.min(40 + more, Math.round(0.3 * (200 + more))));
      }),
      { numRuns: 25 },
    );
  });

  it('moves few prompts where no sides are passed in', () => {
    const rows = [...first, ...labelled(210, () => true).slice(200)];
    // Ten more prompts: two more evaluated; and each can push one other over the edge.
    expect(moved(sidesByPrompt(first, plan(first)), sidesByPrompt(rows, plan(rows)))).toBeLessThanOrEqual(10);
  });

  it('puts a new prompt on the side of the settled ones that it resembles', () => {
    const rows = Array.from({ length: 40 }, (_, i) => example(sentence(i), 'a'));
    const before = plan(rows);
    const more = rows.map((row) => example(`${promptOf(row)} please`, 'b'));
    const after = plan([...rows, ...more], { previous: before.assignments });
    expect(after.sides.slice(40)).toEqual(before.sides);
  });

  it('leaves out a new prompt that resembles settled ones on both sides', () => {
    const words = sentence(1, 30).split(' ');
    const [one, bridge, two] = [words.slice(0, 24), words.slice(2, 26), words.slice(4, 28)].map((part) => part.join(' ')) as [
      string,
      string,
      string,
    ];
    const rows = [example(one, 'a'), example(two, 'a'), ...labelled(50, () => true)];
    const before = plan(rows, { evaluation: { prompts: 26 } });
    const seed = Array.from({ length: 50 }, (_, i) => i).find((candidate) => {
      const { sides } = plan(rows, { evaluation: { prompts: 26 }, seed: candidate });
      return sides[0] !== sides[1];
    });
    const split = plan(rows, { evaluation: { prompts: 26 }, seed: seed ?? -1 });
    const after = plan([...rows, example(bridge, 'b', false)], { previous: split.assignments });
    expect(after.sides.slice(0, 2).toSorted()).toEqual(Uint8Array.of(TRAIN, EVALUATION));
    expect(after.sides.at(-1)).toBe(LEFT_OUT);
    expect(after.leftOut).toEqual({ rows: 1, prompts: 1, desirable: 0, undesirable: 1 });
    expect(after.assignments.keys.length).toBe(before.assignments.keys.length);
  });

  it('remembers prompts whose rows were taken out', () => {
    const before = plan(first);
    const less = plan(first.slice(50), { previous: before.assignments });
    const again = plan(first, { previous: less.assignments, seed: 77 });
    expect(again.sides).toEqual(before.sides);
  });
});

describe('PromptAssignments', () => {
  const assignments = (entries: readonly (readonly [number, number])[]): PromptAssignments => ({
    keys: Float64Array.from(entries, ([key]) => key),
    sides: Uint8Array.from(entries, ([, side]) => side),
  });

  it('are looked up by key', () => {
    const some = assignments([
      [2, TRAIN],
      [5, EVALUATION],
      [9, TRAIN],
    ]);
    expect([1, 2, 5, 6, 9, 10].map((key) => sideOfPrompt(some, key))).toEqual([null, TRAIN, EVALUATION, null, TRAIN, null]);
    expect(sideOfPrompt(assignments([]), 1)).toBe(null);
  });

  it('are merged, the first going before, without those on no side', () => {
    const merged = mergeAssignments(
      assignments([
        [1, TRAIN],
        [3, EVALUATION],
      ]),
      assignments([
        [2, LEFT_OUT],
        [3, TRAIN],
        [4, EVALUATION],
      ]),
    );
    expect([[...merged.keys], [...merged.sides]]).toEqual([
      [1, 3, 4],
      [TRAIN, EVALUATION, EVALUATION],
    ]);
  });
});
