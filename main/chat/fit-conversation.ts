/**
 * @file What is left out when a conversation has become longer than the context. The rule, which the window shows: the system message and the last
 * question always stay; of the rest, the oldest question goes first, together with its answer.
 */
import { SettingsError } from '#contract/errors.ts';
import type { ChatMessage } from './chat-messages.ts';

export interface FittedConversation {
  readonly ids: Int32Array;
  /** Messages left out. */
  readonly droppedMessages: number;
}

export interface FitOptions {
  readonly contextTokens: number;
  /** Kept free for the answer. */
  readonly answerTokens: number;
  readonly encode: (messages: readonly ChatMessage[]) => Int32Array;
}

/**
 * @throws {SettingsError} if even the last question does not fit
 */
export function fitConversation(messages: readonly ChatMessage[], { contextTokens, answerTokens, encode }: FitOptions): FittedConversation {
  const systemCount = messages.findIndex(({ role }) => role !== 'system');
  const [system, rest] = [messages.slice(0, Math.max(0, systemCount)), messages.slice(Math.max(0, systemCount))];
  const room = roomForPrompt(contextTokens, answerTokens);
  let kept = rest;
  for (;;) {
    const ids = encode([...system, ...kept]);
    if (ids.length <= room) return { ids, droppedMessages: rest.length - kept.length };
    const next = kept.findIndex(({ role }, index) => index > 0 && role === 'user');
    if (next < 0) throw tooLong(ids.length, room, contextTokens);
    kept = kept.slice(next);
  }
}

/** A long answer may not push the whole conversation out: it gets at most half of the context for certain. */
export function roomForPrompt(contextTokens: number, answerTokens: number): number {
  return contextTokens - Math.min(answerTokens, Math.floor(contextTokens / 2));
}

export function tooLong(promptTokens: number, room: number, contextTokens: number): SettingsError {
  return new SettingsError(
    `This question has ${promptTokens} tokens, and the context of ${contextTokens} has room for ${room} beside an answer. Shorten it, lower max_new_tokens, or choose a larger context.`,
    { field: 'context' },
  );
}
