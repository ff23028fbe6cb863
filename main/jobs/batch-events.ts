/** @file Gathers the events of a job into a few messages a second, losing none that matters. */
import type { JobEvent } from './training-request.ts';

/** Ten messages a second. */
const INTERVAL_MS = 100;

export interface EventBatcher {
  add(event: JobEvent): void;
  /** Sends what is waiting, now. */
  flush(): void;
}

/**
 * Of several progress reports that wait, only the newest is kept; every other event is sent, in order. An event after a quiet time goes out
 * at once, unless the thread is about to be blocked by a computation: then timers would not fire, so what is due is sent by `add` itself.
 * @param nowMs - a monotonic clock
 */
export function batchEvents(send: (events: readonly JobEvent[]) => void, nowMs: () => number): EventBatcher {
  let waiting: JobEvent[] = [];
  let lastSentMs = -Infinity;
  let timer: NodeJS.Timeout | null = null;
  const flush = () => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (waiting.length === 0) return;
    lastSentMs = nowMs();
    send(waiting);
    waiting = [];
  };
  return {
    add(event) {
      if (event.kind === 'progress') waiting = waiting.filter(({ kind }) => kind !== 'progress');
      waiting.push(event);
      const dueInMs = lastSentMs + INTERVAL_MS - nowMs();
      if (dueInMs <= 0) flush();
      else timer ??= setTimeout(flush, dueInMs);
    },
    flush,
  };
}
