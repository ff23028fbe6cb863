/** @file The line between a job's process and the one that started it, whichever kind of child process it is. */
import { InternalError } from '#contract/errors.ts';
import { toJobSchema } from './job-messages.ts';
import type { FromJob, ToJob } from './job-messages.ts';

export interface JobChannel {
  send(message: FromJob): void;
  /** @param onMalformed - told what arrived that is no message */
  receive(onMessage: (message: ToJob) => void, onMalformed: (error: unknown) => void): void;
  /** Called once, when the other side is gone. */
  onClosed(listener: () => void): void;
}

/** Electron's utility process gives its child a `parentPort`; Node's `fork` gives `process.send`. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

/** @throws {InternalError} if this process was not started as a job */
export function parentChannel(): JobChannel {
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
  return {
    send: (message) => void process.send?.(message, () => undefined),
    receive: (onMessage, onMalformed) => process.on('message', (data) => parse(data, onMessage, onMalformed)),
    onClosed: (listener) => process.once('disconnect', listener),
  };
}

function parse(data: unknown, onMessage: (message: ToJob) => void, onMalformed: (error: unknown) => void): void {
  const parsed = toJobSchema.safeParse(data);
  if (parsed.success) onMessage(parsed.data);
  else onMalformed(parsed.error);
}
