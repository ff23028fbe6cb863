/**
 * @file Reads a pair of completions, with or without a prompt of its own.
 */
import { extractIdsPrompt, extractMessagesPrompt, extractTextPrompt } from './extract-prompt.ts';
import { parseChatOptions, parseMessages, requireAnswer } from './parse-messages.ts';
import { parseAnswerText, parseText } from './parse-text.ts';
import { parseAnswerIds, parseTokenIds } from './parse-token-ids.ts';
import type { ChatPair, PairRow } from './row.ts';
import { rowError } from './row-place.ts';
import type { RowPlace } from './row-place.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Validates a row that has `chosen` and `rejected` (or `chosen_ids` and `rejected_ids`).
 * @throws {ImportError} with file, row and column
 */
export function parsePair(fields: Fields, place: RowPlace): PairRow {
  const { chosen, rejected } = fields;
  const hasIds = (fields['chosen_ids'] ?? fields['rejected_ids'] ?? null) !== null;
  if (hasIds || !('chosen' in fields || 'rejected' in fields)) return parseTokenPair(fields, place);
  if (Array.isArray(chosen) && Array.isArray(rejected)) return parseChatPair(fields, chosen, rejected, place);
  const isMixed = Array.isArray(chosen) !== Array.isArray(rejected);
  if (isMixed && (chosen ?? null) !== null && (rejected ?? null) !== null) {
    throw rowError(place, 'chosen', 'has chat messages in one of `chosen` and `rejected` and not in the other');
  }
  return parseTextPair(fields, place);
}

function parseTokenPair(fields: Fields, place: RowPlace): PairRow {
  const base = { kind: 'pair', form: 'tokens', row: place.row } as const;
  const chosen = parseAnswerIds(fields['chosen_ids'], 'chosen_ids', place);
  const rejected = parseAnswerIds(fields['rejected_ids'], 'rejected_ids', place);
  if ((fields['prompt_ids'] ?? null) !== null) {
    return { ...base, promptIds: parseTokenIds(fields['prompt_ids'], 'prompt_ids', place), chosenIds: chosen, rejectedIds: rejected };
  }
  const shared = extractIdsPrompt(chosen, rejected);
  return { ...base, promptIds: shared.prompt, chosenIds: shared.chosen, rejectedIds: shared.rejected };
}

function parseTextPair(fields: Fields, place: RowPlace): PairRow {
  const base = { kind: 'pair', form: 'text', row: place.row } as const;
  const chosen = parseAnswerText(fields['chosen'], 'chosen', place);
  const rejected = parseAnswerText(fields['rejected'], 'rejected', place);
  const prompt = fields['prompt'] ?? null;
  if (Array.isArray(prompt)) {
    throw rowError(place, 'prompt', 'has chat messages as `prompt` and plain text as `chosen` and `rejected`', 'Make all three alike.');
  }
  if (prompt !== null) return { ...base, prompt: parseText(prompt, 'prompt', place), chosen, rejected };
  return { ...base, ...extractTextPrompt(chosen, rejected) };
}

function parseChatPair(fields: Fields, chosen: readonly unknown[], rejected: readonly unknown[], place: RowPlace): PairRow {
  const base = { kind: 'pair', form: 'chat', row: place.row, options: parseChatOptions(fields, place) } as const;
  const whole = { chosen: parseMessages(chosen, 'chosen', place), rejected: parseMessages(rejected, 'rejected', place) };
  const prompt = fields['prompt'];
  if (Array.isArray(prompt)) return { ...base, prompt: parseMessages(prompt, 'prompt', place), ...requireAnswers(whole, place) };
  // Whole conversations; a prompt given as text beside them (UltraFeedback has one) repeats their beginning.
  const extracted = extractMessagesPrompt(whole.chosen, whole.rejected);
  if (extracted.prompt.length === 0) {
    throw rowError(
      place,
      'chosen',
      'has conversations in `chosen` and `rejected` that share no first message',
      'Give it a `prompt` or skip the row.',
    );
  }
  return { ...base, prompt: extracted.prompt, ...requireAnswers(extracted, place) };
}

type Answers = Pick<ChatPair, 'chosen' | 'rejected'>;

function requireAnswers({ chosen, rejected }: Answers, place: RowPlace): Answers {
  return { chosen: requireAnswer(chosen, 'chosen', place), rejected: requireAnswer(rejected, 'rejected', place) };
}
