/** @file What a model is told of a conversation: the system prompt, and what was said in its own pane. */
import type { ChatMessage } from '#chat/chat-messages.ts';
import { listMessages, type Message } from '#store/messages.ts';
import type { Store } from '#store/store.ts';

/** An answer is in the turn after its question. */
export const ANSWER = 1;
const TURNS_A_QUESTION = 2;

export interface ConversationPart {
  readonly chatId: number;
  /** Of the question that is to be answered. */
  readonly turn: number;
  readonly pane: number;
  readonly system: string;
}

/**
 * Where a pane has no answer (it was added later, or the answer failed), that of the first pane that has one stands in for it; a question that nobody
 * answered is left out.
 */
export function conversationBefore(store: Store, { chatId, turn, pane, system }: ConversationPart): ChatMessage[] {
  const said = listMessages(store, chatId);
  const messages: ChatMessage[] = system.trim() === '' ? [] : [{ role: 'system', content: system }];
  for (const question of said.filter((message) => message.role === 'user' && message.turn <= turn)) {
    const asked = { role: 'user', content: question.content };
    if (question.turn === turn) messages.push(asked);
    else {
      const answer = answerIn(said, question.turn + ANSWER, pane);
      if (answer) messages.push(asked, { role: 'assistant', content: answer.content });
    }
  }
  return messages;
}

/** @returns 0 for the first question */
export function nextTurn(store: Store, chatId: number): number {
  const last = listMessages(store, chatId).at(-1);
  return last ? (Math.floor(last.turn / TURNS_A_QUESTION) + 1) * TURNS_A_QUESTION : 0;
}

/** Null before the first. */
export function lastQuestion(store: Store, chatId: number): Message | null {
  return listMessages(store, chatId).findLast(({ role }) => role === 'user') ?? null;
}

function answerIn(said: readonly Message[], turn: number, pane: number): Message | undefined {
  const answers = said.filter((message) => message.turn === turn && message.role === 'assistant' && message.content.trim() !== '');
  return answers.find((answer) => answer.pane === pane) ?? answers[0];
}
