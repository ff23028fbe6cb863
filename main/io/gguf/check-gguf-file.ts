/** @file Tells a GGUF file from something else before llama.cpp is asked, which would try again and again. */
import { open } from 'node:fs/promises';
import { FormatError } from '#contract/errors.ts';
import { asStorageError } from '#io/as-storage-error.ts';
import { readBytes } from '#io/read-bytes.ts';

const HEADER_BYTES = 24;
const MAGIC = 'GGUF';
const VERSIONS = [2, 3];
/** Far above what a file has; a broken one shows absurd numbers here. */
const MAX_COUNT = 1_000_000n;

/**
 * @throws {FormatError} if it is no GGUF file, or of a version that is not read
 * @throws {StorageError} if it can't be read
 */
export async function checkGgufFile(file: string): Promise<void> {
  const bytes = new Uint8Array(HEADER_BYTES);
  let length: number;
  try {
    const handle = await open(file, 'r');
    try {
      length = await readBytes(handle, bytes, 0);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw asStorageError(error, 'read', file);
  }
  const view = new DataView(bytes.buffer);
  const isGguf = length === HEADER_BYTES && new TextDecoder('latin1').decode(bytes.subarray(0, 4)) === MAGIC;
  if (!isGguf)
    throw new FormatError(`${file} is no GGUF file: it does not begin with ${MAGIC}. Choose a file that ends with .gguf.`, { file });
  const version = view.getUint32(4, true);
  if (!VERSIONS.includes(version) || view.getBigUint64(8, true) > MAX_COUNT || view.getBigUint64(16, true) > MAX_COUNT) {
    throw new FormatError(`${file} is a GGUF file of version ${version}, or damaged; expected version 2 or 3. Download it again.`, {
      file,
    });
  }
}
