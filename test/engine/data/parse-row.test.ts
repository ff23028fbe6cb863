import { describe, expect, it } from 'vitest';
import { ImportError } from '#contract/errors.ts';
import { parseRow } from '#engine/data/parse-row.ts';
import { createRowParser } from '#engine/data/row-parser.ts';

const PLACE = { file: 'prefs.csv', row: 214 };
const parse = (value: unknown) => parseRow(value, PLACE);

function failure(value: unknown): ImportError {
  try {
    parse(value);
  } catch (error) {
    if (error instanceof ImportError) return error;
    throw error;
  }
  throw new Error('the row was accepted');
}

const user = (content: string) => ({ role: 'user', content });
const assistant = (content: string) => ({ role: 'assistant', content });
const NO_OPTIONS = { tools: null, templateKwargs: {} };

describe('a row is read', () => {
  it('as an example with prompt, completion and label', () => {
    expect(parse({ prompt: 'Hi', completion: ' there', label: true, id: 7 })).toEqual({
      kind: 'example',
      form: 'text',
      row: 214,
      prompt: 'Hi',
      completion: ' there',
      label: true,
    });
  });

  it('with an empty prompt', () => {
    expect(parse({ prompt: '', completion: 'x', label: false })).toMatchObject({ prompt: '', label: false });
    expect(parse({ prompt: '', chosen: 'x', rejected: 'y' })).toMatchObject({ prompt: '' });
    expect(parse({ prompt_ids: [], completion_ids: [3], label: 1 })).toMatchObject({ promptIds: new Int32Array(0) });
  });

  it('as a pair with a prompt', () => {
    expect(parse({ prompt: 'Hi', chosen: ' a', rejected: ' b' })).toEqual({
      kind: 'pair',
      form: 'text',
      row: 214,
      prompt: 'Hi',
      chosen: ' a',
      rejected: ' b',
    });
  });

  it('as a pair whose prompt is the common beginning, also when the prompt is null', () => {
    const expected = { prompt: 'The sky is', chosen: ' blue.', rejected: ' green.' };
    expect(parse({ chosen: 'The sky is blue.', rejected: 'The sky is green.' })).toMatchObject(expected);
    expect(parse({ prompt: null, chosen: 'The sky is blue.', rejected: 'The sky is green.' })).toMatchObject(expected);
  });

  it('as a conversational example, with what goes to the chat template', () => {
    const tools = [{ type: 'function', function: { name: 'f' } }];
    const row = { prompt: [user('Hi')], completion: [assistant('Yo')], label: 0, tools, chat_template_kwargs: { enable_thinking: false } };
    expect(parse(row)).toEqual({
      kind: 'example',
      form: 'chat',
      row: 214,
      prompt: [user('Hi')],
      completion: [assistant('Yo')],
      label: false,
      options: { tools, templateKwargs: { enable_thinking: false } },
    });
    expect(parse({ ...row, tools: JSON.stringify(tools) })).toEqual(parse(row));
  });

  it('as a conversational pair, with or without a prompt', () => {
    const pair = {
      kind: 'pair',
      form: 'chat',
      row: 214,
      options: NO_OPTIONS,
      prompt: [user('Hi')],
      chosen: [assistant('a')],
      rejected: [assistant('b')],
    };
    expect(parse({ prompt: [user('Hi')], chosen: [assistant('a')], rejected: [assistant('b')] })).toEqual(pair);
    expect(parse({ chosen: [user('Hi'), assistant('a')], rejected: [user('Hi'), assistant('b')] })).toEqual(pair);
  });

  it('as whole conversations when a text prompt stands beside them, as in UltraFeedback', () => {
    const row = {
      prompt: 'Hi',
      prompt_id: 'x',
      messages: [],
      chosen: [user('Hi'), assistant('a')],
      rejected: [user('Hi'), assistant('b')],
    };
    expect(parse(row)).toMatchObject({ form: 'chat', prompt: [user('Hi')], chosen: [assistant('a')], rejected: [assistant('b')] });
  });

  it('as messages whose last one is the completion', () => {
    const messages = [{ role: 'system', content: 's' }, user('Hi'), assistant('a')];
    expect(parse({ messages, label: 'True' })).toMatchObject({ prompt: messages.slice(0, 2), completion: [assistant('a')], label: true });
  });

  it('as token ids, in lists or typed arrays', () => {
    const ids = { promptIds: Int32Array.of(1, 2), completionIds: Int32Array.of(3) };
    expect(parse({ prompt_ids: [1, 2], completion_ids: [3], label: true })).toEqual({
      kind: 'example',
      form: 'tokens',
      row: 214,
      ...ids,
      label: true,
    });
    expect(parse({ prompt_ids: BigInt64Array.of(1n, 2n), completion_ids: [3n], label: true })).toMatchObject(ids);
  });

  it('as a pair of token ids, with or without prompt ids', () => {
    const pair = { promptIds: Int32Array.of(1), chosenIds: Int32Array.of(2, 3), rejectedIds: Int32Array.of(4) };
    expect(parse({ prompt_ids: [1], chosen_ids: [2, 3], rejected_ids: [4] })).toMatchObject(pair);
    expect(parse({ chosen_ids: [1, 2, 3], rejected_ids: [1, 4] })).toMatchObject(pair);
  });

  it('by the columns that are filled, when a table has more', () => {
    const empty = { chosen: null, rejected: '', messages: null, completion_ids: null };
    expect(parse({ prompt: 'Hi', completion: 'x', label: true, ...empty })).toMatchObject({ kind: 'example', form: 'text' });
    expect(parse({ prompt: 'Hi', chosen: 'x', rejected: 'y', completion: null, chosen_ids: null })).toMatchObject({
      kind: 'pair',
      form: 'text',
    });
    expect(failure({ prompt: 'Hi', chosen: '', rejected: null }).details['column']).toBe('chosen');
  });

  it('with a tool call in place of text', () => {
    const call = { role: 'assistant', content: null, tool_calls: [{ function: { name: 'f', arguments: {} } }] };
    expect(parse({ prompt: [user('Hi')], completion: [call], label: true })).toMatchObject({ completion: [call] });
  });

  it('with content made of text parts, which are joined', () => {
    const parts = [
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b' },
    ];
    expect(parse({ messages: [user('Hi'), { role: 'assistant', content: parts }], label: true })).toMatchObject({
      completion: [assistant('ab')],
    });
  });

  it.each([
    [true, true],
    [1, true],
    [1n, true],
    ['true', true],
    ['True', true],
    [false, false],
    [0, false],
    [0n, false],
    ['false', false],
    ['False', false],
  ])('with the label %s as %s', (label, expected) => {
    expect(parse({ prompt: 'a', completion: 'b', label })).toMatchObject({ label: expected });
  });
});

describe('a row is refused', () => {
  it('in one sentence that names row, file and field', () => {
    const error = failure({ prompt: 'Hi', chosen: '', rejected: 'x' });
    expect(error.message).toBe('Row 214 of prefs.csv has no `chosen` text. Fill it in or skip the row.');
    expect(error.details).toEqual({ file: 'prefs.csv', row: 214, column: 'chosen' });
  });

  it.each(['yes', 'no', '1', '0', '', 'TRUE', 2, -1, 0.5, Number.NaN, null, undefined, [], {}, 'desirable'])(
    'for the label %j',
    (label) => {
      const error = failure({ prompt: 'a', completion: 'b', label });
      expect(error.details['column']).toBe('label');
      expect(error.message).toContain('Use true for a desirable completion');
    },
  );

  it.each([
    ['completion', { prompt: 'a', label: true }],
    ['completion', { prompt: 'a', completion: null, label: true }],
    ['completion', { prompt: 'a', completion: '', label: true }],
    ['completion', { prompt: 'a', completion: ' \n\t', label: true }],
    ['completion', { prompt: 'a', completion: 3, label: true }],
    ['completion', { prompt: 'a', completion: ['x'], label: true }],
    ['completion', { prompt: [user('a')], completion: 'b', label: true }],
    ['completion', { prompt: [user('a')], completion: [], label: true }],
    ['completion', { prompt: [user('a')], completion: [assistant(' ')], label: true }],
    ['prompt', { completion: 'b', label: true }],
    ['prompt', { prompt: null, completion: 'b', label: true }],
    ['prompt', { prompt: 7, completion: 'b', label: true }],
    ['prompt', { prompt: Number.NaN, completion: 'b', label: true }],
    ['prompt', { prompt: { role: 'user' }, completion: 'b', label: true }],
    ['prompt', { prompt: [], completion: [assistant('b')], label: true }],
    ['chosen', { prompt: 'a', rejected: 'b' }],
    ['rejected', { prompt: 'a', chosen: 'b' }],
    ['rejected', { prompt: 'a', chosen: 'b', rejected: null }],
    ['rejected', { chosen: 'b', rejected: '  ' }],
    ['rejected', { prompt: 'a', chosen: 'b', rejected: true }],
    ['chosen', { prompt: 'a', chosen: [assistant('b')], rejected: 'c' }],
    ['prompt', { prompt: [user('a')], chosen: 'b', rejected: 'c' }],
    ['chosen', { chosen: [user('a'), assistant('x')], rejected: [user('b'), assistant('y')] }],
    ['rejected', { prompt: [user('a')], chosen: [assistant('b')], rejected: [assistant('')] }],
    ['rejected', { chosen: [user('a'), assistant('x')], rejected: [user('a'), assistant('')] }],
    ['messages', { messages: 'hi', label: true }],
    ['messages', { messages: [], label: true }],
    ['messages', { messages: [user('a')], label: true }],
    ['messages', { messages: [assistant('a')], label: true }],
    ['messages', { messages: [user('a'), assistant('')], label: true }],
    ['messages[0]', { messages: [{ content: 'x' }, assistant('a')], label: true }],
    ['messages[0]', { messages: [{ from: 'human', value: 'x' }, assistant('a')], label: true }],
    ['messages[0]', { messages: [{ role: 'user' }, assistant('a')], label: true }],
    ['messages[0]', { messages: [{ role: 'user', content: 3 }, assistant('a')], label: true }],
    ['messages[0]', { messages: [{ role: 'user', content: [{ type: 'image', url: 'x' }] }, assistant('a')], label: true }],
    ['messages[1]', { messages: [user('x'), 'assistant: a'], label: true }],
    ['tools', { prompt: [user('a')], completion: [assistant('b')], label: true, tools: '{broken' }],
    ['tools', { prompt: [user('a')], completion: [assistant('b')], label: true, tools: { name: 'f' } }],
    ['chat_template_kwargs', { prompt: [user('a')], completion: [assistant('b')], label: true, chat_template_kwargs: 'x' }],
    ['chat_template_kwargs', { prompt: [user('a')], completion: [assistant('b')], label: true, chat_template_kwargs: { tokenize: false } }],
    ['images', { prompt: 'a', completion: 'b', label: true, images: ['x.png'] }],
    ['prompt_ids', { completion_ids: [1], label: true }],
    ['completion_ids', { prompt_ids: [1], label: true }],
    ['completion_ids', { prompt_ids: [1], completion_ids: [], label: true }],
    ['completion_ids', { prompt_ids: [1], completion_ids: '1 2 3', label: true }],
    ['completion_ids', { prompt_ids: [1], completion_ids: [1.5], label: true }],
    ['completion_ids', { prompt_ids: [1], completion_ids: [-1], label: true }],
    ['completion_ids', { prompt_ids: [1], completion_ids: ['2'], label: true }],
    ['completion_ids', { prompt_ids: [1], completion_ids: [2 ** 31], label: true }],
    ['completion_ids', { prompt_ids: [1], completion_ids: [Number.NaN], label: true }],
    ['rejected_ids', { chosen_ids: [1] }],
    ['completion', { prompt: 'a', completion: 'half an emoji \ud83d', label: true }],
  ])('for its %s: %j', (column, value) => {
    const error = failure(value);
    expect(error.details).toEqual({ file: 'prefs.csv', row: 214, column });
    expect(error.message).toMatch(/^Row 214 of prefs\.csv (?:has|does|sets) .+\. .+\.$/su);
    expect(error.message).not.toMatch(/undefined|\[object|TypeError/u);
  });

  it.each([[null], [undefined], [3], ['text'], [[1, 2]], [true]])('when it is %j and not an object', (value) => {
    expect(failure(value).message).toContain('where an object with named fields is expected');
  });

  it('when it has none of the known fields, and says which it has', () => {
    expect(failure({ question: 'a', answer: 'b' }).message).toContain('(it has question, answer)');
    expect(failure({}).message).toContain('(it has no fields)');
  });

  it('with the reason when a completion has no prompt', () => {
    expect(failure({ completion: 'b', label: true }).message).toContain('Give it one ("" for none)');
  });

  it('without showing the whole of a long value', () => {
    expect(failure({ prompt: 'a', completion: 'b', label: 'x'.repeat(10_000) }).message.length).toBeLessThan(250);
  });
});

describe('the rows of one file', () => {
  it('must all be of one kind, and the first that differs is named', () => {
    const read = createRowParser('mixed.jsonl');
    read({ prompt: 'a', completion: 'b', label: true }, 3);
    read({ prompt: [user('a')], completion: [assistant('b')], label: true }, 4); // another form is no other kind
    expect(() => read({ prompt: 'a', chosen: 'b', rejected: 'c' }, 9)).toThrow(
      'Row 9 of mixed.jsonl is a pair of completions, but row 3 is an example with a label.',
    );
  });

  it('are compared with the first one that is usable', () => {
    const read = createRowParser('mixed.jsonl');
    expect(() => read({ prompt: 'a', completion: '', label: true }, 1)).toThrow(ImportError);
    expect(read({ prompt: 'a', chosen: 'b', rejected: 'c' }, 2).kind).toBe('pair');
  });
});
