import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_CHOICES } from '#engine/data/cleaning/cleaning-report.ts';
import type { CleaningChoices, CleaningReport } from '#engine/data/cleaning/cleaning-report.ts';
import { CleaningSurvey } from '#engine/data/cleaning/cleaning-survey.ts';
import { applyVerdicts } from '#engine/data/cleaning/verdicts.ts';
import type { ExampleRow, PairRow, Row } from '#engine/data/row.ts';
import { unpair } from '#engine/data/unpair.ts';
import { chatExample, example, pair, tokenExample } from '#test/support/dataset-rows.ts';

function clean(rows: readonly Row[], choices: Partial<CleaningChoices> = {}): CleaningReport {
  const survey = new CleaningSurvey();
  for (const row of rows) survey.add(row);
  return survey.report({ ...DEFAULT_CHOICES, ...choices });
}

const codes = ({ verdicts }: CleaningReport) => Array.from({ length: verdicts.length }, (_, index) => verdicts.codeOf(index));
const kept = <R extends Row>(rows: readonly R[], choices: Partial<CleaningChoices> = {}) => [
  ...applyVerdicts(rows, clean(rows, choices).verdicts),
];

describe('CleaningSurvey on examples', () => {
  it('merges equal and nearly equal examples of one label into the first, and counts them', () => {
    const rows = [example('Hi', 'Yes.'), example('Hi', 'Yes.'), example('other', 'Yes.'), example(' hi!', 'YES'), example('Hi', 'No')];
    const report = clean(rows);
    expect(codes(report)).toEqual(['keep', 'merged-exact', 'keep', 'merged-near', 'keep']);
    expect(report.verdicts.of(1)).toEqual({ verdict: 'merged', into: 0, match: 'exact' });
    expect(report.verdicts.of(3)).toEqual({ verdict: 'merged', into: 0, match: 'near' });
    expect(report).toMatchObject({ rows: 5, kept: 3, merged: { desirable: 2, undesirable: 0 }, mostRepeated: [{ index: 0, rows: 3 }] });
    expect([report.counts['merged-near'], report.samples['merged-near']]).toEqual([1, [3]]);
  });

  it('can leave near duplicates, or all duplicates, where they are', () => {
    const rows = [example('Hi', 'Yes.'), example('Hi', 'Yes.'), example('hi', 'yes')];
    expect(codes(clean(rows, { compare: 'exact' }))).toEqual(['keep', 'merged-exact', 'keep']);
    expect(codes(clean(rows, { duplicates: 'keep' }))).toEqual(['keep', 'keep', 'keep']);
  });

  const conflict = [
    example('a', 'x', true),
    example('b', 'x', false),
    example('A', 'x.', false),
    example('a', 'x', false),
    example('c', 'y', true),
  ];

  it('asks about an answer that is labelled both ways, and leaves it out until then', () => {
    const report = clean(conflict);
    expect(codes(report)).toEqual(['pending', 'keep', 'pending', 'pending', 'keep']);
    expect(report.conflictCount).toBe(1);
    expect(report.conflicts).toMatchObject([
      { first: { rows: 1, firstIndices: [0] }, second: { rows: 2, firstIndices: [2, 3] }, decision: null },
    ]);
    expect(report.kept).toBe(2);
  });

  it('follows the decision on a conflict, then the general choice', () => {
    const key = clean(conflict).conflicts[0]?.key ?? 0;
    expect(codes(clean(conflict, { decisions: new Map([[key, 'first']]) })).slice(0, 4)).toEqual(['keep', 'keep', 'conflict', 'conflict']);
    expect(codes(clean(conflict, { conflicts: 'majority' })).slice(0, 4)).toEqual(['conflict', 'keep', 'keep', 'merged-near']);
    expect(codes(clean(conflict, { conflicts: 'neither' })).slice(0, 4)).toEqual(['conflict', 'keep', 'conflict', 'conflict']);
    const tie = [example('a', 'x', true), example('a', 'x', false)];
    expect(codes(clean(tie, { conflicts: 'majority' }))).toEqual(['conflict', 'conflict']);
    expect(clean(conflict, { conflicts: 'majority' }).conflicts).toMatchObject([{ key, decision: 'second' }]);
  });

  it('names as many conflicts as are asked for, pending ones first', () => {
    const survey = new CleaningSurvey();
    for (let i = 0; i < 30; i++) for (const label of [true, false]) survey.add(example(`p${i}`, 'x', label));
    const all = survey.report(DEFAULT_CHOICES, 100);
    expect([all.conflictCount, all.conflicts.length]).toEqual([30, 30]);
    const decided = new Map([[all.conflicts[0]?.key ?? 0, 'neither' as const]]);
    const some = survey.report({ ...DEFAULT_CHOICES, decisions: decided }, 5);
    expect(some.conflicts.map(({ first }) => first.firstIndices)).toEqual([[2], [4], [6], [8], [10]]);
  });

  it('leaves out answers without anything to see, if wanted', () => {
    const rows = [example('a', ' \n'), example('b', '\u200b'), example('c', 'x'), tokenExample([1], []), chatExample('d', '')];
    expect(codes(clean(rows))).toEqual(['empty-answer', 'empty-answer', 'keep', 'empty-answer', 'empty-answer']);
    expect(codes(clean(rows, { emptyAnswers: 'keep' }))).toEqual(['keep', 'keep', 'keep', 'keep', 'keep']);
  });

  it('tells roles, tools, forms and token ids apart', () => {
    const rows = [
      chatExample('a', 'b'),
      chatExample('a', 'b', { role: 'system' }),
      chatExample('a', 'b', { tools: [{ name: 'f' }] }),
      example('a', 'b'),
      tokenExample([1, 2], [3]),
      tokenExample([1], [2, 3]),
      chatExample('A!', 'b'),
    ];
    expect(codes(clean(rows))).toEqual(['keep', 'keep', 'keep', 'keep', 'keep', 'keep', 'merged-near']);
  });

  it('keeps a call of a tool apart from an empty answer', () => {
    const call: ExampleRow = {
      ...(chatExample('a', '') as ExampleRow & { form: 'chat' }),
      completion: [{ role: 'assistant', tool_calls: [{ name: 'f' }] }],
    };
    expect(codes(clean([call]))).toEqual(['keep']);
  });

  it('merges, visibly, a chosen answer that two pairs share, and finds one that won and lost', () => {
    const examples = unpair([pair('p', 'best', 'middle', 1), pair('p', 'best', 'worst', 2), pair('p', 'middle', 'worst', 3)]);
    const report = clean(examples);
    expect(codes(report)).toEqual(['keep', 'merged-exact', 'pending', 'pending', 'keep', 'merged-exact']);
    expect(report.merged).toEqual({ desirable: 1, undesirable: 1 });
    expect(report.conflicts).toMatchObject([{ first: { firstIndices: [2] }, second: { firstIndices: [3] } }]);
  });
});

describe('CleaningSurvey on pairs', () => {
  it('leaves out pairs whose answers are the same, also after normalisation', () => {
    const rows = [pair('p', 'a', 'a'), pair('p', 'a b', 'A  b!'), pair('p', 'a', ''), pair('p', 'a', 'b')];
    expect(codes(clean(rows))).toEqual(['same-answers', 'nearly-same-answers', 'empty-answer', 'keep']);
    expect(codes(clean(rows, { compare: 'exact' }))).toEqual(['same-answers', 'keep', 'empty-answer', 'keep']);
  });

  it('finds one prompt with its answers preferred both ways', () => {
    const rows: PairRow[] = [pair('p', 'a', 'b'), pair('P', 'b', 'a.'), pair('p', 'a', 'b'), pair('q', 'b', 'a')];
    expect(codes(clean(rows))).toEqual(['pending', 'pending', 'pending', 'keep']);
    expect(codes(clean(rows, { conflicts: 'majority' }))).toEqual(['keep', 'conflict', 'merged-exact', 'keep']);
    expect(clean(rows).merged).toEqual({ desirable: 0, undesirable: 0 });
  });
});

describe('cleaning any rows', () => {
  const word = fc.constantFrom('a', 'A', 'a.', 'b', ' ', 'c');
  const examples = fc.array(
    fc.tuple(word, word, fc.boolean()).map(([prompt, completion, label]) => example(prompt, completion, label)),
    { maxLength: 40 },
  );
  const pairs = fc.array(
    fc.tuple(word, word, word).map(([prompt, chosen, rejected]) => pair(prompt, chosen, rejected)),
    { maxLength: 40 },
  );
  const rows = fc.oneof(examples, pairs) as fc.Arbitrary<Row[]>;
  const choices = fc.record({
    duplicates: fc.constantFrom('merge', 'keep'),
    compare: fc.constantFrom('near', 'exact'),
    conflicts: fc.constantFrom('neither', 'majority', 'ask'),
    emptyAnswers: fc.constantFrom('leave-out', 'keep'),
  }) as fc.Arbitrary<CleaningChoices>;

  it('changes nothing when it is done again', () => {
    fc.assert(
      fc.property(rows, choices, (given, chosen) => {
        const once = kept(given, chosen);
        expect(kept(once, chosen)).toEqual(once);
      }),
    );
  });

  it('accounts for every row, and merges only into rows that are kept', () => {
    fc.assert(
      fc.property(rows, choices, (given, chosen) => {
        const report = clean(given, chosen);
        expect(Object.values(report.counts).reduce((sum, count) => sum + count, 0)).toBe(given.length);
        for (let index = 0; index < given.length; index++) {
          const into = report.verdicts.keptIndex(index);
          expect(into <= index && (into === index || report.verdicts.isKept(into))).toBe(true);
        }
      }),
    );
  });

  it('finds the same conflicts, and keeps as many rows, in any order', () => {
    fc.assert(
      fc.property(rows, choices, fc.infiniteStream(fc.nat()), (given, chosen, numbers) => {
        const shuffled = given
          .map((row) => ({ row, at: numbers.next().value ?? 0 }))
          .toSorted((a, b) => a.at - b.at)
          .map(({ row }) => row);
        const [one, two] = [clean(given, chosen), clean(shuffled, chosen)];
        const conflictsOf = ({ conflicts }: CleaningReport) =>
          conflicts.map(({ key, first, second, decision }) => [key, first.rows, second.rows, decision]).toSorted();
        expect(conflictsOf(two)).toEqual(conflictsOf(one));
        expect(two.kept).toBe(one.kept);
        expect(two.counts.pending + two.counts.conflict).toBe(one.counts.pending + one.counts.conflict);
      }),
    );
  });
});

describe('applyVerdicts', () => {
  it('refuses rows that the verdicts were not made for', () => {
    const { verdicts } = clean([example('a', 'b')]);
    expect(() => [...applyVerdicts([], verdicts)]).toThrow('1 verdicts came with 0 rows.');
    expect(() => [...applyVerdicts([1, 2], verdicts)]).toThrow('1 verdicts came with 2 rows.');
    expect(() => verdicts.of(1)).toThrow('There is no verdict on row index 1 of 1.');
  });
});
