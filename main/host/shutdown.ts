/** @file What must be ended before the program may, each once and in reverse order; none may keep the program from ending. */
import type { Logger } from '#ipc/services.ts';

/** A run saves a checkpoint in this time; longer than that nobody waits for a window to close. */
const STOP_TIMEOUT_MS = 20_000;

export interface Shutdown {
  readonly add: (stop: () => Promise<void> | void) => void;
  /** The same promise however often it is called; it never rejects. */
  readonly run: () => Promise<void>;
}

export function createShutdown(logger: Logger, timeoutMs = STOP_TIMEOUT_MS): Shutdown {
  const stops: (() => Promise<void> | void)[] = [];
  let running: Promise<void> | null = null;
  const runAll = async (): Promise<void> => {
    for (let stop = stops.pop(); stop; stop = stops.pop()) {
      try {
        // One after the other: the store is closed last.
        await inTime(stop, timeoutMs);
      } catch (error) {
        logger.error('Something could not be ended in order.', error);
      }
    }
  };
  return {
    add: (stop) => void stops.push(stop),
    run: () => (running ??= runAll()),
  };
}

async function inTime(stop: () => Promise<void> | void, timeoutMs: number): Promise<void> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`It took longer than ${timeoutMs / 1000} s.`)), timeoutMs);
  try {
    await Promise.race([Promise.resolve(stop()), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
