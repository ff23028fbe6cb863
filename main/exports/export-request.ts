/** @file What every export is asked, and what it gives back. */
import type { RunSource } from './run-source.ts';
import type { Verification } from './verification.ts';

export interface ExportOptions {
  readonly source: RunSource;
  /** Absolute; made if it is missing, and empty. */
  readonly outDir: string;
  readonly cacheDir: string;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: { readonly label: string; readonly bytesDone: number; readonly bytesTotal: number }) => void;
}

export interface Exported {
  readonly dir: string;
  /** Names in it. */
  readonly files: readonly string[];
  /** Null for what can't be loaded here, such as a job for another program. */
  readonly verification: Verification | null;
  readonly notes: readonly string[];
}
