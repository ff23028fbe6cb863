import { describe, expect, it } from 'vitest';
import { assistant, LIKED, read, readFailure, readRow, user } from './read.ts';

const MAPPING = { shape: 'messages-example', messages: 'talk', label: LIKED };

describe('a conversation with a label is read', () => {
  it('from messages of ShareGPT', () => {
    const talk = [
      { from: 'system', value: 's' },
      { from: 'human', value: 'Hi' },
      { from: 'gpt', value: 'Yo', weight: 1 },
    ];
    expect(readRow(MAPPING, { talk, liked: false })).toEqual({
      kind: 'example',
      form: 'chat',
      row: 214,
      prompt: [{ role: 'system', content: 's' }, user('Hi')],
      completion: [{ ...assistant('Yo'), weight: 1 }],
      options: { tools: null, templateKwargs: {} },
      label: false,
    });
  });

  it('from JSON in a table', () => {
    expect(readRow(MAPPING, { talk: JSON.stringify([user('Hi'), assistant('Yo')]), liked: 'True' })).toMatchObject({
      completion: [assistant('Yo')],
    });
  });

  it('with a system from a column of its own, unless it has one', () => {
    const mapping = { ...MAPPING, system: 's' };
    const talk = [user('Hi'), assistant('Yo')];
    expect(readRow(mapping, { s: 'Be kind.', talk, liked: true })).toMatchObject({
      prompt: [{ role: 'system', content: 'Be kind.' }, user('Hi')],
    });
    const own = [{ role: 'system', content: 'Own.' }, ...talk];
    expect(readRow(mapping, { s: 'Be kind.', talk: own, liked: true })).toMatchObject({
      prompt: [{ role: 'system', content: 'Own.' }, user('Hi')],
    });
  });

  it('up to the last answer, if what follows is to be dropped', () => {
    const talk = [user('Hi'), assistant('Yo'), user('Thanks')];
    expect(readRow({ ...MAPPING, afterAnswer: 'drop' }, { talk, liked: true })).toMatchObject({
      prompt: [user('Hi')],
      completion: [assistant('Yo')],
    });
    expect(readFailure(MAPPING, { talk, liked: true }).message).toContain('does not end with an assistant message');
    expect(readFailure({ ...MAPPING, afterAnswer: 'drop' }, { talk: [user('Hi')], liked: true }).details['column']).toBe('talk');
  });

  it.each([
    ['talk', { liked: true }],
    ['talk', { talk: 'Hi. Yo.', liked: true }],
    ['talk', { talk: '[{"role": "user"', liked: true }],
    ['talk', { talk: [], liked: true }],
    ['talk', { talk: [assistant('Yo')], liked: true }],
    ['talk', { talk: [user('Hi'), assistant('')], liked: true }],
    ['talk[0]', { talk: ['Hi', assistant('Yo')], liked: true }],
    ['talk[1]', { talk: [user('Hi'), { role: 'assistant' }], liked: true }],
    ['talk[0]', { talk: [user('half \udc00'), assistant('Yo')], liked: true }],
    ['liked', { talk: [user('Hi'), assistant('Yo')], liked: 'maybe' }],
  ])('or refused because of its %s: %j', (column, value) => {
    expect(readFailure(MAPPING, value).details).toEqual({ file: 'log.csv', row: 214, column });
  });
});

describe('a conversation with rated messages is read', () => {
  const reading = { kind: 'values', desirable: ['1'], undesirable: ['-1'] };
  const RATED = { shape: 'rated-messages', messages: 'talk', label: { column: 'note.rating', reading, unrated: 'leave-out' } };
  const rated = (content: string, rating: number) => ({ ...assistant(content), note: { rating } });

  it('as one example for each rated message', () => {
    const talk = [user('1?'), rated('1!', 1), user('2?'), assistant('2!'), user('3?'), rated('3!', -1)];
    const { rows, leftOut } = read(RATED, { talk });
    expect(rows).toMatchObject([
      { label: true, prompt: [user('1?')], completion: [{ content: '1!' }] },
      { label: false, completion: [{ content: '3!' }] },
    ]);
    expect(rows.map((row) => (row.form === 'chat' ? row.prompt.length : 0))).toEqual([1, 5]);
    expect(leftOut).toEqual(['unrated']);
  });

  it.each([
    ['talk', {}],
    ['talk', { talk: 'Hi' }],
    ['talk', { talk: [user('Hi')] }],
    ['note.rating', { talk: [user('Hi'), rated('Yo', 5)] }],
    ['talk', { talk: [rated('Yo', 1)] }],
  ])('or refused because of its %s: %j', (column, value) => {
    expect(readFailure(RATED, value).details).toEqual({ file: 'log.csv', row: 214, column });
  });
});
