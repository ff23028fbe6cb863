/** @file A disk that fills up while files are written. */
import type { ChunkWriter } from '#io/atomic-write.ts';

/** Writes as many chunks as fit, then half of one, then nothing more. */
export function fullDisk(chunksThatFit: number): ChunkWriter {
  let chunks = 0;
  return async (handle, bytes) => {
    chunks++;
    if (chunks <= chunksThatFit) return handle.appendFile(bytes);
    if (chunks === chunksThatFit + 1) await handle.appendFile(bytes.subarray(0, bytes.length / 2));
    throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', syscall: 'write' });
  };
}
