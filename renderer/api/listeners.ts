/** @file Who wants to be told which event. */
import type { EventName, EventPayload } from '#contract/index.ts';

export interface Listeners {
  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void;
  tell(name: EventName, payload: unknown): void;
}

export function createListeners(): Listeners {
  const byName = new Map<EventName, Set<(payload: never) => void>>();
  return {
    on(name, listener) {
      const listeners = byName.get(name) ?? new Set();
      byName.set(name, listeners.add(listener));
      return () => void listeners.delete(listener);
    },
    tell(name, payload) {
      // Main checked it against the contract's types.
      for (const listener of byName.get(name) ?? []) listener(payload as never);
    },
  };
}
