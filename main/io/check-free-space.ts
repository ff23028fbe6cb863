/** @file Says that a disk is too small before hours are spent on filling it. */
import { statfs } from 'node:fs/promises';
import { StorageError } from '#contract/errors.ts';

/** Bytes a person without special rights may still write to the disk of `folder`; null if the system does not say. */
export type FreeBytes = (folder: string) => Promise<number | null>;

export const freeBytesOf: FreeBytes = async (folder) => {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return null;
  }
};

export interface SpaceNeed {
  readonly folder: string;
  readonly neededBytes: number;
  /** What the space is for, as the start of a sentence: "Converting the model to float32". */
  readonly purpose: string;
}

/** @throws {StorageError} naming the needed and the free space */
export async function checkFreeSpace({ folder, neededBytes, purpose }: SpaceNeed, freeBytes: FreeBytes = freeBytesOf): Promise<void> {
  const free = await freeBytes(folder);
  if (free === null || free >= neededBytes) return;
  throw new StorageError(
    `${purpose} needs ${sizeText(neededBytes)} on the disk of ${folder}, but only ${sizeText(free)} are free. Free some space, or choose a folder on another disk.`,
    { file: folder },
  );
}

function sizeText(bytes: number): string {
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
