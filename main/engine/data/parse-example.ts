/**
 * @file Reads a prompt and one completion with its label, or a conversation that ends with the completion; what the fields are
 * called is an argument.
 */
import { parseLabel } from './parse-label.ts';
import { parseChatOptions, parseMessages, requireAnswer } from './parse-messages.ts';
import type { ChatOptionNames, ChatOptionValues } from './parse-messages.ts';
import { parseAnswerText, parseText } from './parse-text.ts';
import type { ChatExample, ExampleRow, Message } from './row.ts';
import { describeValue, rowError } from './row-place.ts';
import type { RowPlace } from './row-place.ts';

export interface ExampleValues extends ChatOptionValues {
  readonly prompt: unknown;
  readonly completion: unknown;
  readonly label: unknown;
}

export interface ExampleNames extends ChatOptionNames {
  readonly prompt: string;
  readonly completion: string;
  readonly label: string;
}

/**
 * Reads two texts or two lists of messages; the label comes last, so that a missing completion is reported first.
 * @throws {ImportError} with file, row and column
 */
export function parseExample(values: ExampleValues, names: ExampleNames, place: RowPlace): ExampleRow {
  const { prompt, completion } = values;
  if (prompt === undefined || prompt === null) {
    const reason = 'A completion with a label has nothing to compare with that would show where its prompt ends.';
    throw rowError(place, names.prompt, `has no \`${names.prompt}\``, `${reason} Give it one ("" for none) or skip the row.`);
  }
  if (Array.isArray(prompt) && Array.isArray(completion)) {
    return {
      kind: 'example',
      form: 'chat',
      row: place.row,
      prompt: parseMessages(prompt, names.prompt, place),
      completion: requireAnswer(parseMessages(completion, names.completion, place), names.completion, place),
      options: parseChatOptions(values, names, place),
      label: parseLabel(values.label, place, names.label),
    };
  }
  if (Array.isArray(prompt) !== Array.isArray(completion) && completion !== undefined && completion !== null) {
    const problem = `has chat messages in one of \`${names.prompt}\` and \`${names.completion}\` and not in the other`;
    throw rowError(place, names.completion, problem);
  }
  return {
    kind: 'example',
    form: 'text',
    row: place.row,
    completion: parseAnswerText(completion, names.completion, place),
    prompt: parseText(prompt, names.prompt, place),
    label: parseLabel(values.label, place, names.label),
  };
}

/** A conversation and what goes with it to the chat template. */
export interface ConversationValues extends ChatOptionValues {
  readonly messages: unknown;
  readonly label: unknown;
}

export interface ConversationNames extends ChatOptionNames {
  readonly messages: string;
  readonly label: string;
}

/**
 * Reads a list of messages whose last one is the completion.
 * @throws {ImportError} with file, row and column
 */
export function parseConversation(values: ConversationValues, names: ConversationNames, place: RowPlace): ChatExample {
  const column = names.messages;
  if (!Array.isArray(values.messages)) {
    const problem = `has ${describeValue(values.messages)} as \`${column}\` where a list of messages is expected`;
    throw rowError(place, column, problem);
  }
  const messages: readonly Message[] = parseMessages(values.messages, column, place);
  if (messages.at(-1)?.role !== 'assistant') {
    throw rowError(place, column, 'does not end with an assistant message, which would be the completion');
  }
  if (messages.length === 1) throw rowError(place, column, 'has no message before the completion');
  return {
    kind: 'example',
    form: 'chat',
    row: place.row,
    prompt: messages.slice(0, -1),
    completion: requireAnswer(messages.slice(-1), column, place),
    options: parseChatOptions(values, names, place),
    label: parseLabel(values.label, place, names.label),
  };
}
