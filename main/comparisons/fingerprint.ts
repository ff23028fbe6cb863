/** @file Hashes of models and adapters: what was computed of one is filed under it, so that it is never taken for another's. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { asStorageError, systemErrorCode } from '#io/as-storage-error.ts';
import { hashFile } from '#io/hash-file.ts';
import { openModelFolder } from '#io/model-folder.ts';
import { recallModelHash } from '#io/weight-cache/hash-model.ts';

/** What decides how a text becomes tokens, and where an answer ends. */
const TEXT_FILES = [
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'chat_template.jinja',
  'chat_template.json',
  'generation_config.json',
] as const;
const ADAPTER_FILES = ['adapter_config.json', 'adapter_model.safetensors'] as const;

/**
 * @returns sha256, hexadecimal; null while its weights have never been read, since that takes long: then nothing was computed of it either
 * @throws {FormatError | StorageError} if the folder is not there or is no model
 */
export async function modelKey(modelDir: string, cacheDir: string): Promise<string | null> {
  const weights = await recallModelHash(await openModelFolder(modelDir), cacheDir);
  if (weights === null) return null;
  const hash = createHash('sha256').update(weights);
  for (const name of TEXT_FILES) hash.update(`\n${name} ${await contentHash(join(modelDir, name))}`);
  return hash.digest('hex');
}

/** @throws {StorageError} if a file is not there */
export async function adapterKey(adapterDir: string): Promise<string> {
  const hashes = await Promise.all(ADAPTER_FILES.map((name) => hashFile(join(adapterDir, name))));
  return hashOf(hashes);
}

/** Of anything that is plain JSON. */
export function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

async function contentHash(file: string): Promise<string> {
  try {
    return createHash('sha256')
      .update(await readFile(file))
      .digest('hex');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return '';
    throw asStorageError(error, 'read', file);
  }
}
