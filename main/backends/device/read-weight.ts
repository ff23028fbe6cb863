/** @file A frozen weight's numbers as float32, read from its file. */
import { open } from 'node:fs/promises';
import { InternalError } from '#contract/errors.ts';
import type { WeightRange } from '#engine/graph/backend.ts';
import { bfloat16ToFloat32, float16ToFloat32 } from '#engine/tensor/convert-half.ts';

/** @throws {InternalError} if the file ends before the weight does */
export async function readWeight({ file, dtype, byteOffset, byteLength }: WeightRange): Promise<Float32Array> {
  const bytes = new Uint8Array(byteLength);
  const handle = await open(file);
  try {
    let done = 0;
    while (done < byteLength) {
      const { bytesRead } = await handle.read(bytes, done, byteLength - done, byteOffset + done);
      if (bytesRead === 0) throw new InternalError(`${file} ends before the weight at ${byteOffset} does.`, { file });
      done += bytesRead;
    }
  } finally {
    await handle.close();
  }
  if (dtype === 'float32') return new Float32Array(bytes.buffer);
  const halves = new Uint16Array(bytes.buffer);
  const singles = new Float32Array(halves.length);
  (dtype === 'bfloat16' ? bfloat16ToFloat32 : float16ToFloat32)(halves, singles);
  return singles;
}
