import { describe, expect, it } from 'vitest';
import { ImportError } from '#contract/errors.ts';
import { chatPrompt, parsePrompt, promptValue } from '#engine/generate/parse-prompt.ts';

const PLACE = { file: 'prompts.jsonl', row: 3 };
const user = { role: 'user', content: 'Hi?' };
const assistant = { role: 'assistant', content: 'Hello.' };
const options = { tools: null, templateKwargs: {} };

describe('a prompt', () => {
  it.each([
    ['Once upon', { form: 'text', text: 'Once upon' }],
    [
      { prompt: 'Once', completion: ' upon', label: true },
      { form: 'text', text: 'Once' },
    ],
    [{ prompt: '' }, { form: 'text', text: '' }],
    [{ prompt: [user] }, { form: 'chat', messages: [user], options }],
    [
      { messages: [user, assistant], label: false },
      { form: 'chat', messages: [user], options },
    ],
    [
      { messages: [user, assistant, user], chat_template_kwargs: { a: 1 } },
      { form: 'chat', messages: [user, assistant, user], options: { tools: null, templateKwargs: { a: 1 } } },
    ],
    [
      { prompt: null, prompt_ids: [1, 2] },
      { form: 'tokens', ids: Int32Array.of(1, 2) },
    ],
  ])('is read from %j', (value, expected) => {
    expect(parsePrompt(value, PLACE)).toEqual(expected);
  });

  it.each([
    [7, 'Row 3 of prompts.jsonl is 7 where a prompt is expected. Write a text, or an object with `prompt` or `messages`.'],
    [{ chosen: 'a', rejected: 'b' }, 'Row 3 of prompts.jsonl has no `prompt` and no `messages`. Give it one of them.'],
    [{ prompt: 5 }, 'Row 3 of prompts.jsonl has 5 as `prompt` where text is expected. Fix it or skip the row.'],
    [{ messages: [assistant] }, 'Row 3 of prompts.jsonl has nothing but answers in `messages`. Put a message of the user before them.'],
    [{ messages: [] }, 'Row 3 of prompts.jsonl has no message in `messages`. Add one or skip the row.'],
    [
      { prompt_ids: [1, 'x'] },
      'Row 3 of prompts.jsonl has "x" at position 1 of `prompt_ids` where a token id is expected. Fix it or skip the row.',
    ],
  ])('is not made of %j', (value, message) => {
    expect(() => parsePrompt(value, PLACE)).toThrow(ImportError);
    expect(() => parsePrompt(value, PLACE)).toThrow(message);
  });

  it('is recorded as it was given', () => {
    for (const value of ['a', [user], [1, 2]]) {
      const field = Array.isArray(value) && typeof value[0] === 'number' ? 'prompt_ids' : 'prompt';
      expect(promptValue(parsePrompt({ [field]: value }, PLACE))).toEqual(value);
    }
    expect(promptValue(chatPrompt('Hi?'))).toEqual([user]);
  });
});
