/** @file A client for tests of screens: each request is answered by a function of the test. */
import { AppError } from '#contract/errors.ts';
import type { EventName, EventPayload, PayloadArguments, RequestInput, RequestName, RequestOutput } from '#contract/index.ts';
import type { Client, ConnectionState } from '#renderer/api/client.ts';
import { createListeners } from '#renderer/api/listeners.ts';

/** What main would answer. */
export type Answers = { readonly [N in RequestName]?: (input: RequestInput<N>) => RequestOutput<N> | Promise<RequestOutput<N>> };

export interface FakeClient extends Client {
  /** As main would. */
  tell<N extends EventName>(name: N, ...payload: PayloadArguments<N>): void;
  connect(state: ConnectionState): void;
  /** Names and inputs in the order they were asked. */
  readonly asked: (readonly [RequestName, unknown])[];
}

/** @param answers - what is asked beside them fails */
export function fakeClient(answers: Answers): FakeClient {
  const listeners = createListeners();
  const watchers = new Set<() => void>();
  const asked: (readonly [RequestName, unknown])[] = [];
  let state: ConnectionState = 'open';
  return {
    host: 'browser',
    connection: {
      current: () => state,
      subscribe(watcher) {
        watchers.add(watcher);
        return () => void watchers.delete(watcher);
      },
    },
    request: async <N extends RequestName>(name: N, ...[input]: readonly unknown[]) => {
      asked.push([name, input]);
      const answer = answers[name] as ((input: unknown) => RequestOutput<N> | Promise<RequestOutput<N>>) | undefined;
      if (!answer) throw new AppError('internal', `The test has no answer to ${name}.`);
      return answer(input);
    },
    on: <N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void) => listeners.on(name, listener),
    handOver: (file) => Promise.resolve({ path: `/dropped/${file.name}` }),
    tell: (name, ...payload) => listeners.tell(name, payload[0]),
    connect(next) {
      state = next;
      watchers.forEach((watcher) => watcher());
    },
    asked,
  };
}
