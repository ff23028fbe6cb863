import { describe, expect, it } from 'vitest';
import { assistant, LIKED, read, readFailure, readRow, user } from './read.ts';

describe('scored answers are read', () => {
  const PAIR = {
    shape: 'rated-answers',
    prompt: 'q',
    answers: 'all',
    answer: 'text',
    score: { from: 'answer', path: 'score' },
    give: { as: 'pair' },
  };
  const EXAMPLES = { ...PAIR, give: { as: 'examples', desirableFrom: 4, undesirableTo: 2 } };
  const all = (...scores: unknown[]) => scores.map((score, index) => ({ text: `answer ${index}`, score }));

  it('as a pair of the best and the worst one', () => {
    expect(readRow(PAIR, { q: 'Hi', all: all(3, '5', 1.5, 'N/A', 4) })).toMatchObject({
      prompt: 'Hi',
      chosen: 'answer 1',
      rejected: 'answer 2',
    });
    const lower = { ...PAIR, give: { as: 'pair', better: 'lower' } };
    expect(readRow(lower, { q: 'Hi', all: all(3, 5, 1) })).toMatchObject({ chosen: 'answer 2', rejected: 'answer 1' });
  });

  it('and left out if none is better, or too few have a score', () => {
    expect(read(PAIR, { q: 'Hi', all: all(3, 3) }).leftOut).toEqual(['tie']);
    expect(read({ ...PAIR, give: { as: 'pair', minGap: 2 } }, { q: 'Hi', all: all(3, 4) }).leftOut).toEqual(['tie']);
    expect(read(PAIR, { q: 'Hi', all: all(3, null) }).leftOut).toEqual(['too-few-answers']);
    expect(read(PAIR, { q: 'Hi', all: [] }).leftOut).toEqual(['too-few-answers']);
    expect(read(EXAMPLES, { q: 'Hi', all: [] }).leftOut).toEqual(['too-few-answers']);
  });

  it('as examples by their scores', () => {
    const { rows, leftOut } = read(EXAMPLES, { q: 'Hi', all: all(5, 3, 1, null) });
    expect(rows).toMatchObject([
      { prompt: 'Hi', completion: 'answer 0', label: true },
      { prompt: 'Hi', completion: 'answer 2', label: false },
    ]);
    expect(leftOut).toEqual(['between-thresholds', 'unrated']);
  });

  it('from lists side by side', () => {
    const mapping = { ...PAIR, answer: null, score: { from: 'column', column: 'scores' } };
    expect(readRow(mapping, { q: 'Hi', all: ['a', 'b'], scores: Float64Array.of(1, 2) })).toMatchObject({ chosen: 'b', rejected: 'a' });
    expect(readFailure(mapping, { q: 'Hi', all: ['a', 'b'], scores: [1] }).details['column']).toBe('scores');
  });

  it.each([
    ['all', { q: 'Hi' }],
    ['all', { q: 'Hi', all: 'a' }],
    ['all[1]', { q: 'Hi', all: [{ text: 'a', score: 1 }, 'b'] }],
    ['all[0].text', { q: 'Hi', all: [{ score: 2 }, { text: 'b', score: 1 }] }],
    [
      'all[1].text',
      {
        q: 'Hi',
        all: [
          { text: 'a', score: 2 },
          { text: ' ', score: 1 },
        ],
      },
    ],
    ['q', { q: 5, all: all(1, 2) }],
  ])('or refused because of its %s: %j', (column, value) => {
    expect(readFailure(PAIR, value).details).toEqual({ file: 'log.csv', row: 214, column });
  });
});

describe('token ids are read', () => {
  const EXAMPLE = { shape: 'token-example', prompt: 'p', completion: 'c', label: LIKED };
  const PAIR = { shape: 'token-pair', chosen: 'good', rejected: 'bad' };

  it('from lists, typed arrays and JSON in a table', () => {
    const expected = { form: 'tokens', promptIds: Int32Array.of(1, 2), completionIds: Int32Array.of(3), label: true };
    expect(readRow(EXAMPLE, { p: [1, 2], c: BigInt64Array.of(3n), liked: 1 })).toMatchObject(expected);
    expect(readRow(EXAMPLE, { p: '[1, 2]', c: '[3]', liked: 'true' })).toMatchObject(expected);
    expect(readRow(EXAMPLE, { p: '[]', c: '[3]', liked: 'true' })).toMatchObject({ promptIds: new Int32Array(0) });
  });

  it('as a pair, with the common beginning for a prompt', () => {
    expect(readRow(PAIR, { good: [1, 2], bad: [1, 3] })).toMatchObject({ promptIds: Int32Array.of(1), chosenIds: Int32Array.of(2) });
    expect(readRow({ ...PAIR, prompt: 'p' }, { p: [9], good: [1, 2], bad: [1, 3] })).toMatchObject({
      promptIds: Int32Array.of(9),
      chosenIds: Int32Array.of(1, 2),
    });
  });

  it.each([
    ['p', EXAMPLE, { c: [1], liked: true }],
    ['c', EXAMPLE, { p: [1], c: [], liked: true }],
    ['c', EXAMPLE, { p: [1], c: '1 2', liked: true }],
    ['c', EXAMPLE, { p: [1], c: [0.5], liked: true }],
    ['bad', PAIR, { good: [1], bad: ['2'] }],
  ])('or refused because of their %s: %j', (column, mapping, value) => {
    expect(readFailure(mapping, value).details).toEqual({ file: 'log.csv', row: 214, column });
  });
});

describe("rows with Prospect's own names are read", () => {
  it('as without a mapping, and all of one kind', () => {
    expect(readRow({ shape: 'standard' }, { messages: [user('Hi'), assistant('Yo')], label: true })).toMatchObject({
      form: 'chat',
      label: true,
    });
    expect(readFailure({ shape: 'standard' }, { question: 'x' }).message).toContain('(it has question)');
  });
});
