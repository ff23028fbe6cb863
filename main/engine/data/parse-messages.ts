/**
 * @file Reads chat messages and what goes with them to the chat template.
 */
import type { ChatOptions, JsonValue, Message } from './row.ts';
import { describeValue, rowError } from './row-place.ts';
import type { RowPlace } from './row-place.ts';
import { assertWellFormed } from './parse-text.ts';

// Arguments of apply_chat_template itself; as a template variable they would change more than the template.
const RESERVED_KWARGS = [
  'add_generation_prompt',
  'chat_template',
  'continue_final_message',
  'conversation',
  'max_length',
  'messages',
  'padding',
  'return_assistant_tokens_mask',
  'return_dict',
  'return_tensors',
  'tokenize',
  'tokenizer_kwargs',
  'tools',
  'truncation',
];

/**
 * Reads a non-empty list of messages.
 * @throws {ImportError} if it is empty, or a message has no role or unusable content
 */
export function parseMessages(value: readonly unknown[], column: string, place: RowPlace): readonly Message[] {
  if (value.length === 0) throw rowError(place, column, `has no message in \`${column}\``, 'Add one or skip the row.');
  return value.map((message, index) => parseMessage(message, `${column}[${index}]`, place));
}

/**
 * Passes on messages of which at least one says something or calls a tool.
 * @throws {ImportError} if none does
 */
export function requireAnswer(messages: readonly Message[], column: string, place: RowPlace): readonly Message[] {
  const says = (message: Message) => typeof message.content === 'string' && message.content.trim() !== '';
  const calls = (message: Message) => Array.isArray(message['tool_calls']) && message['tool_calls'].length > 0;
  if (messages.some((message) => says(message) || calls(message))) return messages;
  throw rowError(place, column, `has no \`${column}\` text`, 'Fill it in or skip the row.');
}

/** What a row holds for the chat template, before validation. */
export interface ChatOptionValues {
  readonly tools: unknown;
  readonly templateKwargs: unknown;
}

/** What these fields are called, for messages. */
export interface ChatOptionNames {
  readonly tools: string;
  readonly templateKwargs: string;
}

export const CHAT_OPTION_NAMES: ChatOptionNames = { tools: 'tools', templateKwargs: 'chat_template_kwargs' };

/**
 * Reads tool schemas (a list, or a JSON text of one) and the arguments of the chat template.
 * @throws {ImportError} if one has another shape
 */
export function parseChatOptions(values: ChatOptionValues, names: ChatOptionNames, place: RowPlace): ChatOptions {
  return {
    tools: parseTools(values.tools, names.tools, place),
    templateKwargs: parseKwargs(values.templateKwargs, names.templateKwargs, place),
  };
}

function parseMessage(value: unknown, column: string, place: RowPlace): Message {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw rowError(place, column, `has ${describeValue(value)} in \`${column}\` where a message with \`role\` and \`content\` is expected`);
  }
  const fields = value as Record<string, JsonValue>;
  const role = fields['role'];
  if (typeof role !== 'string' || role === '') {
    const hint = 'from' in fields ? 'Rename `from` to `role` and `value` to `content`.' : 'Use "system", "user", "assistant" or "tool".';
    throw rowError(place, column, `has a message without a \`role\` in \`${column}\``, hint);
  }
  const content = parseContent(fields, column, place);
  return content === undefined ? (fields as Message) : { ...fields, role, content };
}

/** Text parts are joined: the templates of text models print a list of parts as source code, or fail. */
function parseContent(fields: Readonly<Record<string, JsonValue>>, column: string, place: RowPlace): string | null | undefined {
  const content = fields['content'];
  if (content === undefined || content === null) {
    if (Array.isArray(fields['tool_calls'])) return content;
    throw rowError(place, column, `has a message without \`content\` in \`${column}\``);
  }
  if (typeof content === 'string') {
    assertWellFormed(content, column, place);
    return content;
  }
  if (Array.isArray(content)) {
    return content.map((part) => parseTextPart(part, column, place)).join('');
  }
  throw rowError(place, column, `has ${describeValue(content)} as \`content\` in \`${column}\` where text is expected`);
}

function parseTextPart(part: JsonValue, column: string, place: RowPlace): string {
  const fields = typeof part === 'object' && part !== null ? (part as Record<string, JsonValue>) : {};
  if (typeof part === 'string') return part;
  if (typeof fields['text'] === 'string' && (fields['type'] === undefined || fields['type'] === 'text')) return fields['text'];
  const kind = typeof fields['type'] === 'string' ? fields['type'] : 'unknown';
  throw rowError(place, column, `has a part of type "${kind}" in \`${column}\``, 'Only text can be trained on; skip the row.');
}

function parseTools(value: unknown, column: string, place: RowPlace): readonly JsonValue[] | null {
  if (value === null || value === undefined) return null;
  const parsed = typeof value === 'string' ? parseJson(value) : value;
  if (parsed === null) return null;
  if (Array.isArray(parsed)) return parsed as readonly JsonValue[];
  throw rowError(place, column, `has ${describeValue(value)} as \`${column}\` where a list of tool schemas is expected`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function parseKwargs(value: unknown, column: string, place: RowPlace): Readonly<Record<string, JsonValue>> {
  if (value === null || value === undefined) return {};
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw rowError(place, column, `has ${describeValue(value)} as \`${column}\` where an object is expected`);
  }
  const reserved = Object.keys(value).find((key) => RESERVED_KWARGS.includes(key));
  if (reserved !== undefined) {
    throw rowError(place, column, `sets \`${reserved}\` in \`${column}\`, which is not for a template`, 'Remove it.');
  }
  return value as Readonly<Record<string, JsonValue>>;
}
