/** @file Reads the header of a safetensors file: which tensors it holds and where, without reading them. */
import { open, type FileHandle } from 'node:fs/promises';
import { FormatError } from '#contract/errors.ts';
import { asStorageError } from '#io/as-storage-error.ts';
import { readBytes } from '#io/read-bytes.ts';
import { parseHeader, type ParsedHeader } from './parse-header.ts';

/** The limit of the reference implementation; it keeps a wrong length from filling the memory. */
const MAX_HEADER_BYTES = 100_000_000;
/** The header's length, a little-endian 64-bit integer. */
const LENGTH_BYTES = 8;
/** What git leaves in place of a large file that was not fetched. */
const GIT_LFS_START = 'version ';

export interface SafetensorsHeader extends ParsedHeader {
  readonly file: string;
  readonly fileBytes: number;
  /** Where the tensors' bytes begin. */
  readonly dataStart: number;
}

/**
 * @throws {FormatError} if the file is not a whole safetensors file
 * @throws {StorageError} if it can't be read
 * @see https://huggingface.co/docs/safetensors/index#format
 */
export async function readSafetensorsHeader(path: string): Promise<SafetensorsHeader> {
  try {
    const handle = await open(path, 'r');
    try {
      return await readFrom(handle, path);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw asStorageError(error, 'read', path);
  }
}

async function readFrom(handle: FileHandle, file: string): Promise<SafetensorsHeader> {
  const { size: fileBytes } = await handle.stat();
  const start = new Uint8Array(LENGTH_BYTES);
  if ((await readBytes(handle, start, 0)) < LENGTH_BYTES) {
    throw new FormatError(`${file} is not a safetensors file: it has ${fileBytes} bytes, expected at least 8. Download it again.`, {
      file,
    });
  }
  const headerBytes = checkHeaderLength(start, file, fileBytes);
  const header = new Uint8Array(headerBytes);
  await readBytes(handle, header, LENGTH_BYTES);
  const dataStart = LENGTH_BYTES + headerBytes;
  return { file, fileBytes, dataStart, ...parseHeader(header, { file, dataStart, fileBytes }) };
}

function checkHeaderLength(start: Uint8Array, file: string, fileBytes: number): number {
  if (new TextDecoder('latin1').decode(start) === GIT_LFS_START) {
    throw new FormatError(`${file} is a Git LFS pointer, not the weights: run "git lfs pull" in its folder, or download the file itself.`, {
      file,
    });
  }
  const length = new DataView(start.buffer).getBigUint64(0, true);
  if (length > BigInt(MAX_HEADER_BYTES)) {
    throw new FormatError(
      `${file} is not a safetensors file: its header would have ${length} bytes, at most ${MAX_HEADER_BYTES} are allowed. Download it again.`,
      { file, limit: MAX_HEADER_BYTES },
    );
  }
  if (Number(length) > fileBytes - LENGTH_BYTES) {
    throw new FormatError(
      `${file} is cut off: its header should have ${length} bytes, but the file has only ${fileBytes}. Download it again.`,
      { file },
    );
  }
  return Number(length);
}
