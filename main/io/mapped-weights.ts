/**
 * @file Gives every weight of a model as bytes in a file that can be mapped into memory. float32, bfloat16 and float16 stay where they
 * are; what can't be mapped (float64, values off their alignment) is converted once, into a cache that every later run shares.
 */
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { InternalError, StorageError } from '#contract/errors.ts';
import { asStorageError } from './as-storage-error.ts';
import type { ChunkWriter } from './atomic-write.ts';
import { checkFreeSpace, type FreeBytes } from './check-free-space.ts';
import type { ModelFolder } from './model-folder.ts';
import { removeStaleTemporaryFiles } from './temporary-file.ts';
import { trackBytes, type ByteProgress, type ReportBytes } from './weight-cache/byte-progress.ts';
import { cacheMetadata, readCacheFile, type CacheFile } from './weight-cache/cache-file.ts';
import { convertWeights, valueCount } from './weight-cache/convert-weights.ts';
import { isSameStamp, stampFile, type FileStamp } from './weight-cache/file-stamp.ts';
import { hashModel } from './weight-cache/hash-model.ts';
import { sortWeights } from './weight-cache/sort-weights.ts';
import type { WeightLocation } from './weight-location.ts';
import type { MappedWeight } from './weight-range.ts';

export interface WeightCacheOptions {
  /** Made if it is missing. */
  readonly cacheDir: string;
  /** Bytes read of those to be read. Called for every tensor, or every few megabytes of one; not at all if nothing has to be read. */
  readonly onProgress?: ReportBytes;
  readonly signal?: AbortSignal;
  /** Replaces the system's answer, so that a small disk can be rehearsed. */
  readonly freeBytes?: FreeBytes;
  /** Replaces the write, so that a full disk can be rehearsed. */
  readonly writeChunk?: ChunkWriter;
}

export interface MappedWeights {
  /** Every float tensor; those of the cache as F32 at a multiple of 64 bytes, but for tensors after one of an odd size. */
  readonly tensors: ReadonlyMap<string, MappedWeight>;
  /** Tensors of integers (buffers, quantised weights), left out above. */
  readonly notFloat: ReadonlyMap<string, WeightLocation>;
  /** sha256, hexadecimal, over config.json and the weight files. */
  readonly modelHash: string;
  /** Whether this call wrote the cache. */
  readonly converted: boolean;
  /** The cache file that `tensors` refers to; null if all weights are used in place. */
  readonly cacheFile: string | null;
}

/**
 * The first call for a model reads all its weights (hash, NaN, conversion); later calls read headers only.
 * @throws {FormatError} if a weight is NaN or infinite, or of a float type that is not read (8 bits and less)
 * @throws {StorageError} if a file can't be read or written, or there is too little space for the cache
 * @throws {CancelledError} if `signal` is aborted; nothing half-written stays
 */
export async function ensureMappedWeights(folder: ModelFolder, options: WeightCacheOptions): Promise<MappedWeights> {
  const cacheDir = resolve(options.cacheDir);
  const { inPlace, toConvert, notFloat } = sortWeights(folder);
  await prepareFolder(cacheDir);
  const progress = trackBytes(options.onProgress);
  for (const { byteLength } of toConvert.values()) progress.expect(byteLength);
  const { modelHash, stamps } = await hashModel(folder, { cacheDir, progress, signal: options.signal });
  if (toConvert.size === 0) return { tensors: inPlace, notFloat, modelHash, converted: false, cacheFile: null };

  const cache: CacheFile = { path: join(cacheDir, `${modelHash}.safetensors`), modelHash, weights: toConvert };
  const existing = await readCacheFile(cache);
  const cached = existing ?? (await fillCache(cache, { ...options, cacheDir, stamps, progress, modelDir: folder.dir }));
  progress.finish();
  const tensors = new Map([...inPlace, ...cached]);
  return { tensors, notFloat, modelHash, converted: existing === null, cacheFile: cache.path };
}

async function prepareFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw asStorageError(error, 'write', folder);
  }
  await removeStaleTemporaryFiles(folder);
}

interface FillOptions extends WeightCacheOptions {
  readonly modelDir: string;
  readonly stamps: ReadonlyMap<string, FileStamp>;
  readonly progress: ByteProgress;
}

async function fillCache(cache: CacheFile, options: FillOptions): Promise<ReadonlyMap<string, MappedWeight>> {
  const { cacheDir, modelDir, stamps, progress, signal, writeChunk } = options;
  const neededBytes = [...cache.weights.values()].reduce((sum, weight) => sum + 4 * valueCount(weight), 0);
  await checkFreeSpace({ folder: cacheDir, neededBytes, purpose: `Converting ${modelDir} to float32` }, options.freeBytes);
  const checkSource = async (file: string): Promise<void> => {
    const stamp = stamps.get(file);
    if (stamp !== undefined && isSameStamp(stamp, await stampFile(file))) return;
    throw new StorageError(`${file} changed while it was converted. Wait until its download has ended, then try again.`, { file });
  };
  try {
    await convertWeights(cache.path, cache.weights, {
      metadata: cacheMetadata(cache),
      checkSource,
      onBytes: progress.advance,
      signal,
      writeChunk,
    });
  } catch (error) {
    // Another process may have finished first; on Windows its file, once mapped, can't be replaced, and need not be.
    const finished = error instanceof StorageError ? await readCacheFile(cache) : null;
    if (finished === null) throw error;
    return finished;
  }
  const written = await readCacheFile(cache);
  if (written === null) throw new InternalError(`The weight cache ${cache.path} was written but can't be read back.`, { file: cache.path });
  return written;
}
