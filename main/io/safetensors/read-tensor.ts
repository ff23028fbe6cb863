/** @file Reads one tensor of a safetensors file whose header was checked. */
import { open } from 'node:fs/promises';
import { FormatError } from '#contract/errors.ts';
import { asStorageError } from '#io/as-storage-error.ts';
import { readBytes } from '#io/read-bytes.ts';
import type { WeightLocation } from '#io/weight-location.ts';
import { convertToFloat32, isFloatDtype } from './convert-to-float32.ts';
import type { SafetensorsHeader } from './read-header.ts';

/** @throws {FormatError} if the file has no tensor of that name */
export function locateTensor(header: SafetensorsHeader, name: string): WeightLocation {
  const entry = header.tensors.get(name);
  if (entry === undefined) {
    throw new FormatError(`${header.file} has no tensor "${name}"; it has ${header.tensors.size} others.`, {
      file: header.file,
      field: name,
    });
  }
  const { dtype, shape, byteOffset, byteLength } = entry;
  return { file: header.file, dtype, shape, byteOffset, byteLength };
}

/**
 * @returns the values as float32, `shape` row-major; exact but for F64, which is rounded
 * @throws {FormatError} if there is no such tensor, if it is no float tensor, or if the file became shorter
 * @throws {StorageError} if the file can't be read
 */
export async function readTensorAsFloat32(header: SafetensorsHeader, name: string): Promise<Float32Array<ArrayBuffer>> {
  return readFloat32At(locateTensor(header, name));
}

/** Like {@link readTensorAsFloat32}, for a tensor that was located before. */
export async function readFloat32At(location: WeightLocation): Promise<Float32Array<ArrayBuffer>> {
  const { dtype, file } = location;
  if (!isFloatDtype(dtype)) throw new FormatError(`${file} holds ${dtype} values where F32, F16, BF16 or F64 is expected.`, { file });
  const bytes = await readTensorBytes(location);
  if (dtype === 'F32') return new Float32Array(bytes.buffer);
  const values = new Float32Array(location.shape.reduce((product, dim) => product * dim, 1));
  convertToFloat32(dtype, bytes, values);
  return values;
}

/** The bytes as they are, in a buffer of their own (so any typed array can view them). */
export async function readTensorBytes({ file, byteOffset, byteLength }: WeightLocation): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(byteLength);
  let bytesRead: number;
  try {
    const handle = await open(file, 'r');
    try {
      bytesRead = await readBytes(handle, bytes, byteOffset);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw asStorageError(error, 'read', file);
  }
  if (bytesRead < byteLength) {
    throw new FormatError(
      `${file} is cut off: expected ${byteOffset + byteLength} bytes, got ${byteOffset + bytesRead}. Download it again.`,
      { file },
    );
  }
  return bytes;
}
