/** @file The line between a child process and the one that started it, whichever kind of child process it is. */
import type { z } from 'zod';
import { InternalError } from '#contract/errors.ts';

export interface ProcessChannel<Received, Sent> {
  send(message: Sent): void;
  /** @param onMalformed - told what arrived that is no message */
  receive(onMessage: (message: Received) => void, onMalformed: (error: unknown) => void): void;
  /** Called once, when the other side is gone. */
  onClosed(listener: () => void): void;
}

/** Electron's utility process gives its child a `parentPort`; Node's `fork` gives `process.send`. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

/**
 * @param schema - of what the parent sends
 * @throws {InternalError} if this process was not started by Prospect
 */
export function channelToParent<Received, Sent>(schema: z.ZodType<Received>): ProcessChannel<Received, Sent> {
  const parse = (data: unknown, onMessage: (message: Received) => void, onMalformed: (error: unknown) => void): void => {
    const parsed = schema.safeParse(data);
    if (parsed.success) onMessage(parsed.data);
    else onMalformed(parsed.error);
  };
  const { parentPort } = process as { readonly parentPort?: ParentPort };
  if (parentPort) {
    return {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a process, not a window
      send: (message) => parentPort.postMessage(message),
      receive: (onMessage, onMalformed) => parentPort.on('message', ({ data }) => parse(data, onMessage, onMalformed)),
      onClosed: () => undefined, // Electron ends its utility processes with the app
    };
  }
  if (!process.send) throw new InternalError('This program is started by Prospect, not by hand.');
  // A terminal tells every process of Ctrl+C at once; what becomes of this one is its parent's to say, which may want a checkpoint first.
  process.on('SIGINT', () => undefined);
  return {
    send: (message) => void process.send?.(message, () => undefined),
    receive: (onMessage, onMalformed) => process.on('message', (data) => parse(data, onMessage, onMalformed)),
    onClosed: (listener) => process.once('disconnect', listener),
  };
}
