/** @file Files the program was opened with (an argument, a double click), until a window takes them. */
import { resolve } from 'node:path';

const EXTENSIONS = ['.jsonl', '.json', '.csv', '.tsv', '.parquet'];

export interface OpenedFiles {
  /** @param path - absolute */
  add(path: string): void;
  take(): readonly string[];
}

/** @param onAdded - tells the windows to take them */
export function createOpenedFiles(onAdded: () => void): OpenedFiles {
  let waiting: string[] = [];
  return {
    add(path) {
      waiting.push(path);
      onAdded();
    },
    take() {
      const taken = waiting;
      waiting = [];
      return taken;
    },
  };
}

/** The files of datasets among a command line's words. @param folder - what relative ones are relative to @returns absolute */
export function datasetArguments(argv: readonly string[], folder: string): readonly string[] {
  return argv
    .filter((word) => !word.startsWith('-') && EXTENSIONS.some((extension) => word.toLowerCase().endsWith(extension)))
    .map((word) => resolve(folder, word));
}
