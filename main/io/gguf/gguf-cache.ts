/** @file GGUF files made of models and adapters, kept under the hash of what they were made of. */
import { createHash } from 'node:crypto';
import { mkdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { adapterDeltas } from '#engine/export/adapter-deltas.ts';
import type { GgufDtype } from '#engine/export/gguf/gguf-dtype.ts';
import { linearModules } from '#engine/model/model-tensors.ts';
import type { ModelConfig } from '#engine/model/model-config.ts';
import { readAdapterFolder } from '#io/adapter-folder.ts';
import { asStorageError } from '#io/as-storage-error.ts';
import { hashFile } from '#io/hash-file.ts';
import type { ModelFolder } from '#io/model-folder.ts';
import { removeStaleTemporaryFiles } from '#io/temporary-file.ts';
import { trackBytes } from '#io/weight-cache/byte-progress.ts';
import type { ReportBytes } from '#io/weight-cache/byte-progress.ts';
import { hashModel } from '#io/weight-cache/hash-model.ts';
import { convertAdapterToGguf } from './convert-adapter.ts';
import { convertModelToGguf } from './convert-model.ts';

/** Increase it when files would come out differently: older ones are then made anew. */
const CACHE_VERSION = 1;
const FOLDER = 'gguf';
/** The files of a model folder, beside its weights and config.json, that go into the GGUF file. */
const TOKENIZER_FILES = [
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'chat_template.jinja',
  'generation_config.json',
];

export interface GgufCacheOptions {
  /** Made if it is missing. */
  readonly cacheDir: string;
  readonly onProgress?: ReportBytes;
  readonly signal?: AbortSignal;
}

export interface CachedGguf {
  readonly file: string;
  /** Whether this call made it. */
  readonly converted: boolean;
  /** What a person should know; only from the call that made it. */
  readonly notes: readonly string[];
}

/**
 * The model as a GGUF file; made at the first call.
 * @throws {UnsupportedModelError | FormatError | StorageError | CancelledError}
 */
export async function cachedModelGguf(folder: ModelFolder, dtype: GgufDtype, options: GgufCacheOptions): Promise<CachedGguf> {
  const { cacheDir, onProgress, signal } = options;
  const target = await prepareFolder(cacheDir);
  const { modelHash } = await hashModel(folder, { cacheDir, progress: trackBytes(undefined), signal });
  const key = createHash('sha256').update(`${CACHE_VERSION} ${modelHash} ${dtype}\n`);
  for (const name of TOKENIZER_FILES) key.update(`${name} ${await hashIfThere(join(folder.dir, name))}\n`);
  const file = join(target, `${key.digest('hex')}.gguf`);
  if (await exists(file)) return { file, converted: false, notes: [] };
  const { notes } = await convertModelToGguf(folder, file, {
    dtype,
    deltas: null,
    ...(onProgress && { onProgress }),
    ...(signal && { signal }),
  });
  return { file, converted: true, notes };
}

/**
 * A PEFT folder as a GGUF LoRA file for the model.
 * @throws {ShapeError} if the adapter was made for another model
 * @throws {FormatError | StorageError}
 */
export async function cachedAdapterGguf(adapterDir: string, config: ModelConfig, { cacheDir }: GgufCacheOptions): Promise<string> {
  const target = await prepareFolder(cacheDir);
  const adapter = await readAdapterFolder(adapterDir);
  const key = createHash('sha256').update(`${CACHE_VERSION} ${config.architecture} ${config.headDim}\n`);
  for (const name of ['adapter_config.json', 'adapter_model.safetensors']) key.update(`${await hashFile(join(adapterDir, name))}\n`);
  const file = join(target, `${key.digest('hex')}.lora.gguf`);
  const deltas = adapterDeltas(adapter, linearModules(config));
  if (!(await exists(file))) await convertAdapterToGguf(deltas, config, file, { name: basename(adapterDir) });
  return file;
}

async function prepareFolder(cacheDir: string): Promise<string> {
  const folder = join(cacheDir, FOLDER);
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw asStorageError(error, 'write', folder);
  }
  await removeStaleTemporaryFiles(folder);
  return folder;
}

async function exists(file: string): Promise<boolean> {
  return (await stat(file).catch(() => null)) !== null;
}

async function hashIfThere(file: string): Promise<string> {
  return (await exists(file)) ? hashFile(file) : '';
}
