/**
 * @file Reads a pair of completions, with or without a prompt of its own; what the fields are called is an argument.
 */
import { extractIdsPrompt, extractMessagesPrompt, extractTextPrompt } from './extract-prompt.ts';
import { parseChatOptions, parseMessages, requireAnswer } from './parse-messages.ts';
import type { ChatOptionNames, ChatOptionValues } from './parse-messages.ts';
import { parseAnswerText, parseText } from './parse-text.ts';
import { parseAnswerIds, parseTokenIds } from './parse-token-ids.ts';
import type { ChatPair, PairRow } from './row.ts';
import { rowError } from './row-place.ts';
import type { RowPlace } from './row-place.ts';

interface Comparison<Value> {
  readonly prompt: Value;
  readonly chosen: Value;
  readonly rejected: Value;
}

/** Texts or lists of messages; a prompt that is null or undefined is the common beginning of the completions. */
export interface PairValues extends Comparison<unknown>, ChatOptionValues {}

export interface PairNames extends Comparison<string>, ChatOptionNames {}

/**
 * Reads a pair of texts or of lists of messages.
 * @throws {ImportError} with file, row and column
 */
export function parsePair(values: PairValues, names: PairNames, place: RowPlace): PairRow {
  const { chosen, rejected } = values;
  if (Array.isArray(chosen) && Array.isArray(rejected)) return parseChatPair(values, { chosen, rejected }, names, place);
  const isMixed = Array.isArray(chosen) !== Array.isArray(rejected);
  if (isMixed && (chosen ?? null) !== null && (rejected ?? null) !== null) {
    const problem = `has chat messages in one of \`${names.chosen}\` and \`${names.rejected}\` and not in the other`;
    throw rowError(place, names.chosen, problem);
  }
  return parseTextPair(values, names, place);
}

/**
 * Reads a pair of lists of token ids.
 * @throws {ImportError} with file, row and column
 */
export function parseTokenPair(values: Comparison<unknown>, names: Comparison<string>, place: RowPlace): PairRow {
  const base = { kind: 'pair', form: 'tokens', row: place.row } as const;
  const chosen = parseAnswerIds(values.chosen, names.chosen, place);
  const rejected = parseAnswerIds(values.rejected, names.rejected, place);
  if ((values.prompt ?? null) !== null) {
    return { ...base, promptIds: parseTokenIds(values.prompt, names.prompt, place), chosenIds: chosen, rejectedIds: rejected };
  }
  const shared = extractIdsPrompt(chosen, rejected);
  return { ...base, promptIds: shared.prompt, chosenIds: shared.chosen, rejectedIds: shared.rejected };
}

function parseTextPair(values: PairValues, names: PairNames, place: RowPlace): PairRow {
  const chosen = parseAnswerText(values.chosen, names.chosen, place);
  const rejected = parseAnswerText(values.rejected, names.rejected, place);
  const prompt = values.prompt ?? null;
  if (Array.isArray(prompt)) {
    const problem = `has chat messages as \`${names.prompt}\` and plain text as \`${names.chosen}\` and \`${names.rejected}\``;
    throw rowError(place, names.prompt, problem, 'Make all three alike.');
  }
  if (prompt !== null) {
    return { kind: 'pair', form: 'text', row: place.row, prompt: parseText(prompt, names.prompt, place), chosen, rejected };
  }
  return { kind: 'pair', form: 'text', row: place.row, ...extractTextPrompt(chosen, rejected) };
}

interface MessageLists {
  readonly chosen: readonly unknown[];
  readonly rejected: readonly unknown[];
}

function parseChatPair(values: PairValues, lists: MessageLists, names: PairNames, place: RowPlace): PairRow {
  const base = { kind: 'pair', form: 'chat', row: place.row, options: parseChatOptions(values, names, place) } as const;
  const chosen = parseMessages(lists.chosen, names.chosen, place);
  const rejected = parseMessages(lists.rejected, names.rejected, place);
  const { prompt } = values;
  if (Array.isArray(prompt)) {
    return { ...base, prompt: parseMessages(prompt, names.prompt, place), ...requireAnswers({ chosen, rejected }, names, place) };
  }
  // Whole conversations; a prompt given as text beside them (UltraFeedback has one) repeats their beginning.
  const extracted = extractMessagesPrompt(chosen, rejected);
  if (extracted.prompt.length === 0) {
    const problem = `has conversations in \`${names.chosen}\` and \`${names.rejected}\` that share no first message`;
    throw rowError(place, names.chosen, problem, `Give it a \`${names.prompt}\` or skip the row.`);
  }
  return { ...base, prompt: extracted.prompt, ...requireAnswers(extracted, names, place) };
}

type Answers = Pick<ChatPair, 'chosen' | 'rejected'>;

function requireAnswers({ chosen, rejected }: Answers, names: PairNames, place: RowPlace): Answers {
  return { chosen: requireAnswer(chosen, names.chosen, place), rejected: requireAnswer(rejected, names.rejected, place) };
}
