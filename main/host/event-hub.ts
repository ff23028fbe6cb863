/** @file Hands every event on to every window. */
import type { EventName } from '#contract/index.ts';
import type { Emit } from '#ipc/services.ts';

/** An event on its way. */
export interface EventMessage {
  readonly name: EventName;
  readonly payload: unknown;
}

export interface EventHub {
  readonly emit: Emit;
  /** @returns how to end it */
  subscribe(listener: (message: EventMessage) => void): () => void;
}

export function createEventHub(): EventHub {
  const listeners = new Set<(message: EventMessage) => void>();
  return {
    emit: (name, ...payload) => {
      for (const listener of listeners) listener({ name, payload: payload[0] });
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
