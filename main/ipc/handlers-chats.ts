/** @file Answers the requests about conversations and the thumbs on their answers. */
import type { chatsRequests } from '#contract/chats.ts';
import { ChatSettings } from '#contract/chats.ts';
import { settingsForNew, settingsOf } from '#playground/chat-settings.ts';
import { describeChat, describeChats, summaryOf } from '#playground/describe-chat.ts';
import { describeFeedback, vote } from '#playground/feedback.ts';
import { createChat, deleteChat, getChat, updateChat, type Chat } from '#store/chats.ts';
import { getMessage } from '#store/messages.ts';
import { notFound } from '#store/not-found.ts';
import type { HandlersOf } from './handlers.ts';
import type { Services } from './services.ts';

export const chatsHandlers: HandlersOf<typeof chatsRequests> = {
  'chats.list': ({ projectId }, { store }) => describeChats(store, projectId),
  'chats.create': ({ projectId }, services) => {
    const chat = createChat(services.store, { projectId, title: '', settings: settingsForNew(services.store, projectId) });
    changed(services, chat);
    return summaryOf(chat, []);
  },
  'chats.get': ({ chatId }, { store, answers }) => describeChat(store, chatId, answers.liveIn(chatId)),
  'chats.rename': ({ chatId, title }, services) => changed(services, updateChat(services.store, chatId, { title })),
  'chats.delete': ({ chatId }, services) => {
    const chat = chatOf(services, chatId);
    services.answers.stop(chatId);
    deleteChat(services.store, chatId);
    return changed(services, chat);
  },
  'chats.configure': ({ chatId, changes }, services) => {
    const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
    const before = chatOf(services, chatId);
    const settings = ChatSettings.parse({ ...settingsOf(before), ...given });
    const playground = services.playgrounds.of(before.projectId);
    for (const pane of settingsOf(before).panes) if (pane !== null && !settings.panes.includes(pane)) playground.release(pane);
    changed(services, updateChat(services.store, chatId, { settings }));
    return settings;
  },
  'chats.ask': ({ chatId, text }, { answers }) => done(answers.ask(chatId, text)),
  'chats.edit': ({ chatId, turn, text }, { answers }) => done(answers.edit(chatId, turn, text)),
  'chats.regenerate': ({ chatId, pane }, { answers }) => done(answers.regenerate(chatId, pane)),
  'chats.stop': ({ chatId }, { answers }) => done(answers.stop(chatId)),
  'chats.vote': ({ messageId, thumb }, services) => {
    const reason = thumb?.reason ?? '';
    vote(services.store, messageId, thumb && { ...thumb, reason: reason === '' ? null : reason });
    const chat = chatOf(services, getMessage(services.store, messageId)?.chatId ?? 0);
    services.emit('datasets.changed', { projectId: chat.projectId });
    return changed(services, chat);
  },
  'chats.getFeedback': ({ projectId }, { store }) => describeFeedback(store, projectId),
};

/** @throws {StoreError} `not-found` */
function chatOf({ store }: Services, chatId: number): Chat {
  const chat = getChat(store, chatId);
  if (!chat) throw notFound('conversation', chatId);
  return chat;
}

function changed({ emit }: Services, { projectId, id: chatId }: Chat): undefined {
  emit('chats.changed', { projectId, chatId });
  return undefined;
}

/** What only begins something answers nothing. */
function done(_done: void): undefined {
  return undefined;
}
