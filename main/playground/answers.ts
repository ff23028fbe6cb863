/** @file Questions and the answers that are being written: one question at a time in a conversation, all its models at once. */
import { AppError, InternalError, StoreError } from '#contract/errors.ts';
import type { AnswerFacts, ChatSettings } from '#contract/chats.ts';
import type { AnswerResult, ChatPrompt } from '#chat/chat-messages.ts';
import { getAdapter } from '#store/adapters.ts';
import { getChat, updateChat, type Chat } from '#store/chats.ts';
import { addMessage, deleteMessage, deleteMessagesFrom, listMessages, type Message } from '#store/messages.ts';
import { notFound } from '#store/not-found.ts';
import type { Store } from '#store/store.ts';
import { samplingOf, seedFor, settingsOf } from './chat-settings.ts';
import { ANSWER, conversationBefore, lastQuestion, nextTurn } from './conversation.ts';
import type { Playground } from './playground.ts';
import type { Playgrounds } from './playgrounds.ts';
import type { StoredFacts } from './stored-answer.ts';
import { Streaming } from './streaming.ts';
import type { PlaygroundSurroundings } from './surroundings.ts';
import { titleFrom } from './title-from.ts';

/** An answer that is being written. */
export interface LiveAnswer {
  readonly turn: number;
  readonly pane: number;
  readonly speaker: string;
  readonly adapterId: number | null;
  readonly seed: number;
  text: string;
}

interface Writing {
  readonly live: readonly LiveAnswer[];
  readonly stop: AbortController;
}

interface Question {
  readonly chat: Chat;
  readonly settings: ChatSettings;
  readonly turn: number;
  /** Which models answer. */
  readonly panes: readonly number[];
}

export class Answers {
  readonly #around: PlaygroundSurroundings;
  readonly #playgrounds: Playgrounds;
  readonly #writing = new Map<number, Writing>();

  constructor(around: PlaygroundSurroundings, playgrounds: Playgrounds) {
    this.#around = around;
    this.#playgrounds = playgrounds;
  }

  /** What is being written in a conversation. */
  liveIn(chatId: number): readonly LiveAnswer[] {
    return this.#writing.get(chatId)?.live ?? [];
  }

  /** @throws {StoreError} if no model is open, or answers are being written */
  ask(chatId: number, text: string): void {
    const { chat, settings } = this.#ready(chatId);
    const turn = nextTurn(this.#around.store, chatId);
    this.#say(chat, turn, text);
    this.#begin({ chat, settings, turn, panes: [...settings.panes.keys()] });
  }

  /** What came after the question is removed. @throws {StoreError} `not-found` if there is no such question */
  edit(chatId: number, turn: number, text: string): void {
    const { store } = this.#around;
    const { chat, settings } = this.#ready(chatId);
    if (!listMessages(store, chatId).some((message) => message.turn === turn && message.role === 'user')) throw notFound('question', turn);
    store.write(() => {
      deleteMessagesFrom(store, chatId, turn);
      this.#say(chat, turn, text);
    });
    this.#begin({ chat, settings, turn, panes: [...settings.panes.keys()] });
  }

  /** @param pane - null for all */
  regenerate(chatId: number, pane: number | null): void {
    const { store } = this.#around;
    const { chat, settings } = this.#ready(chatId);
    const question = lastQuestion(store, chatId);
    if (!question) throw new StoreError('Nothing was asked yet. Ask something first.', { reason: 'not-found' });
    const panes = pane === null ? [...settings.panes.keys()] : [pane];
    if (panes.some((one) => settings.panes[one] === undefined)) throw notFound('model', pane ?? 0);
    const { turn } = question;
    store.write(() => {
      const answers = listMessages(store, chatId).filter((message) => message.turn === turn + ANSWER);
      for (const answer of answers) if (pane === null || answer.pane === pane) deleteMessage(store, answer.id);
    });
    this.#begin({ chat, settings, turn, panes });
  }

  /** What was written stays. Does nothing if nothing is written. */
  stop(chatId: number): void {
    this.#writing.get(chatId)?.stop.abort();
  }

  /** @throws {StoreError} */
  #ready(chatId: number): { readonly chat: Chat; readonly settings: ChatSettings } {
    const { store } = this.#around;
    const chat = getChat(store, chatId);
    if (!chat) throw notFound('conversation', chatId);
    if (this.#writing.has(chatId)) {
      throw new StoreError('An answer is being written. Wait for it, or stop it.', { reason: 'conflict' });
    }
    const settings = settingsOf(chat);
    const playground = this.#playgrounds.of(chat.projectId);
    // An adapter that can't be used is said before anything is.
    for (const adapterId of settings.panes) if (adapterId !== null) playground.adapterDir(adapterId);
    void playground.opened;
    return { chat, settings };
  }

  #say(chat: Chat, turn: number, text: string): void {
    const { store } = this.#around;
    const said = { chatId: chat.id, turn, pane: null, role: 'user', content: text } as const;
    addMessage(store, { ...said, adapterId: null, speaker: null, sampling: null, state: 'complete', facts: null });
    if (chat.title === '') updateChat(store, chat.id, { title: titleFrom(text) });
  }

  #begin({ chat, settings, turn, panes }: Question): void {
    const { emit, store } = this.#around;
    const playground = this.#playgrounds.of(chat.projectId);
    const streaming = new Streaming(emit, chat.id);
    const stop = new AbortController();
    // One for all, so that models are compared by what they are.
    const seed = seedFor(settings.sampling);
    const live = panes.map((pane): LiveAnswer => {
      const adapterId = settings.panes[pane] ?? null;
      const speaker = adapterId === null ? playground.opened.model.name : (getAdapter(store, adapterId)?.name ?? '');
      return { turn: turn + ANSWER, pane, speaker, adapterId, seed, text: '' };
    });
    this.#writing.set(chat.id, { live, stop });
    this.#changed(chat);
    const work = { chat, settings, playground, streaming, signal: stop.signal };
    const left = new Set(live);
    for (const answer of live) {
      void this.#write(answer, work).finally(() => {
        left.delete(answer);
        streaming.flush();
        if (left.size === 0) this.#writing.delete(chat.id);
        else this.#writing.set(chat.id, { live: [...left], stop });
        this.#changed(chat);
      });
    }
  }

  async #write(live: LiveAnswer, work: Work): Promise<void> {
    const { store, logger } = this.#around;
    const { chat, settings, playground, streaming, signal } = work;
    // Taken now: the model may be gone when the answer ends.
    const about = aboutAnswer(store, live, work);
    try {
      const result = await playground.opened.process.answer(
        {
          adapter: live.adapterId === null ? null : playground.adapterDir(live.adapterId),
          prompt: promptFor(store, live, work),
          sampling: samplingOf(settings.sampling),
          seed: live.seed,
        },
        {
          signal,
          onText(text) {
            streaming.add({ turn: live.turn, pane: live.pane, from: live.text.length, text });
            live.text += text;
          },
        },
      );
      const state = result.reason === 'stopped' ? 'stopped' : 'complete';
      keep(store, chat, live, { ...about, state, text: result.text, facts: factsOf(result), problem: null });
    } catch (error) {
      const known = error instanceof AppError ? error : new InternalError(`The answer failed: ${String(error)}.`, {}, { cause: error });
      if (known.code === 'internal') logger.error(known.message, known.cause ?? known);
      // Unloaded on purpose: what was written stays, as if it had been stopped.
      const isStopped = known.code === 'cancelled';
      const problem = isStopped ? null : known.message;
      try {
        keep(store, chat, live, { ...about, state: isStopped ? 'stopped' : 'failed', text: live.text, facts: null, problem });
      } catch (again) {
        logger.error('An answer could not be kept.', again);
      }
    }
  }

  #changed({ projectId, id: chatId }: Chat): void {
    this.#around.emit('chats.changed', { projectId, chatId });
  }
}

interface Work {
  readonly chat: Chat;
  readonly settings: ChatSettings;
  readonly playground: Playground;
  readonly streaming: Streaming;
  readonly signal: AbortSignal;
}

/** Without a template, the model goes on with the question alone. */
function promptFor(store: Store, { turn, pane }: LiveAnswer, { chat, settings, playground }: Work): ChatPrompt {
  const messages = conversationBefore(store, { chatId: chat.id, turn: turn - ANSWER, pane, system: settings.system });
  if (playground.opened.facts.hasChatTemplate) return { form: 'chat', messages };
  return { form: 'text', text: messages.at(-1)?.content ?? '' };
}

type About = Omit<StoredFacts, 'facts' | 'problem'> & Pick<Message, 'sampling'>;

function aboutAnswer(store: Store, { adapterId, seed }: LiveAnswer, { settings, playground }: Work): About {
  const { facts, model } = playground.opened;
  return {
    system: settings.system,
    hasChatTemplate: facts.hasChatTemplate,
    model: model.name,
    weights: facts.weights,
    device: facts.device,
    adapterSha256: adapterId === null ? null : (getAdapter(store, adapterId)?.sha256 ?? null),
    sampling: { ...settings.sampling, seed },
  };
}

function factsOf({ ids, promptTokens, tokensPerSecond, reason, droppedMessages }: AnswerResult): AnswerFacts {
  return { tokens: ids.length, promptTokens, tokensPerSecond, reason, droppedMessages };
}

type Ended = About & Pick<StoredFacts, 'facts' | 'problem'> & Pick<Message, 'state'> & { readonly text: string };

/** Nothing if the conversation was deleted meanwhile. */
function keep(store: Store, chat: Chat, live: LiveAnswer, { state, text, sampling, ...facts }: Ended): void {
  if (!getChat(store, chat.id)) return;
  const { turn, pane, speaker, adapterId } = live;
  const isThere = adapterId === null || getAdapter(store, adapterId) !== null;
  addMessage(store, {
    chatId: chat.id,
    turn,
    pane,
    role: 'assistant',
    content: text,
    speaker,
    sampling,
    state,
    adapterId: isThere ? adapterId : null,
    facts,
  });
}
