/** @file A conversation as the window shows it: its questions, and below each the answers side by side, those being written included. */
import type { ChatAnswer, ChatDetails, ChatSummary, ChatTurn } from '#contract/chats.ts';
import { getChat, listChats, type Chat } from '#store/chats.ts';
import { listMessages, type Message } from '#store/messages.ts';
import { notFound } from '#store/not-found.ts';
import type { Store } from '#store/store.ts';
import { listVotes, type Vote } from '#store/votes.ts';
import type { LiveAnswer } from './answers.ts';
import { settingsOf } from './chat-settings.ts';
import { ANSWER } from './conversation.ts';
import { readFacts } from './stored-answer.ts';

export function describeChats(store: Store, projectId: number): ChatSummary[] {
  return listChats(store, projectId).map((chat) => summaryOf(chat, listMessages(store, chat.id)));
}

/** @param live - what is being written in it @throws {StoreError} `not-found` */
export function describeChat(store: Store, chatId: number, live: readonly LiveAnswer[]): ChatDetails {
  const chat = getChat(store, chatId);
  if (!chat) throw notFound('conversation', chatId);
  const messages = listMessages(store, chatId);
  const votes = listVotes(store, chatId);
  const turns = messages
    .filter(({ role }) => role === 'user')
    .map(({ turn, content }): ChatTurn => {
      const answers = [
        ...messages.filter((message) => message.turn === turn + ANSWER).map((message) => toAnswer(message, votes)),
        ...live.filter((answer) => answer.turn === turn + ANSWER).map(toLiveAnswer),
      ];
      return { turn, question: content, answers: answers.toSorted((a, b) => a.pane - b.pane) };
    });
  return { ...summaryOf(chat, messages), projectId: chat.projectId, settings: settingsOf(chat), turns };
}

export function summaryOf({ id, title, createdAt, updatedAt }: Chat, messages: readonly Message[]): ChatSummary {
  return { id, title, createdAt, updatedAt, questions: messages.filter(({ role }) => role === 'user').length };
}

function toAnswer(message: Message, votes: readonly Vote[]): ChatAnswer {
  const { id, pane, speaker, adapterId, state, content, sampling } = message;
  const stored = readFacts(message.facts);
  const vote = votes.find(({ messageId }) => messageId === id);
  const seed = sampling?.['seed'];
  return {
    pane: pane ?? 0,
    messageId: id,
    speaker: speaker ?? '',
    adapterId,
    state,
    text: content,
    facts: stored?.facts ?? null,
    problem: stored?.problem ?? null,
    seed: typeof seed === 'number' ? seed : null,
    thumb: vote ? { value: vote.value > 0 ? 'up' : 'down', reason: vote.reason } : null,
  };
}

function toLiveAnswer({ pane, speaker, adapterId, seed, text }: LiveAnswer): ChatAnswer {
  return { pane, messageId: null, speaker, adapterId, state: 'writing', text, facts: null, problem: null, seed, thumb: null };
}
