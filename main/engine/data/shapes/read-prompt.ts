/** @file Puts together what stands before an answer: prompt, further input, earlier turns, a system's message. */
import type { ChatOptionNames, ChatOptionValues } from '#engine/data/parse-messages.ts';
import { CHAT_OPTION_NAMES } from '#engine/data/parse-messages.ts';
import { describeValue, rowError } from '#engine/data/row-place.ts';
import type { RowPlace } from '#engine/data/row-place.ts';
import { createGetter } from './column-path.ts';
import type { Fields } from './column-path.ts';
import type { ColumnMapping } from './column-mapping.ts';
import { readJsonText } from './json-text.ts';
import { isMessage, normaliseMessages, speakerOf } from './normalise-messages.ts';
import { isUnrated as isBlank } from './normalise-label.ts';

/** A mapping with a prompt side. */
export type PromptMapping = Extract<ColumnMapping, { readonly history: string | null }>;
type ChatColumns = { readonly tools: string | null; readonly templateKwargs: string | null };

/** What a text prompt and the texts that answer it become. */
export interface TextForm {
  /** The prompt, which may be text, messages or nothing; `answers` are those it stands before. */
  readonly prompt: (fields: Fields, answers: readonly unknown[], place: RowPlace) => unknown;
  /** An answer as text or as a list of messages. */
  readonly answer: (value: unknown, column: string, place: RowPlace) => unknown;
}

/** Values for the chat template. */
export function createOptionsReader({ tools, templateKwargs }: ChatColumns): (fields: Fields) => ChatOptionValues {
  const getTools = createGetter(tools);
  const getKwargs = createGetter(templateKwargs);
  return (fields) => ({ tools: getTools(fields), templateKwargs: getKwargs(fields) });
}

/** What those columns are called in messages. */
export function optionNames({ tools, templateKwargs }: ChatColumns): ChatOptionNames {
  return { tools: tools ?? CHAT_OPTION_NAMES.tools, templateKwargs: templateKwargs ?? CHAT_OPTION_NAMES.templateKwargs };
}

/** Functions that bring a mapping's texts into the form it asks for. */
export function createTextForm(mapping: PromptMapping): TextForm {
  const { texts } = mapping;
  const read = createPromptReader(mapping);
  const isPlain = texts === 'plain' && mapping.system === null && mapping.history === null;
  const answer: TextForm['answer'] = (value, column, place) => {
    const whole = texts === 'json' ? readJsonText(value, column, place) : value;
    if (texts === 'chat' && typeof whole === 'string' && whole.trim() !== '') return [{ role: 'assistant', content: whole }];
    return typeof whole === 'object' ? normaliseMessages(whole) : whole;
  };
  if (isPlain) return { prompt: (fields, _answers, place) => read(fields, place), answer };
  const before = createContextReader(mapping);
  const prompt: TextForm['prompt'] = (fields, answers, place) => {
    const value = read(fields, place);
    const context = before(fields, place);
    if (typeof value === 'string' && answers.some(isWholeConversation)) {
      if (context.length === 0) return value; // only repeats the beginning of the conversations
      throw rowError(place, mapping.system ?? mapping.history ?? '', 'has a system or earlier turns beside whole conversations');
    }
    const wrapped = typeof value === 'string' && texts === 'chat' ? [{ role: 'user', content: value }] : value;
    return context.length === 0 ? wrapped : joinMessages(context, wrapped);
  };
  return { prompt, answer };
}

/** A prompt behind its context; a prompt that names a system keeps its own. */
function joinMessages(context: readonly unknown[], prompt: unknown): readonly unknown[] {
  if (isBlank(prompt)) return context;
  const messages: readonly unknown[] = Array.isArray(prompt) ? prompt : [{ role: 'user', content: prompt }];
  const isSystem = (message: unknown) => isMessage(message) && speakerOf(message) === 'system';
  return [...(isSystem(messages[0]) ? context.filter((message) => !isSystem(message)) : context), ...messages];
}

/** The prompt with the further input below it. */
function createPromptReader({ prompt, input, texts }: PromptMapping): (fields: Fields, place: RowPlace) => unknown {
  const getPrompt = createGetter(prompt);
  const getInput = createGetter(input);
  const readMessages = (value: unknown, place: RowPlace) =>
    normaliseMessages(texts === 'json' ? readJsonText(value, prompt ?? 'prompt', place) : value);
  return (fields, place) => {
    const value = getPrompt(fields);
    const main = typeof value === 'string' && texts !== 'json' ? value : readMessages(value, place);
    if (input === null) return main;
    const more = getInput(fields);
    if (isBlank(more)) return main;
    if (typeof more !== 'string') throw rowError(place, input, `has ${describeValue(more)} as \`${input}\` where text is expected`);
    if (isBlank(main)) return more;
    if (typeof main === 'string') return `${main}\n${more}`;
    throw rowError(place, input, `has text in \`${input}\` and ${describeValue(main)} in \`${prompt ?? 'prompt'}\``);
  };
}

/** The messages before the prompt. */
function createContextReader({ system, history }: PromptMapping): (fields: Fields, place: RowPlace) => readonly unknown[] {
  const getSystem = createGetter(system);
  const getHistory = createGetter(history);
  return (fields, place) => [
    ...systemMessages(getSystem(fields), system, place),
    ...(history === null ? [] : readHistory(getHistory(fields), history, place)),
  ];
}

/**
 * A system's text as a list of one message, or of none if the column is empty.
 * @throws {ImportError} if it is not text
 */
export function systemMessages(value: unknown, column: string | null, place: RowPlace): readonly unknown[] {
  if (column === null || isBlank(value)) return [];
  if (typeof value === 'string') return [{ role: 'system', content: value }];
  throw rowError(place, column, `has ${describeValue(value)} as \`${column}\` where text is expected`);
}

function readHistory(value: unknown, column: string, place: RowPlace): readonly unknown[] {
  const turns = readJsonText(value, column, place);
  if (isBlank(turns)) return [];
  if (!Array.isArray(turns))
    throw rowError(place, column, `has ${describeValue(turns)} as \`${column}\` where a list of turns is expected`);
  return turns.flatMap((turn: unknown) => {
    if (!Array.isArray(turn)) return normaliseMessages([turn]);
    const [question, answer] = turn as readonly unknown[];
    return [
      { role: 'user', content: question ?? '' },
      { role: 'assistant', content: answer ?? '' },
    ];
  });
}

/** True if a list of messages begins before the answer. */
function isWholeConversation(answer: unknown): boolean {
  const first: unknown = Array.isArray(answer) ? answer[0] : null;
  if (typeof first !== 'object' || first === null) return false;
  const speaker = speakerOf(first as Fields);
  return speaker === 'user' || speaker === 'system';
}
