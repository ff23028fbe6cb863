/** @file Reads a small JSON file; what its fields mean is the caller's matter. */
import { open } from 'node:fs/promises';
import { FormatError } from '#contract/errors.ts';
import { asStorageError } from './as-storage-error.ts';

/** A configuration is a few kilobytes, a shard index or a tokenizer some megabytes; a larger file is not what it is called. */
const MAX_JSON_BYTES = 256 * 1024 * 1024;

/**
 * @returns the parsed value; a leading byte order mark is allowed
 * @throws {FormatError} if the file is not UTF-8 JSON
 * @throws {StorageError} if it can't be read
 */
export async function readJsonFile(file: string): Promise<unknown> {
  const bytes = await readSmallFile(file);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new FormatError(`${file} is not UTF-8 text. Download it again.`, { file });
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    const what = text.trim() === '' ? 'is empty' : 'is not JSON';
    const where = error instanceof SyntaxError ? ` (${error.message})` : '';
    throw new FormatError(`${file} ${what}${where}. Download it again.`, { file }, { cause: error });
  }
}

async function readSmallFile(file: string): Promise<Uint8Array> {
  try {
    const handle = await open(file, 'r');
    try {
      const { size } = await handle.stat();
      if (size > MAX_JSON_BYTES) {
        throw new FormatError(`${file} has ${size} bytes, too many for a JSON file; at most ${MAX_JSON_BYTES} are read.`, {
          file,
          limit: MAX_JSON_BYTES,
        });
      }
      return await handle.readFile();
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw asStorageError(error, 'read', file);
  }
}
