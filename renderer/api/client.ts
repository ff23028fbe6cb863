/** @file The way to main, the same in an Electron window and in a browser. */
import type { Host } from '#contract/app.ts';
import type { FileReference } from '#contract/files.ts';
import type { EventName, EventPayload, InputArguments, RequestName, RequestOutput } from '#contract/index.ts';

/**
 * `refused`: Prospect was started anew, so that this page's link is no longer good. In Electron it is always `open`.
 */
export type ConnectionState = 'connecting' | 'open' | 'lost' | 'refused';

export interface Connection {
  current(): ConnectionState;
  /** @returns how to end it */
  subscribe(listener: () => void): () => void;
}

export interface Client {
  readonly host: Host;
  readonly connection: Connection;
  /** @throws {AppError} with a message for the person */
  request<N extends RequestName>(name: N, ...input: InputArguments<N>): Promise<RequestOutput<N>>;
  /** @returns how to end it */
  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void;
  /**
   * Makes a dropped file something that requests take: a path, or an upload, which is sent now.
   * @param onProgress - part that was sent, 0 to 1
   * @throws {AppError} if it can't be sent
   */
  handOver(file: File, onProgress?: (part: number) => void): Promise<FileReference>;
}
