/** @file What main would answer about conversations and the model that is open. */
import type { ChatAnswer, ChatDetails } from '#contract/chats.ts';
import type { Playground } from '#contract/playground.ts';
import { ChatSettings } from '#contract/chats.ts';
import type { RequestName } from '#contract/index.ts';
import { setupClient, type SetupClient } from './setup-answers.ts';
import type { Answers, FakeClient } from './fake-client.ts';

export const ADAPTER = { id: 7, name: 'KTO 1', runId: 3, modelFolder: '/models/tiny', modelName: 'tiny', createdAt: 0, isThere: true };

export const OPEN: Playground = {
  phase: 'open',
  closed: null,
  open: { modelId: 1, device: 'CPU', weights: 'Q8_0', contextTokens: 512, hasChatTemplate: true, notes: ['Verified: it is the same.'] },
  models: [{ id: 1, name: 'tiny', isThere: true }],
  options: { weights: 'Q8_0', processorOnly: false, contextTokens: null },
  training: null,
};
export const CLOSED: Playground = { ...OPEN, phase: 'closed', open: null };

export function answer(change: Partial<ChatAnswer> = {}): ChatAnswer {
  return {
    pane: 0,
    messageId: 91,
    speaker: 'tiny',
    adapterId: null,
    state: 'complete',
    text: 'A polite review.',
    facts: { tokens: 5, promptTokens: 20, tokensPerSecond: 42.4, reason: 'end', droppedMessages: 0 },
    problem: null,
    seed: 7,
    thumb: null,
    ...change,
  };
}

export const TALK: ChatDetails = {
  id: 5,
  projectId: 1,
  title: 'About parsing',
  createdAt: 0,
  updatedAt: 0,
  questions: 1,
  settings: ChatSettings.parse({ panes: [null, 7] }),
  turns: [
    {
      turn: 0,
      question: 'Review this.',
      answers: [answer(), answer({ pane: 1, messageId: 92, speaker: 'KTO 1', adapterId: 7, text: 'A harsh review.' })],
    },
  ],
};

/** What was asked of main by that name last. */
export function askedOf(client: FakeClient, name: RequestName): unknown {
  return client.asked.findLast(([one]) => one === name)?.[1];
}

/** A main with one conversation. */
export function chatClient(chat: ChatDetails | null = TALK, playground: Playground = OPEN, answers: Answers = {}): SetupClient {
  const done = (): undefined => undefined;
  return setupClient(
    'chat',
    {},
    {
      'adapters.list': () => [ADAPTER],
      'chats.list': () => (chat ? [chat] : []),
      'chats.create': () => TALK,
      'chats.get': () => chat ?? TALK,
      'chats.ask': done,
      'chats.edit': done,
      'chats.regenerate': done,
      'chats.stop': done,
      'chats.vote': done,
      'chats.rename': done,
      'chats.delete': done,
      'chats.configure': ({ changes }) => ({ ...TALK.settings, ...changes }) as never,
      'chats.getFeedback': () => null,
      'playground.get': () => playground,
      'playground.open': () => OPEN.open as never,
      'playground.close': done,
      'playground.setOptions': () => OPEN.options,
      'playground.check': () => ({ changes: 'something', largestGap: 2.5, tokens: 90 }),
      ...answers,
    },
  );
}
