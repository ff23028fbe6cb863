import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PairRow } from '#engine/data/row.ts';
import { unpair, unpairEach } from '#engine/data/unpair.ts';

const pair = (row: number): PairRow => ({ kind: 'pair', form: 'text', row, prompt: `p${row}`, chosen: `c${row}`, rejected: `r${row}` });

describe('unpair', () => {
  it('gives all chosen completions, then all rejected ones', () => {
    expect(unpair([pair(1), pair(2)])).toEqual([
      { kind: 'example', form: 'text', row: 1, prompt: 'p1', completion: 'c1', label: true },
      { kind: 'example', form: 'text', row: 2, prompt: 'p2', completion: 'c2', label: true },
      { kind: 'example', form: 'text', row: 1, prompt: 'p1', completion: 'r1', label: false },
      { kind: 'example', form: 'text', row: 2, prompt: 'p2', completion: 'r2', label: false },
    ]);
  });

  it('does so for every thousand pairs, as TRL does', () => {
    const labels = unpair(Array.from({ length: 1003 }, (_, index) => pair(index + 1))).map((example) => example.label);
    expect(labels).toEqual([...Array(1000).fill(true), ...Array(1000).fill(false), true, true, true, false, false, false]);
  });

  it('keeps chat options and token ids', () => {
    const options = { tools: [{ name: 'f' }], templateKwargs: { x: 1 } };
    const chat: PairRow = {
      kind: 'pair',
      form: 'chat',
      row: 1,
      prompt: [],
      chosen: [{ role: 'assistant', content: 'a' }],
      rejected: [],
      options,
    };
    expect(unpair([chat])[0]).toMatchObject({ form: 'chat', options, completion: chat.chosen });
    const ids = { promptIds: Int32Array.of(1), chosenIds: Int32Array.of(2), rejectedIds: Int32Array.of(3) };
    expect(unpair([{ kind: 'pair', form: 'tokens', row: 1, ...ids }])[1]).toMatchObject({ completionIds: Int32Array.of(3), label: false });
  });

  it('gives nothing for nothing', () => {
    expect(unpair([])).toEqual([]);
  });
});

describe('unpairEach', () => {
  it('gives the same examples, from which the pairs can be put together again', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string(), fc.string(), fc.string())), fc.integer({ min: 1, max: 12 }), (texts, batchRows) => {
        const pairs = texts.map(([prompt, chosen, rejected], i): PairRow => ({ ...pair(i + 1), form: 'text', prompt, chosen, rejected }));
        const unpaired = [...unpairEach(pairs, batchRows)];
        expect(unpaired.map(({ example }) => example)).toEqual(unpair(pairs, batchRows));
        const again: Partial<PairRow>[] = pairs.map(() => ({}));
        for (const { example, pair: index, side } of unpaired) {
          if (example.form !== 'text') continue;
          expect(example.label).toBe(side === 'chosen');
          const { row, form, prompt, completion } = example;
          again[index] = { ...again[index], kind: 'pair', form, row, prompt, [side]: completion } as Partial<PairRow>;
        }
        expect(again).toEqual(pairs);
      }),
    );
  });

  it('holds one batch of pairs at a time', () => {
    let read = 0;
    function* pairs(): Generator<PairRow> {
      while (read < 10) yield pair(++read);
    }
    const examples = unpairEach(pairs(), 3);
    expect([examples.next().value, read]).toMatchObject([{ pair: 0, side: 'chosen', example: { row: 1 } }, 3]);
  });
});
