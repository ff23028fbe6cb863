import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holdOut } from '#engine/data/hold-out.ts';
import type { Row } from '#engine/data/row.ts';

const text = (prompt: string, row = 1): Row => ({ kind: 'example', form: 'text', row, prompt, completion: 'a', label: true });
const tokens = (...promptIds: number[]): Row => ({
  kind: 'example',
  form: 'tokens',
  row: 1,
  promptIds: Int32Array.from(promptIds),
  completionIds: Int32Array.of(1),
  label: true,
});
const chat = (content: string): Row => ({
  kind: 'pair',
  form: 'chat',
  row: 1,
  prompt: [{ role: 'user', content }],
  chosen: [],
  rejected: [],
  options: { tools: null, templateKwargs: {} },
});
const prompts = (rows: readonly Row[]) => rows.map((row) => (row.form === 'tokens' ? [...row.promptIds] : row.prompt));

describe('holdOut', () => {
  it('keeps all rows for training at a ratio of 0', () => {
    const rows = [text('a'), text('b')];
    expect(holdOut(rows, 0, 1)).toEqual({ train: rows, evaluation: [] });
  });

  it('rounds to whole prompts, and leaves at least one on each side', () => {
    const share = (count: number, ratio: number) => {
      const { train, evaluation } = holdOut(
        Array.from({ length: count }, (_, i) => text(`prompt ${i}`)),
        ratio,
        42,
      );
      return [train.length, evaluation.length];
    };
    expect([share(100, 0.1), share(3, 0.5), share(2, 0.5), share(2, 0.01), share(7, 0.2)]).toEqual([
      [90, 10],
      [1, 2],
      [1, 1],
      [1, 1],
      [6, 1],
    ]);
  });

  it('holds nothing out where there is one prompt only', () => {
    const rows = [text('a', 1), text('a', 2)];
    expect(holdOut(rows, 0.5, 1)).toEqual({ train: rows, evaluation: [] });
    expect(holdOut([], 0.5, 1)).toEqual({ train: [], evaluation: [] });
  });

  it('never splits a prompt, keeps every row once and in order, whatever the form', () => {
    const row = fc.oneof(
      fc.integer({ min: 0, max: 9 }).map((n) => text(`p${n}`)),
      fc.integer({ min: 0, max: 9 }).map((n) => tokens(n, 1)),
      fc.integer({ min: 0, max: 9 }).map((n) => chat(`p${n}`)),
    );
    fc.assert(
      fc.property(fc.array(row, { maxLength: 40 }), fc.double({ min: 0, max: 0.5, noNaN: true }), fc.nat(), (rows, ratio, seed) => {
        const { train, evaluation } = holdOut(rows, ratio, seed);
        const held = new Set(evaluation);
        expect(train).toEqual(rows.filter((candidate) => !held.has(candidate)));
        expect(evaluation).toEqual(rows.filter((candidate) => held.has(candidate)));
        const sides = [train, evaluation].map((side) => new Set(prompts(side).map((prompt) => JSON.stringify(prompt))));
        expect([...(sides[0] ?? [])].filter((prompt) => sides[1]?.has(prompt))).toEqual([]);
      }),
    );
  });

  it('depends on the prompts and the seed, not on the order of rows', () => {
    const rows = Array.from({ length: 60 }, (_, i) => text(`What is ${i}?`));
    const held = (from: readonly Row[], seed: number) => prompts(holdOut(from, 0.2, seed).evaluation).toSorted();
    expect(held(rows.toReversed(), 1)).toEqual(held(rows, 1));
    expect(held(rows, 2)).not.toEqual(held(rows, 1));
    // A prompt more moves at most that one and one other.
    const before = new Set(held(rows, 1));
    expect(held([...rows, text('One more?')], 1).filter((prompt) => !before.has(prompt)).length).toBeLessThanOrEqual(1);
  });

  it('takes a fair share of neighbours', () => {
    const rows = Array.from({ length: 1000 }, (_, i) => text(`prompt ${i}`));
    const { evaluation } = holdOut(rows, 0.5, 7);
    const firstHalf = evaluation.filter((row) => rows.indexOf(row) < 500).length;
    expect(firstHalf).toBeGreaterThan(200);
    expect(firstHalf).toBeLessThan(300);
  });
});
