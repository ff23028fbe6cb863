/** @file The line to the process that started this one: Electron's utility process has a `parentPort`, Node's fork `process.send`. */
import { InternalError } from '#contract/errors.ts';

export interface ParentPort {
  send(message: unknown): void;
  receive(onMessage: (data: unknown) => void): void;
  /** Called once, when the other side is gone. */
  onClosed(listener: () => void): void;
}

interface ElectronPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

/** @throws {InternalError} if this process was not started by Prospect */
export function parentPort(): ParentPort {
  const { parentPort: port } = process as { readonly parentPort?: ElectronPort };
  if (port) {
    return {
      send: (message) => port.postMessage(message),
      receive: (onMessage) => port.on('message', ({ data }) => onMessage(data)),
      onClosed: () => undefined, // Electron ends its utility processes with the app
    };
  }
  if (!process.send) throw new InternalError('This program is started by Prospect, not by hand.');
  return {
    send: (message) => void process.send?.(message, () => undefined),
    receive: (onMessage) => void process.on('message', onMessage),
    onClosed: (listener) => void process.once('disconnect', listener),
  };
}
