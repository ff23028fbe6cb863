/** @file Reference log-probabilities kept beside a run, so that resuming it does not compute them again. */
import { join } from 'node:path';
import { AppError } from '#contract/errors.ts';
import type { ReferenceLogProbs } from '#engine/train/method.ts';
import type { ChunkWriter } from '#io/atomic-write.ts';
import { readSafetensorsHeader } from '#io/safetensors/read-header.ts';
import { readTensorAsFloat32 } from '#io/safetensors/read-tensor.ts';
import { writeSafetensors } from '#io/safetensors/write-safetensors.ts';

const FILE = 'reference_logps.safetensors';
const NAMES: readonly (keyof ReferenceLogProbs)[] = ['train', 'trainPartners', 'evaluation', 'evaluationPartners'];

/**
 * @param key - fingerprint of everything the numbers depend on
 * @throws {StorageError}
 */
export async function writeReferences(
  runDir: string,
  { key, references }: { readonly key: string; readonly references: ReferenceLogProbs },
  options: { readonly writeChunk?: ChunkWriter } = {},
): Promise<void> {
  // They come out of the runtime as float32, so nothing is lost.
  const tensors = NAMES.flatMap((name) => {
    const values = references[name];
    return values ? [{ name, dtype: 'F32' as const, shape: [values.length], data: Float32Array.from(values) }] : [];
  });
  await writeSafetensors(join(runDir, FILE), tensors, { key }, options);
}

/** @returns null unless the file is there, whole, and was made with the same key */
export async function readReferences(runDir: string, key: string): Promise<ReferenceLogProbs | null> {
  try {
    const header = await readSafetensorsHeader(join(runDir, FILE));
    if (header.metadata['key'] !== key) return null;
    const read = async (name: keyof ReferenceLogProbs) =>
      header.tensors.has(name) ? Float64Array.from(await readTensorAsFloat32(header, name)) : null;
    const train = await read('train');
    return (
      train && {
        train,
        trainPartners: await read('trainPartners'),
        evaluation: await read('evaluation'),
        evaluationPartners: await read('evaluationPartners'),
      }
    );
  } catch (error) {
    if (error instanceof AppError) return null; // computing them again is always possible
    throw error;
  }
}
