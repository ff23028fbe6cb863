/** @file The program of the process that runs llama.cpp: a crash in native code, or a model that fills the memory, ends it and not the app. */
import { InternalError } from '#contract/errors.ts';
import { channelToParent } from '#processes/channel-to-parent.ts';
import { toFailure } from '#processes/failure.ts';
import { toChatSchema } from './chat-messages.ts';
import type { FromChat, ToChat } from './chat-messages.ts';
import type { ChatModel } from './chat-model.ts';
import { gatheredText } from './gathered-text.ts';

const channel = channelToParent<ToChat, FromChat>(toChatSchema);
const running = new Map<number, AbortController>();
/** Answers of one adapter wait for each other: they share a context. */
const turns = new Map<string | null, Promise<unknown>>();
let model: ChatModel | null = null;

channel.receive(
  (message) => void handle(message),
  (error) => fail(null, new InternalError('The chat process was sent a message it does not understand.', {}, { cause: error })),
);
channel.onClosed(() => process.exit(0));
send({ type: 'ready' });

function send(message: FromChat): void {
  channel.send(message);
}

async function handle(message: ToChat): Promise<void> {
  const { id } = message;
  if (message.type === 'stop') {
    running.get(id)?.abort();
    return;
  }
  const stop = new AbortController();
  running.set(id, stop);
  try {
    await work(message, stop.signal);
  } catch (error) {
    fail(id, error);
  } finally {
    running.delete(id);
  }
}

async function work(message: Exclude<ToChat, { type: 'stop' }>, signal: AbortSignal): Promise<void> {
  const { id } = message;
  switch (message.type) {
    case 'open': {
      const { ChatModel: Model } = await import('./chat-model.ts');
      model = await Model.open(message.request, {
        report: (phase, done, total) => send({ type: 'progress', id, phase, done, total }),
        signal,
      });
      return send({ type: 'opened', id, result: model.facts });
    }
    case 'answer': {
      const { request } = message;
      const gathered = gatheredText((text) => send({ type: 'text', id, text }));
      const answering = inTurn(request.adapter, () => opened().answer(request, { onText: gathered.add, signal }));
      const result = await answering.finally(gathered.flush);
      return send({ type: 'answered', id, result });
    }
    case 'score': {
      const { request } = message;
      return send({ type: 'scored', id, result: await inTurn(request.adapter, () => opened().score(request)) });
    }
    case 'compare': {
      const { request } = message;
      // The base model's turn first, always: two comparisons can't wait for each other.
      const result = await inTurn(null, () => inTurn(request.adapter, () => opened().compare(request)));
      return send({ type: 'compared', id, result });
    }
    case 'tokenise':
      return send({ type: 'tokenised', id, result: opened().tokenise(message.text) });
    case 'drop':
      await inTurn(message.adapter, () => opened().drop(message.adapter));
      return send({ type: 'dropped', id });
    default:
      return message satisfies never;
  }
}

function opened(): ChatModel {
  if (!model) throw new InternalError('No model was opened in the chat process.');
  return model;
}

async function inTurn<Result>(adapter: string | null, job: () => Promise<Result>): Promise<Result> {
  const before = turns.get(adapter) ?? Promise.resolve();
  const turn = before.then(job, job);
  turns.set(
    adapter,
    turn.catch(() => undefined),
  );
  return turn;
}

function fail(id: number | null, error: unknown): void {
  send({ type: 'failed', id, error: toFailure(error, 'Chatting failed') });
}
