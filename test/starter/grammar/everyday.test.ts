/** @file Everyday questions and answers. */
import { describe, expect, it } from 'vitest';
import { numberInWords } from '#starter/grammar/everyday/arithmetic.ts';
import { everydayExchange } from '#starter/grammar/everyday/everyday.ts';
import { countWords } from '#starter/grammar/english.ts';
import { randomSource } from '#starter/grammar/random-source.ts';

const exchanges = Array.from({ length: 6000 }, (_, i) => everydayExchange(randomSource(41, i)));
const NUMBERS = new Map(Array.from({ length: 101 }, (_, value) => [numberInWords(value), value]));

describe('numberInWords', () => {
  it('names the numbers to one hundred', () => {
    expect([0, 7, 13, 20, 41, 90, 100].map(numberInWords)).toEqual([
      'zero',
      'seven',
      'thirteen',
      'twenty',
      'forty-one',
      'ninety',
      'one hundred',
    ]);
    expect(NUMBERS.size).toBe(101);
  });
});

describe('everydayExchange', () => {
  it('writes correct English in a few sentences', () => {
    for (const { question, answer } of exchanges) {
      expect(question).toMatch(/^[A-Z]/u);
      expect(answer).toMatch(/^[A-Z].*[.!?]$/u);
      expect(`${question}\n${answer}`).not.toMatch(/[.?!] [a-z]|\ba [aeio]|\ban [^aeiouh]|\b(\w+) \1\b| {2}| [.,]|[{}[\]|]|\bi\b|\.\./u);
      expect(countWords(answer)).toBeLessThanOrEqual(40);
    }
  });

  it('does its sums right', () => {
    const sums = exchanges.flatMap(({ question, answer }) => {
      const task = /([a-z-]+) (plus|minus|times) ([a-z-]+)/u.exec(question.toLowerCase());
      const result = /\bis ([a-z -]+)\.$/u.exec(answer)?.[1];
      return task === null || result === undefined ? [] : [{ a: task[1], sign: task[2], b: task[3], result }];
    });
    expect(sums.length).toBeGreaterThan(400);
    for (const { a, sign, b, result } of sums) {
      const [x, y] = [NUMBERS.get(a ?? '') ?? NaN, NUMBERS.get(b ?? '') ?? NaN];
      expect(NUMBERS.get(result)).toBe(sign === 'plus' ? x + y : sign === 'minus' ? x - y : x * y);
    }
  });

  it('asks many different things', () => {
    expect(new Set(exchanges.map(({ question }) => question)).size).toBeGreaterThan(1500);
  });
});
