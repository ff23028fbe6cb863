/** @file What the playgrounds are given: the store, ways to start processes, and whom to tell. */
import type { SpawnChat } from '#chat/chat-process.ts';
import type { EventName, PayloadArguments } from '#contract/index.ts';
import type { SpawnInquiry } from '#inquiries/ask-inquiry.ts';
import type { Store } from '#store/store.ts';

export interface PlaygroundSurroundings {
  readonly store: Store;
  /** Where converted models are kept. */
  readonly cacheDir: string;
  readonly spawnChat: SpawnChat;
  readonly spawnInquiry: SpawnInquiry;
  readonly logger: { info(message: string): void; warn(message: string): void; error(message: string, cause?: unknown): void };
  readonly emit: <N extends EventName>(name: N, ...payload: PayloadArguments<N>) => void;
  /** Runs that compute now, which need the memory. */
  readonly underWay: () => readonly { readonly id: number; readonly name: string }[];
}
