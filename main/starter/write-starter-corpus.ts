/** @file Writes the pretraining conversations to a JSON Lines file. */
import { open, rename, rm } from 'node:fs/promises';
import { StorageError } from '#contract/errors.ts';
import { generateCorpus } from './corpus.ts';
import type { CorpusOptions } from './corpus.ts';
import { jsonLines } from './json-lines.ts';

export interface StarterCorpusRequest extends CorpusOptions {
  /** Replaced if it exists, once the new one is complete. */
  readonly outFile: string;
}

/**
 * One `{"messages": […]}` a line, UTF-8.
 * @returns bytes written
 * @throws {StorageError} if the file can't be written; an old one is then untouched
 */
export async function writeStarterCorpus({ outFile, ...options }: StarterCorpusRequest): Promise<number> {
  const unfinished = `${outFile}.part`;
  try {
    const bytes = await writePieces(unfinished, jsonLines(generateCorpus(options)));
    await rename(unfinished, outFile);
    return bytes;
  } catch (error) {
    await rm(unfinished, { force: true });
    if (!(error instanceof Error) || !('syscall' in error)) throw error;
    throw new StorageError(`Could not write the starter corpus to ${outFile}: ${error.message}.`, { file: outFile }, { cause: error });
  }
}

async function writePieces(file: string, pieces: Iterable<string>): Promise<number> {
  const handle = await open(file, 'w');
  let bytes = 0;
  try {
    for (const piece of pieces) {
      await handle.appendFile(piece);
      bytes += Buffer.byteLength(piece);
    }
  } finally {
    await handle.close();
  }
  return bytes;
}
