/** @file Reads a range of an open file completely; the system may deliver it in parts. */
import type { FileHandle } from 'node:fs/promises';

/** One read call takes at most 2 GiB; stay well below. */
const MAX_READ_BYTES = 256 * 1024 * 1024;

/**
 * Fills `target` from byte `position` of the file.
 * @returns the number of bytes read: less than `target` holds only if the file ends before
 */
export async function readBytes(handle: FileHandle, target: Uint8Array, position: number): Promise<number> {
  let done = 0;
  while (done < target.length) {
    const { bytesRead } = await handle.read(target, done, Math.min(target.length - done, MAX_READ_BYTES), position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return done;
}
