/** @file What comparing runs needs of the program around it. */
import type { SpawnInquiry } from '#inquiries/ask-inquiry.ts';
import type { Store } from '#store/store.ts';

export interface ComparisonSurroundings {
  readonly store: Store;
  /** Absolute. */
  readonly cacheDir: string;
  readonly spawnInquiry: SpawnInquiry;
}

/** Work that takes long, as a person sees it. */
export interface ComparisonTask {
  readonly signal: AbortSignal;
  /** The next part of it. */
  readonly begin: (title: string, unit: 'pairs' | 'prompts') => void;
  readonly progress: (done: number, total: number | null) => void;
}
