import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distinctN } from '#engine/data/quality/distinct-n.ts';
import { DistinctCounter } from '#engine/data/quality/distinct-n.ts';
import { LengthTally } from '#engine/data/quality/length-tally.ts';
import type { QualityReport } from '#engine/data/quality/quality-report.ts';
import { QualitySurvey } from '#engine/data/quality/quality-survey.ts';
import type { QualityOptions } from '#engine/data/quality/quality-survey.ts';
import { RepeatedPrompts } from '#engine/data/quality/repeated-prompts.ts';
import { ScriptTally } from '#engine/data/quality/script-tally.ts';
import type { Row } from '#engine/data/row.ts';
import { chatExample, example, pair, tokenExample } from '#test/support/dataset-rows.ts';

function survey(rows: readonly Row[], options: Partial<QualityOptions> = {}): QualityReport {
  const quality = new QualitySurvey({ maxLength: null, truncationMode: 'keep_start', ...options });
  for (const row of rows) quality.add(row);
  return quality.report();
}

/** One token a character, and the end-of-sequence token. */
function countTokens(row: Row) {
  if (row.form !== 'text') return null;
  const answers = row.kind === 'pair' ? [row.chosen, row.rejected] : [row.completion];
  return { prompt: row.prompt.length, answers: answers.map(({ length }) => length + 1) };
}

describe('QualitySurvey', () => {
  it('counts rows, labels and prompts', () => {
    const report = survey([
      example('a', 'x'),
      example('A.', 'y', false),
      example('b', 'z', false),
      pair('c', 'x', 'y'),
      tokenExample([1], [2]),
    ]);
    expect(report).toMatchObject({ rows: 5, examples: 4, pairs: 1, distinctPrompts: 4, tokens: null });
    expect(report.labels).toEqual({ desirable: 2, undesirable: 2, share: 0.5 });
    expect(report.repeatedPrompts).toEqual([{ text: 'A.', rows: 2 }]);
    expect(report.characters.answer).toMatchObject({ count: 5, max: 1 });
  });

  it('counts tokens with the tokenizer it is given, and tells what max_length cuts and drops', () => {
    const rows = [
      example('1234', '12345', true, 11),
      example('12345678', '1', true, 12),
      pair('12', '1', '123456789', 13),
      chatExample('a', 'b'),
    ];
    const { tokens } = survey(rows, { countTokens, maxLength: 8 });
    expect(tokens).toMatchObject({
      prompt: { count: 3, min: 2, max: 8 },
      sequence: { count: 4, min: 4, max: 12, mean: (10 + 10 + 4 + 12) / 4 },
      answerByLabel: { desirable: { count: 3 }, undesirable: { count: 1, max: 10 } },
      cut: {
        rows: 2,
        lostAnswerTokens: 2 + 4,
        first: [
          { index: 0, row: 11 },
          { index: 2, row: 13 },
        ],
      },
      dropped: { rows: 1, first: [{ index: 1, row: 12 }] },
      uncounted: { rows: 1, first: [{ index: 3, row: 1 }] },
    });
    expect(tokens?.longest.map(({ row, tokens: count }) => [row, count])).toEqual([
      [13, 12],
      [11, 10],
      [12, 10],
    ]);
  });

  it('keeps the ten longest rows', () => {
    const rows = Array.from({ length: 40 }, (_, i) => example('x'.repeat((i * 7) % 40), '', true, i));
    const { tokens } = survey(rows, { countTokens });
    expect(tokens?.longest.map(({ tokens: count }) => count)).toEqual([40, 39, 38, 37, 36, 35, 34, 33, 32, 31]);
  });

  it('tells variety by label, a pair counting for both', () => {
    const report = survey([pair('p', 'good good good', 'bad'), example('q', 'Good', true)]);
    expect(report.distinctN.desirable[0]).toEqual({ n: 1, total: 4, distinct: 1, ratio: 1 / 4 });
    expect(report.distinctN.undesirable[0]).toEqual({ n: 1, total: 1, distinct: 1, ratio: 1 });
    expect(report.distinctN.all[0]).toEqual({ n: 1, total: 5, distinct: 2, ratio: 2 / 5 });
  });

  it('has nothing to say of nothing', () => {
    const report = survey([], { countTokens });
    expect(report).toMatchObject({ rows: 0, labels: { share: null }, repeatedPrompts: [], scripts: { answers: [] } });
    expect(report.tokens?.sequence).toMatchObject({ count: 0, mean: 0, p50: 0, max: 0, bins: [] });
  });
});

describe('LengthTally', () => {
  it('gives the percentiles of a sorted list, and bins that hold everything', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.nat(100), fc.nat(100_000)), { minLength: 1 }), (lengths) => {
        const tally = new LengthTally();
        for (const length of lengths) tally.add(length);
        const summary = tally.summary();
        const sorted = lengths.toSorted((a, b) => a - b);
        const at = (percent: number) => sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)];
        const { min, p1, p5, p25, p50, p75, p95, p99, max, bins } = summary;
        expect([min, p1, p5, p25, p50, p75, p95, p99, max]).toEqual([0, 1, 5, 25, 50, 75, 95, 99, 100].map(at));
        expect(bins.length).toBeLessThanOrEqual(26);
        for (const { from, below, count } of bins) {
          expect(lengths.filter((length) => length >= from && (below === null || length < below)).length).toBe(count);
        }
        expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(lengths.length);
      }),
    );
  });
});

describe('distinctN', () => {
  it('divides distinct n-grams by all, within each text', () => {
    expect(distinctN(['the cat the cat', 'The dog'])).toEqual([
      { n: 1, total: 6, distinct: 3, ratio: 3 / 6 },
      { n: 2, total: 4, distinct: 3, ratio: 3 / 4 },
      { n: 3, total: 2, distinct: 2, ratio: 1 },
    ]);
    expect(distinctN(['a b'], [3])).toEqual([{ n: 3, total: 0, distinct: 0, ratio: 0 }]);
  });

  it('estimates closely what is too many to hold, also of two parts together', () => {
    const [even, odd] = [new DistinctCounter([1]), new DistinctCounter([1])];
    for (let i = 0; i < 600; i++) {
      const words = Array.from({ length: 1000 }, (_, k) => `w${i * 1000 + k}`).join(' ');
      (i % 2 === 0 ? even : odd).add(`${words} ${words}`);
    }
    const [both] = even.together(odd);
    expect(both?.total).toBe(1_200_000);
    // One per cent is three standard deviations or more.
    expect(Math.abs((both?.distinct ?? 0) / 600_000 - 1)).toBeLessThan(0.01);
  });
});

describe('ScriptTally', () => {
  it('counts letters by script, and texts by their main one', () => {
    const tally = new ScriptTally();
    for (const text of ['Hello, 123!', 'Привет Bob', 'こんにちは世界', '𐍈', '👍 …']) tally.add(text);
    const result = tally.result();
    expect(result.map(({ script, letters, texts }) => [script, letters, texts])).toEqual([
      ['Latin', 8, 1],
      ['Cyrillic', 6, 1],
      ['Hiragana', 5, 1],
      ['Han', 2, 0],
      ['Other', 1, 1],
    ]);
    expect(result[0]?.share).toBe(8 / 22);
  });
});

describe('RepeatedPrompts', () => {
  it('lists the ten most frequent, whatever the order', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(150), { maxLength: 2000, size: 'max' }), (keys) => {
        const prompts = new RepeatedPrompts();
        for (const key of keys) prompts.add(key, () => `prompt ${key}`);
        const counts = new Map<number, number>();
        for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
        const most = [...counts.values()].filter((count) => count > 1).toSorted((a, b) => b - a);
        const listed = prompts.result();
        expect(listed.map(({ rows }) => rows)).toEqual(most.slice(0, 10));
        for (const { text, rows } of listed) expect(counts.get(Number(text.slice(7)))).toBe(rows);
        expect(prompts.distinct).toBe(counts.size);
      }),
      { numRuns: 40 },
    );
  });

  it('cuts long texts', () => {
    const prompts = new RepeatedPrompts();
    for (let i = 0; i < 2; i++) prompts.add(1, () => 'x'.repeat(1000));
    expect(prompts.result()[0]?.text).toBe(`${'x'.repeat(200)}…`);
  });
});
