/**
 * @file Reads one prompt of a prompt file: a bare text; `prompt` as text or messages; `messages`; or `prompt_ids`. Other fields are ignored, so that a
 * dataset can be its own prompt file.
 */
import { parseChatOptions, parseMessages, CHAT_OPTION_NAMES } from '#engine/data/parse-messages.ts';
import { parseText } from '#engine/data/parse-text.ts';
import { parseTokenIds } from '#engine/data/parse-token-ids.ts';
import type { ChatOptions, JsonValue, Message } from '#engine/data/row.ts';
import { describeValue, rowError } from '#engine/data/row-place.ts';
import type { RowPlace } from '#engine/data/row-place.ts';

export type Prompt =
  | { readonly form: 'text'; readonly text: string }
  | { readonly form: 'chat'; readonly messages: readonly Message[]; readonly options: ChatOptions }
  | { readonly form: 'tokens'; readonly ids: Int32Array };

/** As it was given, for records. */
export function promptValue(prompt: Prompt): JsonValue {
  switch (prompt.form) {
    case 'text':
      return prompt.text;
    case 'chat':
      return prompt.messages as readonly JsonValue[];
    case 'tokens':
      return [...prompt.ids];
    default:
      return prompt satisfies never;
  }
}

/** A message of a user, for a model that is to be chatted with. */
export function chatPrompt(text: string): Prompt {
  return { form: 'chat', messages: [{ role: 'user', content: text }], options: { tools: null, templateKwargs: {} } };
}

/** @throws {ImportError} with file, row and column */
export function parsePrompt(value: unknown, place: RowPlace): Prompt {
  if (typeof value === 'string') return { form: 'text', text: parseText(value, 'prompt', place) };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw rowError(
      place,
      'prompt',
      `is ${describeValue(value)} where a prompt is expected`,
      'Write a text, or an object with `prompt` or `messages`.',
    );
  }
  const fields = value as Readonly<Record<string, unknown>>;
  const [prompt, messages, ids] = ['prompt', 'messages', 'prompt_ids'].map((name) => fields[name] ?? null);
  if (prompt !== null)
    return Array.isArray(prompt) ? chat(prompt, 'prompt', fields, place) : { form: 'text', text: parseText(prompt, 'prompt', place) };
  if (Array.isArray(messages)) return chat(messages, 'messages', fields, place);
  if (ids !== null) return { form: 'tokens', ids: parseTokenIds(ids, 'prompt_ids', place) };
  throw rowError(place, 'prompt', 'has no `prompt` and no `messages`', 'Give it one of them.');
}

/** Of a whole conversation the answer at the end is left out: it is what the model is to write. */
function chat(value: readonly unknown[], column: string, fields: Readonly<Record<string, unknown>>, place: RowPlace): Prompt {
  const messages = parseMessages(value, column, place);
  const asked = messages.slice(0, messages.findLastIndex(({ role }) => role !== 'assistant') + 1);
  if (asked.length === 0)
    throw rowError(place, column, `has nothing but answers in \`${column}\``, 'Put a message of the user before them.');
  const options = { tools: fields[CHAT_OPTION_NAMES.tools], templateKwargs: fields[CHAT_OPTION_NAMES.templateKwargs] };
  return { form: 'chat', messages: asked, options: parseChatOptions(options, CHAT_OPTION_NAMES, place) };
}
