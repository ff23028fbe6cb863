/** @file Fetches one file: goes on where it was, checks its hash, and gives up when nothing comes any more. */
import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CancelledError, FormatError, StorageError } from '#contract/errors.ts';
import { asStorageError } from '#io/as-storage-error.ts';
import { hubError } from './hub-error.ts';
import type { RepositoryFile } from './wanted-files.ts';

/** A line that is only slow sends something in this time. */
const SILENCE_MS = 30_000;
/** A line that breaks is tried again, from where it broke. */
const ATTEMPTS = 4;
const PAUSE_MS = 1000;

export interface DownloadFileOptions {
  readonly url: string;
  readonly expected: RepositoryFile;
  /** Where it will be; until it is whole and checked it is called `<path>.part`. */
  readonly path: string;
  readonly signal: AbortSignal;
  /** Told how many bytes of it are there. */
  readonly onProgress: (bytes: number) => void;
  readonly silenceMs?: number;
  readonly pauseMs?: number;
}

/**
 * @throws {StorageError} if it can't be fetched or written; what came stays for the next time
 * @throws {FormatError} if its hash is wrong; nothing of it stays
 * @throws {CancelledError} if `signal` is aborted
 */
export async function downloadFile(options: DownloadFileOptions): Promise<void> {
  const { path, expected, signal, url, pauseMs = PAUSE_MS } = options;
  if ((await sizeOf(path)) === expected.bytes) return options.onProgress(expected.bytes);
  await mkdir(dirname(path), { recursive: true }).catch((error: unknown) => {
    throw asStorageError(error, 'write', path);
  });
  for (let attempt = 1; ; attempt++) {
    try {
      await fetchRest(options);
      break;
    } catch (error) {
      if (signal.aborted) throw new CancelledError();
      if (attempt === ATTEMPTS || !isWorthAnotherTry(error)) throw hubError(error, `fetch ${expected.path}`, url);
      await pause(pauseMs * attempt, signal);
    }
  }
  await checkHash(options);
  await rename(`${path}.part`, path);
}

/** Appends what is missing to the part that is there. */
async function fetchRest({ url, expected, path, signal, onProgress, silenceMs = SILENCE_MS }: DownloadFileOptions): Promise<void> {
  const part = `${path}.part`;
  let done = (await sizeOf(part)) ?? 0;
  if (done > expected.bytes) {
    await rm(part);
    done = 0;
  }
  onProgress(done);
  if (done === expected.bytes && done > 0) return;
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), silenceMs);
  const limit = AbortSignal.any([signal, silence.signal]);
  try {
    const response = await fetch(url, { headers: done > 0 ? { range: `bytes=${done}-` } : {}, signal: limit, redirect: 'follow' });
    if (!response.ok) throw Object.assign(new Error(`status ${response.status}`), { statusCode: response.status });
    // A server that does not know ranges sends all of it again.
    if (done > 0 && response.status !== 206) done = 0;
    const file = await open(part, done === 0 ? 'w' : 'a');
    try {
      for await (const chunk of response.body ?? []) {
        clearTimeout(timer);
        timer = setTimeout(() => silence.abort(), silenceMs);
        done += chunk.length;
        if (done > expected.bytes) throw new FormatError(`${expected.path} is larger than the Hub said.`, { file: expected.path });
        await file.writeFile(chunk);
        onProgress(done);
      }
      await file.sync();
    } catch (error) {
      throw error instanceof Error && 'syscall' in error ? asStorageError(error, 'write', part) : error;
    } finally {
      await file.close();
    }
  } catch (error) {
    if (silence.signal.aborted && !signal.aborted) {
      throw Object.assign(new Error(`nothing came for ${silenceMs / 1000} s`), {
        cause: { code: `nothing came for ${silenceMs / 1000} s` },
      });
    }
    throw error;
  } finally {
    clearTimeout(timer);
  }
  if (done < expected.bytes) throw new Error(`only ${done} of ${expected.bytes} bytes came`);
}

/** A refusal stays a refusal, and a full disk full. */
function isWorthAnotherTry(error: unknown): boolean {
  if (error instanceof StorageError || error instanceof FormatError) return false;
  const status = (error as { readonly statusCode?: number }).statusCode;
  return status === undefined || status >= 500 || status === 429;
}

async function checkHash({ expected, path, signal }: DownloadFileOptions): Promise<void> {
  const wanted = expected.sha256 ?? expected.gitHash;
  if (wanted === null) return;
  const part = `${path}.part`;
  const hash = expected.sha256 === null ? gitBlobHash(expected.bytes) : createHash('sha256');
  for await (const chunk of createReadStream(part)) {
    if (signal.aborted) throw new CancelledError();
    hash.update(chunk as Buffer);
  }
  if (hash.digest('hex') === wanted) return;
  await rm(part, { force: true });
  throw new FormatError(`${expected.path} did not arrive as it was sent: its hash is wrong. Try again; what came was removed.`, {
    file: expected.path,
  });
}

function gitBlobHash(bytes: number): Hash {
  return createHash('sha1').update(`blob ${bytes}\0`);
}

async function sizeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size;
  } catch {
    return null;
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  signal.addEventListener('abort', () => resolve(), { once: true });
  await promise;
  clearTimeout(timer);
}
