import { describe, expect, it } from 'vitest';
import { assistant, LIKED, read, readFailure, readRow, user } from './read.ts';

const EXAMPLE = { shape: 'example', prompt: 'q', completion: 'a', label: LIKED };
const PAIR = { shape: 'pair', prompt: 'q', chosen: 'good', rejected: 'bad' };
const NO_OPTIONS = { tools: null, templateKwargs: {} };

describe('an example is read', () => {
  it('from texts', () => {
    expect(readRow(EXAMPLE, { q: 'Hi', a: 'Yo', liked: true })).toEqual({
      kind: 'example',
      form: 'text',
      row: 214,
      prompt: 'Hi',
      completion: 'Yo',
      label: true,
    });
  });

  it('from nested columns', () => {
    const mapping = { ...EXAMPLE, prompt: 'io[0].text', completion: 'io[-1].text', label: { ...LIKED, column: 'meta.liked' } };
    const value = { io: [{ text: 'Hi' }, { text: 'Hm' }, { text: 'Yo' }], meta: { liked: false } };
    expect(readRow(mapping, value)).toMatchObject({ prompt: 'Hi', completion: 'Yo', label: false });
  });

  it('from messages, whoever wrote them', () => {
    const value = { q: [{ from: 'human', value: 'Hi' }], a: { role: 'AI', content: 'Yo' }, liked: true };
    expect(readRow(EXAMPLE, value)).toMatchObject({
      form: 'chat',
      prompt: [user('Hi')],
      completion: [assistant('Yo')],
      options: NO_OPTIONS,
    });
  });

  it('with further input below the prompt', () => {
    const mapping = { ...EXAMPLE, input: 'more' };
    expect(readRow(mapping, { q: 'Sum up', more: 'a text', a: 'Yo', liked: true })).toMatchObject({ prompt: 'Sum up\na text' });
    expect(readRow(mapping, { q: 'Sum up', more: '', a: 'Yo', liked: true })).toMatchObject({ prompt: 'Sum up' });
    expect(readRow(mapping, { q: '', more: 'a text', a: 'Yo', liked: true })).toMatchObject({ prompt: 'a text' });
    expect(readFailure(mapping, { q: 'Sum up', more: 3, a: 'Yo', liked: true }).details['column']).toBe('more');
    expect(readFailure(mapping, { q: [user('x')], more: 'y', a: [assistant('z')], liked: true }).details['column']).toBe('more');
  });

  it('as chat messages, with a system and earlier turns', () => {
    const mapping = { ...EXAMPLE, texts: 'chat', system: 's', history: 'h', tools: 't', templateKwargs: 'k' };
    const value = { s: 'Be kind.', h: [['1?', '1!']], q: '2?', a: '2!', liked: true, t: [{ name: 'f' }], k: { think: false } };
    expect(readRow(mapping, value)).toEqual({
      kind: 'example',
      form: 'chat',
      row: 214,
      prompt: [{ role: 'system', content: 'Be kind.' }, user('1?'), assistant('1!'), user('2?')],
      completion: [assistant('2!')],
      options: { tools: [{ name: 'f' }], templateKwargs: { think: false } },
      label: true,
    });
    expect(readRow(mapping, { ...value, s: '', h: null })).toMatchObject({ prompt: [user('2?')] });
    expect(readRow(mapping, { ...value, q: [{ role: 'system', content: 'Own.' }, user('2?')], h: [] })).toMatchObject({
      prompt: [{ role: 'system', content: 'Own.' }, user('2?')],
    });
    expect(readFailure(mapping, { ...value, s: 4 }).details['column']).toBe('s');
    expect(readFailure(mapping, { ...value, h: 'before' }).details['column']).toBe('h');
    expect(readFailure(mapping, { ...value, h: [['1?', 2]] }).details['column']).toBe('q[2]');
  });

  it('from messages that a table holds as JSON', () => {
    const mapping = { ...EXAMPLE, texts: 'json' };
    const value = { q: JSON.stringify([user('Hi')]), a: JSON.stringify(assistant('Yo')), liked: 'true' };
    expect(readRow(mapping, value)).toMatchObject({ form: 'chat', prompt: [user('Hi')], completion: [assistant('Yo')] });
    expect(readRow(mapping, { q: '[sic] Hi', a: '{sigh}', liked: 'true' })).toMatchObject({ form: 'text', prompt: '[sic] Hi' });
    expect(readFailure(mapping, { ...value, q: '[{"role": "user"' }).message).toContain('begins like JSON and is none');
  });

  it('without a prompt column', () => {
    expect(readRow({ ...EXAMPLE, prompt: null }, { a: 'Yo', liked: true })).toMatchObject({ prompt: '' });
  });

  it.each([
    ['q', { a: 'Yo', liked: true }],
    ['q', { q: null, a: 'Yo', liked: true }],
    ['q', { q: 3, a: 'Yo', liked: true }],
    ['q', { q: 'half \ud83d', a: 'Yo', liked: true }],
    ['a', { q: 'Hi', liked: true }],
    ['a', { q: 'Hi', a: ' \n', liked: true }],
    ['a', { q: 'Hi', a: { text: 'Yo' }, liked: true }],
    ['a', { q: 'Hi', a: [assistant('Yo')], liked: true }],
    ['a', { q: [user('Hi')], a: [assistant(' ')], liked: true }],
    ['q[0]', { q: [{ from: 'human' }], a: [assistant('Yo')], liked: true }],
    ['liked', { q: 'Hi', a: 'Yo' }],
    ['images', { q: 'Hi', a: 'Yo', liked: true, images: ['x.png'] }],
    ['', 'Hi'],
    ['', null],
    ['', ['Hi', 'Yo', true]],
  ])('or refused because of its %s: %j', (column, value) => {
    const error = readFailure(EXAMPLE, value);
    expect(error.details).toEqual({ file: 'log.csv', row: 214, column });
    expect(error.message).not.toMatch(/undefined|\[object|TypeError/u);
  });

  it('but not from what every object inherits', () => {
    const mapping = { ...EXAMPLE, prompt: 'constructor' };
    expect(readFailure(mapping, { a: 'Yo', liked: true }).message).toContain('has no `constructor`');
  });
});

describe('a pair is read', () => {
  it('with a prompt, or with the common beginning for one', () => {
    expect(readRow(PAIR, { q: 'Hi', good: 'a', bad: 'b' })).toEqual({
      kind: 'pair',
      form: 'text',
      row: 214,
      prompt: 'Hi',
      chosen: 'a',
      rejected: 'b',
    });
    const value = { good: 'The sky is blue.', bad: 'The sky is green.' };
    expect(readRow({ ...PAIR, prompt: null }, value)).toMatchObject({ prompt: 'The sky is', chosen: ' blue.', rejected: ' green.' });
  });

  it('from a conversation and two messages (ShareGPT)', () => {
    const value = { q: [{ from: 'human', value: 'Hi' }], good: { from: 'gpt', value: 'a' }, bad: { from: 'gpt', value: 'b' } };
    expect(readRow(PAIR, value)).toMatchObject({
      form: 'chat',
      prompt: [user('Hi')],
      chosen: [assistant('a')],
      rejected: [assistant('b')],
    });
  });

  it('from two conversations beside the text of their prompt (UltraFeedback), also if texts become chats', () => {
    const value = { q: 'Hi', good: [user('Hi'), assistant('a')], bad: [user('Hi'), assistant('b')] };
    const expected = { form: 'chat', prompt: [user('Hi')], chosen: [assistant('a')], rejected: [assistant('b')] };
    for (const texts of ['plain', 'chat', 'json']) expect(readRow({ ...PAIR, texts }, value)).toMatchObject(expected);
    const context = { ...PAIR, texts: 'chat', system: 's' };
    expect(readFailure(context, { ...value, s: 'Be kind.' }).message).toContain('beside whole conversations');
    expect(readRow(context, { ...value, s: '' })).toMatchObject(expected);
  });

  it('as chat messages', () => {
    const mapping = { ...PAIR, texts: 'chat', system: 's' };
    expect(readRow(mapping, { s: 'Be kind.', q: 'Hi', good: 'a', bad: 'b' })).toMatchObject({
      prompt: [{ role: 'system', content: 'Be kind.' }, user('Hi')],
      chosen: [assistant('a')],
      rejected: [assistant('b')],
    });
    expect(readRow(mapping, { q: 'Hi', good: [assistant('a')], bad: [assistant('b')] })).toMatchObject({ prompt: [user('Hi')] });
  });

  it('with a call of a tool that ShareGPT writes as JSON', () => {
    const value = {
      q: [
        { from: 'human', value: 'Weather?' },
        { from: 'function_call', value: '{"name": "w", "arguments": {"at": "x"}}' },
        { from: 'observation', value: '12' },
      ],
      good: { from: 'gpt', value: 'a' },
      bad: { from: 'function_call', value: 'no call' },
    };
    expect(readRow(PAIR, value)).toMatchObject({
      prompt: [
        user('Weather?'),
        { role: 'assistant', content: null, tool_calls: [{ type: 'function', function: { name: 'w', arguments: { at: 'x' } } }] },
        { role: 'tool', content: '12' },
      ],
      rejected: [assistant('no call')],
    });
  });

  it.each([
    ['good', { q: 'Hi', bad: 'b' }],
    ['bad', { q: 'Hi', good: 'a', bad: null }],
    ['bad', { q: 'Hi', good: 'a', bad: 7 }],
    ['good', { q: 'Hi', good: [assistant('a')], bad: 'b' }],
    ['q', { q: [user('Hi')], good: 'a', bad: 'b' }],
    ['good', { good: [assistant('a')], bad: [assistant('b')] }],
  ])('or refused because of its %s: %j', (column, value) => {
    expect(readFailure(PAIR, value).details).toEqual({ file: 'log.csv', row: 214, column });
  });
});

describe('a pair of transcripts is read', () => {
  const MAPPING = { shape: 'transcript-pair', chosen: 'good', rejected: 'bad' };
  const start = '\n\nHuman: Hi\n\nAssistant: Hello.\n\nHuman: Is it: so?\n\nAssistant:';

  it('as messages, of which the last turns are the answers', () => {
    expect(readRow(MAPPING, { good: `${start} Yes.`, bad: `${start} No.\n\nReally.` })).toMatchObject({
      form: 'chat',
      prompt: [user('Hi'), assistant('Hello.'), user('Is it: so?')],
      chosen: [assistant('Yes.')],
      rejected: [assistant('No.\n\nReally.')],
    });
  });

  it.each([
    ['good', { good: 'Yes.', bad: `${start} No.` }],
    ['bad', { good: `${start} Yes.`, bad: 'Human: Hi' }],
    ['bad', { good: `${start} Yes.`, bad: `${start} ` }],
    ['bad', { good: `${start} Yes.` }],
    ['good', { good: `${start} Yes.\n\nHuman: A?\n\nAssistant: A`, bad: `${start} Yes.\n\nHuman: B?\n\nAssistant: B` }],
    ['good', { good: '\n\nHuman: A?\n\nAssistant: A', bad: '\n\nHuman: B?\n\nAssistant: B' }],
    ['good', { good: 7, bad: `${start} No.` }],
  ])('or refused because of its %s: %j', (column, value) => {
    expect(readFailure(MAPPING, value).details).toEqual({ file: 'log.csv', row: 214, column });
  });
});

describe('a choice is read', () => {
  const CHOICE = { column: 'winner', first: ['model_a'], second: ['model_b'], ties: ['tie'] };
  const MAPPING = { shape: 'choice', prompt: 'q', first: 'a', second: 'b', choice: CHOICE };
  const value = { q: 'Hi', a: 'A', b: 'B' };

  it('as a pair whose better answer comes first', () => {
    expect(readRow(MAPPING, { ...value, winner: 'model_a' })).toMatchObject({ kind: 'pair', chosen: 'A', rejected: 'B' });
    expect(readRow(MAPPING, { ...value, winner: 'MODEL_B' })).toMatchObject({ chosen: 'B', rejected: 'A' });
  });

  it('and a tie is left out', () => {
    expect(read(MAPPING, { ...value, winner: 'tie' })).toEqual({ rows: [], leftOut: ['tie'] });
    const several = { ...MAPPING, choice: { ...CHOICE, several: 'majority' } };
    expect(read(several, { ...value, winner: ['model_a', 'model_b'] }).leftOut).toEqual(['tie']);
    expect(readRow(several, { ...value, winner: [{ value: 'model_b' }] })).toMatchObject({ chosen: 'B' });
  });

  it('from a ranking', () => {
    const winner = (a: number, b: number) => [
      { value: 'a', rank: a },
      { value: 'b', rank: b },
    ];
    expect(readRow(MAPPING, { ...value, winner: winner(2, 1) })).toMatchObject({ chosen: 'B' });
    expect(read(MAPPING, { ...value, winner: winner(1, 1) }).leftOut).toEqual(['tie']);
    expect(readFailure(MAPPING, { ...value, winner: [{ value: 'c', rank: 1 }] }).details['column']).toBe('winner');
    const several = { ...MAPPING, choice: { ...CHOICE, several: 'majority' } };
    const votes = [{ value: winner(1, 2) }, { value: winner(2, 1) }, { value: winner(1, 2) }];
    expect(readRow(several, { ...value, winner: votes })).toMatchObject({ chosen: 'A' });
  });

  it('from two conversations (arena)', () => {
    const mapping = { ...MAPPING, prompt: null };
    const talk = { a: [user('Hi'), assistant('A')], b: [user('Hi'), assistant('B')], winner: 'model_b' };
    expect(readRow(mapping, talk)).toMatchObject({ prompt: [user('Hi')], chosen: [assistant('B')], rejected: [assistant('A')] });
  });

  it.each([
    ['winner', { ...value, winner: 'model_c' }],
    ['winner', { ...value }],
    ['b', { q: 'Hi', a: 'A', winner: 'model_a' }],
  ])('or refused because of its %s: %j', (column, record) => {
    expect(readFailure(MAPPING, record).details).toEqual({ file: 'log.csv', row: 214, column });
  });
});
