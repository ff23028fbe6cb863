import { describe, expect, it } from 'vitest';
import { assistant, read, readFailure, readRow, user } from './read.ts';

const reading = { kind: 'values', desirable: ['1'], undesirable: ['-1'], ignored: ['0'] };
const MAPPING = { shape: 'open-webui', label: { column: 'data.rating', reading, unrated: 'leave-out' } };

interface ChatMessage {
  readonly id: string;
  readonly parentId: string | null;
  readonly role: string;
  readonly content: string;
  readonly files?: unknown;
}

/** A chat in which the second question was answered twice and the second answer was rated. */
const MESSAGES: readonly ChatMessage[] = [
  { id: 'q1', parentId: null, role: 'user', content: '1?' },
  { id: 'a1', parentId: 'q1', role: 'assistant', content: '1!' },
  { id: 'q2', parentId: 'a1', role: 'user', content: '2?' },
  { id: 'a2', parentId: 'q2', role: 'assistant', content: '2!' },
  { id: 'a2-again', parentId: 'q2', role: 'assistant', content: 'better 2!' },
  { id: 'q3', parentId: 'a2', role: 'user', content: '3?' },
];
const tree = (messages: readonly ChatMessage[]) => Object.fromEntries(messages.map((message) => [message.id, message]));

function feedback({ rating = 1, id = 'a2-again', chat = {} }: { rating?: unknown; id?: unknown; chat?: object } = {}): unknown {
  const history = { messages: tree(MESSAGES), currentId: 'q3' };
  return {
    id: 'f1',
    user_id: 'u1',
    version: 0,
    type: 'rating',
    data: { rating, model_id: 'm', sibling_model_ids: null, reason: 'other', comment: '', tags: [], details: { rating: 9 } },
    meta: { arena: false, model_id: 'm', message_id: id, message_index: 4, chat_id: 'c1' },
    snapshot: { chat: { id: 'c1', user_id: 'u1', title: 't', chat: { title: 't', models: ['m'], history, messages: [], ...chat } } },
    created_at: 1,
    updated_at: 2,
  };
}

describe('feedback of Open WebUI is read', () => {
  it('as the conversation from the root of the chat to the rated message', () => {
    expect(readRow(MAPPING, feedback())).toEqual({
      kind: 'example',
      form: 'chat',
      row: 214,
      prompt: [user('1?'), assistant('1!'), user('2?')],
      completion: [assistant('better 2!')],
      options: { tools: null, templateKwargs: {} },
      label: true,
    });
  });

  it('with the thumb down, as a number or a text', () => {
    expect(readRow(MAPPING, feedback({ rating: -1 }))).toMatchObject({ label: false });
    expect(readRow(MAPPING, feedback({ rating: '-1' }))).toMatchObject({ label: false });
    expect(read(MAPPING, feedback({ rating: null })).leftOut).toEqual(['unrated']);
  });

  it('by the detailed rating, if the mapping says so', () => {
    const label = { column: 'data.details.rating', reading: { kind: 'rating', desirableFrom: 7, undesirableTo: 4 } };
    expect(readRow({ shape: 'open-webui', label }, feedback({ rating: -1 }))).toMatchObject({ label: true });
  });

  it('with the system prompt of the chat', () => {
    expect(readRow(MAPPING, feedback({ id: 'a1', chat: { params: { system: 'Be kind.' } } }))).toMatchObject({
      prompt: [{ role: 'system', content: 'Be kind.' }, user('1?')],
    });
  });

  it('from a plain list of messages, and from snapshots with a layer less', () => {
    const flat = MESSAGES.slice(0, 4).map(({ id, role, content }) => ({ id, role, content }));
    const expected = { prompt: [user('1?'), assistant('1!'), user('2?')], completion: [assistant('2!')] };
    expect(readRow(MAPPING, feedback({ id: 'a2', chat: { history: undefined, messages: flat } }))).toMatchObject(expected);
    const history = { messages: tree(MESSAGES) };
    const base = { data: { rating: 1 }, meta: { message_id: 'a2' } };
    expect(readRow(MAPPING, { ...base, snapshot: { chat: { id: 'c', title: 't' }, history } })).toMatchObject(expected);
    expect(readRow(MAPPING, { ...base, snapshot: { chat: { history: { messages: MESSAGES } } } })).toMatchObject(expected);
  });

  it.each([
    ['snapshot', { data: { rating: 1 }, meta: { message_id: 'a2' } }],
    ['snapshot', { data: { rating: 1 }, meta: { message_id: 'a2' }, snapshot: null }],
    ['meta.message_id', feedback({ id: 'gone' })],
    ['meta.message_id', feedback({ id: 7 })],
    ['snapshot', feedback({ id: 'q2' })],
    ['data.rating', feedback({ rating: 5 })],
    [
      'snapshot',
      feedback({ chat: { history: { messages: tree([{ id: 'a2-again', parentId: 'a2-again', role: 'assistant', content: 'x' }]) } } }),
    ],
    [
      'snapshot',
      feedback({
        chat: { history: { messages: tree(MESSAGES.map((m) => (m.id === 'q1' ? { ...m, files: [{ type: 'image', url: 'x' }] } : m))) } },
      }),
    ],
  ])('or refused because of its %s', (column, value) => {
    const error = readFailure(MAPPING, value);
    expect(error.details).toEqual({ file: 'log.csv', row: 214, column });
    expect(error.message).not.toMatch(/undefined|\[object/u);
  });
});
