/** @file The GGUF file of a base model to chat with: made once, and compared once with what the engine computes, before it is used. */
import { readFile, rm } from 'node:fs/promises';
import { ChatModel } from '#chat/chat-model.ts';
import { FormatError } from '#contract/errors.ts';
import type { GgufDtype } from '#engine/export/gguf/gguf-dtype.ts';
import { writeFileAtomically } from '#io/atomic-write.ts';
import { cachedModelGguf } from '#io/gguf/gguf-cache.ts';
import { openModelFolder } from '#io/model-folder.ts';
import { verificationText } from './verification.ts';
import { verifyGguf } from './verify-gguf.ts';

export interface GgufRequest {
  readonly modelDir: string;
  readonly dtype: GgufDtype;
  readonly cacheDir: string;
}

export interface PreparedGguf {
  readonly file: string;
  /** What a person should know. */
  readonly notes: readonly string[];
}

export type GgufPhase = 'Converting the model' | 'Checking the converted model';
export interface PrepareOptions {
  readonly signal: AbortSignal;
  /** Bytes while it is converted; nothing can be counted while it is checked. */
  readonly onProgress: (phase: GgufPhase, done: number, total: number) => void;
}

/**
 * A file that was converted and not checked, because the program ended in between, is checked now.
 * @throws {FormatError} if llama.cpp computes something else with it than the engine does; it is deleted then
 * @throws {UnsupportedModelError | StorageError | CancelledError}
 */
export async function prepareGguf(
  { modelDir, dtype, cacheDir }: GgufRequest,
  { signal, onProgress }: PrepareOptions,
): Promise<PreparedGguf> {
  const folder = await openModelFolder(modelDir);
  const { file, notes } = await cachedModelGguf(folder, dtype, {
    cacheDir,
    signal,
    onProgress: ({ bytesDone, bytesTotal }) => onProgress('Converting the model', bytesDone, bytesTotal),
  });
  const earlier = await readText(recordFile(file));
  if (earlier !== null) return { file, notes: [earlier] };
  onProgress('Checking the converted model', 0, 1);
  const verified = await verifyFile({ modelDir, dtype, cacheDir }, file, signal);
  await writeFileAtomically(recordFile(file), verified);
  return { file, notes: [...notes, verified] };
}

async function verifyFile({ modelDir, dtype, cacheDir }: GgufRequest, file: string, signal: AbortSignal): Promise<string> {
  const chat = await ChatModel.open(
    { modelDir, ggufFile: file, dtype, cacheDir, gpu: 'off', contextTokens: 64, threads: null, exact: false },
    { report: () => undefined, signal },
  );
  const { contextTokens } = chat.facts;
  const verification = await verifyGguf({ chat, ggufAdapter: null, modelDir, adapterDir: null, dtype, contextTokens, cacheDir, signal });
  if (verification.isSame) return verificationText(verification);
  await rm(file, { force: true });
  throw new FormatError(verificationText(verification), { file });
}

function recordFile(file: string): string {
  return `${file}.verified.txt`;
}

async function readText(file: string): Promise<string | null> {
  return readFile(file, 'utf8').catch(() => null);
}
