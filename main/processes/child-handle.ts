/** @file A child process seen from outside, whichever way it was started, and what it is sent. */

export interface ChildHandle<Sent> {
  readonly pid: number | undefined;
  send(message: Sent): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once. `signal` is the name of the one that ended it, or null. */
  onExit(listener: (exitCode: number | null, signal: string | null) => void): void;
  /** At once; nothing is saved. */
  kill(): void;
}

export type Spawn<Sent> = () => ChildHandle<Sent>;
