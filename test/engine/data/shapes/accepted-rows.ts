/** @file Rows that Prospect reads by their own names, one of each form. */
const user = (content: string) => ({ role: 'user', content });
const assistant = (content: string) => ({ role: 'assistant', content });

const tools = [{ type: 'function', function: { name: 'f' } }];
const call = { role: 'assistant', content: null, tool_calls: [{ function: { name: 'f', arguments: {} } }] };
const parts = [
  { type: 'text', text: 'a' },
  { type: 'text', text: 'b' },
];
const empty = { chosen: null, rejected: '', messages: null, completion_ids: null };

export const ACCEPTED_ROWS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'an example': { prompt: 'Hi', completion: ' there', label: true, id: 7 },
  'an example with an empty prompt': { prompt: '', completion: 'x', label: false },
  'a pair with an empty prompt': { prompt: '', chosen: 'x', rejected: 'y' },
  'a pair with a prompt': { prompt: 'Hi', chosen: ' a', rejected: ' b' },
  'a pair without a prompt': { chosen: 'The sky is blue.', rejected: 'The sky is green.' },
  'a pair whose prompt is null': { prompt: null, chosen: 'The sky is blue.', rejected: 'The sky is green.' },
  'a conversational example': {
    prompt: [user('Hi')],
    completion: [assistant('Yo')],
    label: 0,
    tools,
    chat_template_kwargs: { enable_thinking: false },
  },
  'tools as JSON': { prompt: [user('Hi')], completion: [assistant('Yo')], label: 0, tools: JSON.stringify(tools) },
  'a conversational pair': { prompt: [user('Hi')], chosen: [assistant('a')], rejected: [assistant('b')] },
  'a pair of conversations': { chosen: [user('Hi'), assistant('a')], rejected: [user('Hi'), assistant('b')] },
  'a row of UltraFeedback': {
    prompt: 'Hi',
    prompt_id: 'x',
    messages: [],
    chosen: [user('Hi'), assistant('a')],
    rejected: [user('Hi'), assistant('b')],
  },
  messages: { messages: [{ role: 'system', content: 's' }, user('Hi'), assistant('a')], label: 'True' },
  'messages with parts': { messages: [user('Hi'), { role: 'assistant', content: parts }], label: true },
  'a tool call': { prompt: [user('Hi')], completion: [call], label: true },
  'token ids': { prompt_ids: [1, 2], completion_ids: [3], label: true },
  'token ids in typed arrays': { prompt_ids: BigInt64Array.of(1n, 2n), completion_ids: [3n], label: true },
  'no prompt ids': { prompt_ids: [], completion_ids: [3], label: 1 },
  'a pair of token ids': { prompt_ids: [1], chosen_ids: [2, 3], rejected_ids: [4] },
  'a pair of token ids without a prompt': { chosen_ids: [1, 2, 3], rejected_ids: [1, 4] },
  'an example in a wide table': { prompt: 'Hi', completion: 'x', label: true, ...empty },
  'a pair in a wide table': { prompt: 'Hi', chosen: 'x', rejected: 'y', completion: null, chosen_ids: null },
};
