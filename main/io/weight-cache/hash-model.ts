/** @file One hash for a model: everything computed from its weights (cache, log-probabilities, checkpoints) is filed under it. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { StorageError } from '#contract/errors.ts';
import { asStorageError } from '#io/as-storage-error.ts';
import type { ModelFolder } from '#io/model-folder.ts';
import type { ByteProgress } from './byte-progress.ts';
import { recallHash, rememberHash } from './file-memo.ts';
import { isSameStamp, stampFile, type FileStamp } from './file-stamp.ts';
import { hashWeightFile } from './hash-weight-file.ts';

export interface HashModelOptions {
  readonly cacheDir: string;
  readonly progress: ByteProgress;
  readonly signal?: AbortSignal | undefined;
}

export interface HashedModel {
  /** sha256, hexadecimal, over config.json and the weight files' content and names. */
  readonly modelHash: string;
  /** State of each weight file when it was hashed. */
  readonly stamps: ReadonlyMap<string, FileStamp>;
}

/**
 * Reads the weight files that were not hashed before, and checks that the tensors that are mapped as they lie are finite.
 * @throws {FormatError} if a tensor that can be mapped holds NaN or infinity
 * @throws {StorageError} if a file can't be read or changes meanwhile
 * @throws {CancelledError} if `signal` is aborted
 */
export async function hashModel(folder: ModelFolder, options: HashModelOptions): Promise<HashedModel> {
  const stamps = new Map<string, FileStamp>();
  const known = new Map<string, string | null>();
  for (const file of folder.weightFiles) {
    const stamp = await stampFile(file);
    stamps.set(file, stamp);
    known.set(file, await recallHash(options.cacheDir, stamp));
  }
  const unread = folder.weightFiles.filter((file) => known.get(file) === null);
  for (const file of unread) options.progress.expect(Number(stamps.get(file)?.size ?? 0));

  const hashes = new Map<string, string>();
  for (const [file, stamp] of stamps) hashes.set(file, known.get(file) ?? (await hashAndRemember(folder, file, stamp, options)));
  return { modelHash: await joinHashes(folder.dir, hashes), stamps };
}

/**
 * The hash of a model whose weight files were all hashed before, without reading them again.
 * @returns null if one was not, or has changed since
 * @throws {StorageError} if a file can't be looked at
 */
export async function recallModelHash(folder: ModelFolder, cacheDir: string): Promise<string | null> {
  const hashes = new Map<string, string>();
  for (const file of folder.weightFiles) {
    const sha256 = await recallHash(cacheDir, await stampFile(file));
    if (sha256 === null) return null;
    hashes.set(file, sha256);
  }
  return joinHashes(folder.dir, hashes);
}

/** @param hashes - by weight file, in the order of the folder */
async function joinHashes(dir: string, hashes: ReadonlyMap<string, string>): Promise<string> {
  const hash = createHash('sha256').update(`config.json ${await hashConfig(dir)}\n`);
  for (const [file, sha256] of hashes) hash.update(`${basename(file)} ${sha256}\n`);
  return hash.digest('hex');
}

async function hashConfig(dir: string): Promise<string> {
  const file = join(dir, 'config.json');
  try {
    return createHash('sha256')
      .update(await readFile(file))
      .digest('hex');
  } catch (error) {
    throw asStorageError(error, 'read', file);
  }
}

async function hashAndRemember(folder: ModelFolder, file: string, stamp: FileStamp, options: HashModelOptions): Promise<string> {
  const tensors = new Map([...folder.tensors].filter(([, tensor]) => tensor.file === file));
  const sha256 = await hashWeightFile(file, tensors, { onBytes: options.progress.advance, signal: options.signal });
  if (!isSameStamp(stamp, await stampFile(file))) {
    throw new StorageError(`${file} changed while it was read. Wait until its download has ended, then try again.`, { file });
  }
  await rememberHash(options.cacheDir, stamp, sha256);
  return sha256;
}
