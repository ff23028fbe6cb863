/** @file Files the program was opened with (an argument, a double click), until a window takes them. */
import { resolve } from 'node:path';

const ARCHIVE = '.prospect';
const EXTENSIONS = ['.jsonl', '.json', '.csv', '.tsv', '.parquet', ARCHIVE];

/** Rows of a dataset, or a whole project. */
export type OpenedKind = 'dataset' | 'archive';

export interface OpenedFiles {
  /** @param path - absolute */
  add(path: string): void;
  take(kind: OpenedKind): readonly string[];
}

/** @param onAdded - tells the windows to take them */
export function createOpenedFiles(onAdded: (kind: OpenedKind) => void): OpenedFiles {
  const waiting: Record<OpenedKind, string[]> = { dataset: [], archive: [] };
  return {
    add(path) {
      const kind = path.toLowerCase().endsWith(ARCHIVE) ? 'archive' : 'dataset';
      waiting[kind].push(path);
      onAdded(kind);
    },
    take(kind) {
      const taken = waiting[kind];
      waiting[kind] = [];
      return taken;
    },
  };
}

/** The files of datasets and archives of projects among a command line's words. @param folder - what relative ones are relative to @returns absolute */
export function datasetArguments(argv: readonly string[], folder: string): readonly string[] {
  return argv
    .filter((word) => !word.startsWith('-') && EXTENSIONS.some((extension) => word.toLowerCase().endsWith(extension)))
    .map((word) => resolve(folder, word));
}
