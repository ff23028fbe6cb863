/** @file What every export is asked, and what it gives back. */
import type { RunSource } from './run-source.ts';
import type { Verification } from './verification.ts';

export interface ExportProgress {
  /** What is being done: "Merging the weights". */
  readonly label: string;
  readonly done: number;
  /** Null while unknown. */
  readonly total: number | null;
  readonly unit: 'bytes' | 'texts';
}

export interface ExportOptions {
  readonly source: RunSource;
  /** Absolute; made if it is missing, and empty. */
  readonly outDir: string;
  readonly cacheDir: string;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: ExportProgress) => void;
}

export interface Exported {
  readonly dir: string;
  /** Names in it. */
  readonly files: readonly string[];
  /** Null for what can't be loaded here, such as a job for another program. */
  readonly verification: Verification | null;
  readonly notes: readonly string[];
  /** A file that must lie beside them under `name`, and where there is one; null if they are whole. */
  readonly companion: { readonly file: string; readonly name: string } | null;
}
