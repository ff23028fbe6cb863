/** @file Hashes of models and adapters: what was computed of one is filed under it, so that it is never taken for another's. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { hashFile } from '#io/hash-file.ts';
import { openModelFolder } from '#io/model-folder.ts';
import { stampFile } from '#io/weight-cache/file-stamp.ts';
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
  for (const name of TEXT_FILES) {
    const file = join(modelDir, name);
    if (existsSync(file)) hash.update(`\n${name} ${await fileHash(file)}`);
  }
  return hash.digest('hex');
}

/** @throws {StorageError} if a file is not there */
export async function adapterKey(adapterDir: string): Promise<string> {
  return hashOf(await Promise.all(ADAPTER_FILES.map((name) => fileHash(join(adapterDir, name)))));
}

/** Of anything that is plain JSON. */
export function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

/** By the state of the file: asked at every vote, and read only when it has changed. */
const known = new Map<string, string>();

async function fileHash(file: string): Promise<string> {
  const stamp = JSON.stringify(await stampFile(file));
  const hash = known.get(stamp) ?? (await hashFile(file));
  known.set(stamp, hash);
  return hash;
}
