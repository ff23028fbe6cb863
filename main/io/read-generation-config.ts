/** @file Reads the optional generation_config.json of a model folder. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { asStorageError } from './as-storage-error.ts';
import { readJsonFile } from './read-json-file.ts';

const NAME = 'generation_config.json';

/**
 * @returns what it holds, not interpreted; null where there is none
 * @throws {FormatError | StorageError} if it is there but can't be read
 */
export async function readGenerationConfig(modelDir: string): Promise<unknown> {
  const names = await readdir(modelDir).catch((error: unknown) => Promise.reject(asStorageError(error, 'read', modelDir)));
  return names.includes(NAME) ? readJsonFile(join(modelDir, NAME)) : null;
}
