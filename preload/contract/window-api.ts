/** @file What the preload file puts into an Electron window as `window.api`. */
import type { EventName } from './index.ts';
import type { Result } from './result.ts';

export interface WindowApi {
  readonly host: 'electron';
  /** Never rejects: an error is a result. */
  request(name: string, input: unknown): Promise<Result<unknown>>;
  /** @returns how to end it */
  on(listener: (name: EventName, payload: unknown) => void): () => void;
  /** @param files - DOM File objects of a drop, which know their paths only here @returns as many paths; empty for what is no file on disk */
  pathsOfDroppedFiles(files: readonly object[]): string[];
}
