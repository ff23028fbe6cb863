/** @file Reads a weight file once, from start to end: its hash, and whether the numbers that are mapped as they lie are finite. */
import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { CancelledError, StorageError } from '#contract/errors.ts';
import { asStorageError } from '#io/as-storage-error.ts';
import { checkBitsFinite } from '#io/check-tensor-finite.ts';
import { readBytes } from '#io/read-bytes.ts';
import type { WeightLocation } from '#io/weight-location.ts';
import { canBeMapped } from '#io/weight-range.ts';
import type { MappedDtype } from '#io/weight-range.ts';

/** Memory this needs, whatever the file's size; a multiple of 4. */
const PIECE_BYTES = 4 * 1024 * 1024;

export interface HashOptions {
  /** Called with the bytes read since the last call. */
  readonly onBytes: (bytes: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/** A range of the file: the header (name null) or a tensor. */
interface Section {
  readonly name: string | null;
  readonly start: number;
  readonly end: number;
  /** Null for what is not checked here: the header, integers, and what is checked when it is converted. */
  readonly dtype: MappedDtype | null;
}

/**
 * @param tensors - all tensors of the file
 * @returns sha256 of the file, hexadecimal
 * @throws {FormatError} if a tensor that can be mapped holds NaN or infinity
 * @throws {StorageError} if the file can't be read or is no longer the one that was opened
 * @throws {CancelledError} if `signal` is aborted
 */
export async function hashWeightFile(file: string, tensors: ReadonlyMap<string, WeightLocation>, options: HashOptions): Promise<string> {
  const hash = createHash('sha256');
  const buffer = new Uint8Array(PIECE_BYTES);
  try {
    const handle = await open(file, 'r');
    try {
      for (const section of sectionsOf(tensors)) {
        for await (const { bytes, position } of piecesOf(handle, file, section, buffer)) {
          if (options.signal?.aborted) throw new CancelledError();
          hash.update(bytes);
          if (section.dtype !== null && section.name !== null) {
            const values = bitsOf(bytes, section.dtype);
            const firstIndex = (position - section.start) / values.BYTES_PER_ELEMENT;
            checkBitsFinite(values, section.dtype, { file, name: section.name, firstIndex });
          }
          options.onBytes(bytes.length);
        }
      }
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw asStorageError(error, 'read', file);
  }
  return hash.digest('hex');
}

/** The format allows no holes, so header and tensors in order are the whole file. */
function sectionsOf(tensors: ReadonlyMap<string, WeightLocation>): readonly Section[] {
  const sections = [...tensors].map(([name, tensor]) => ({
    name,
    start: tensor.byteOffset,
    end: tensor.byteOffset + tensor.byteLength,
    dtype: canBeMapped(tensor) ? tensor.dtype : null,
  }));
  sections.sort((a, b) => a.start - b.start || a.end - b.end);
  return [{ name: null, start: 0, end: sections[0]?.start ?? 0, dtype: null }, ...sections];
}

async function* piecesOf(
  handle: FileHandle,
  file: string,
  { start, end }: Section,
  buffer: Uint8Array,
): AsyncGenerator<{ bytes: Uint8Array; position: number }> {
  for (let position = start; position < end; position += buffer.length) {
    const bytes = buffer.subarray(0, Math.min(buffer.length, end - position));
    if ((await readBytes(handle, bytes, position)) < bytes.length) {
      throw new StorageError(`${file} became shorter while it was read. Wait until its download has ended, then try again.`, { file });
    }
    yield { bytes, position };
  }
}

/** The buffer begins at a multiple of 4 and so does every piece. */
function bitsOf(bytes: Uint8Array, dtype: MappedDtype): Uint32Array | Uint16Array {
  const { buffer, byteOffset, length } = bytes;
  return dtype === 'F32' ? new Uint32Array(buffer, byteOffset, length / 4) : new Uint16Array(buffer, byteOffset, length / 2);
}
