/** @file Writes a random model of a given shape as a Hugging Face folder, for measuring speed and memory at real sizes. */
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { modelTensors } from '#engine/model/model-tensors.ts';
import { parseModelConfig } from '#engine/model/parse-model-config.ts';
import { elementCount } from '#engine/tensor/tensor.ts';
import { writeSafetensors } from '#io/safetensors/write-safetensors.ts';

/** @returns the folder; a model that is already there is kept */
export async function ensureRandomModel(dir: string, config: Record<string, unknown>): Promise<string> {
  const file = join(dir, 'model.safetensors');
  if (await stat(file).catch(() => null)) return dir;
  await mkdir(dir, { recursive: true });
  const shapes = modelTensors(parseModelConfig(config, 'config.json'));
  await writeSafetensors(
    file,
    [...shapes].map(([name, shape]) => ({ name, dtype: 'F32' as const, shape, pieces: () => pieces(name, shape) })),
    { format: 'pt' },
  );
  await writeFile(join(dir, 'config.json'), JSON.stringify(config, null, 2));
  return dir;
}

/** One tensor at a time, so that a model larger than memory could be written. */
async function* pieces(name: string, shape: readonly number[]): AsyncGenerator<Uint8Array> {
  yield new Uint8Array(randomWeights(name, shape).buffer);
}

/** Norms at one; matrices uniform with the standard deviation 0.02 of a fresh model. */
function randomWeights(name: string, shape: readonly number[]): Float32Array {
  const data = new Float32Array(elementCount(shape));
  if (name.endsWith('norm.weight')) return data.fill(1);
  let state = Array.from(name).reduce((hash, c) => Math.imul(hash ^ c.charCodeAt(0), 16777619), 2166136261) >>> 0 || 1;
  const range = 0.02 * Math.sqrt(12);
  for (let i = 0; i < data.length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    data[i] = ((state >>> 0) / 2 ** 32 - 0.5) * range;
  }
  return data;
}
