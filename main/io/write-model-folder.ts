/** @file Writes a model as a Hugging Face folder with float16 weights, the model file last: a folder that has it is whole. */
import { join } from 'node:path';
import { float32ToFloat16 } from '#engine/tensor/convert-half.ts';
import { writeFileAtomically } from './atomic-write.ts';
import type { ChunkWriter } from './atomic-write.ts';
import { writeSafetensors } from './safetensors/write-safetensors.ts';

export interface WrittenModel {
  /** Objects by name of the JSON file: `config.json`, `tokenizer.json` and the like. */
  readonly json: Readonly<Record<string, object>>;
  /** By Hugging Face name; row-major. */
  readonly weights: ReadonlyMap<string, { readonly shape: readonly number[]; readonly values: Float32Array }>;
}

/** @throws {StorageError} if a file can't be written */
export async function writeModelFolder(
  dir: string,
  { json, weights }: WrittenModel,
  options: { readonly writeChunk?: ChunkWriter } = {},
): Promise<void> {
  for (const [name, value] of Object.entries(json))
    await writeFileAtomically(join(dir, name), `${JSON.stringify(value, null, 2)}\n`, options);
  const tensors = [...weights].map(([name, { shape, values }]) => ({ name, shape, dtype: 'F16' as const, pieces: () => halves(values) }));
  await writeSafetensors(join(dir, 'model.safetensors'), tensors, { format: 'pt' }, options);
}

async function* halves(values: Float32Array): AsyncGenerator<Uint8Array> {
  const half = new Uint16Array(values.length);
  float32ToFloat16(values, half);
  yield await Promise.resolve(new Uint8Array(half.buffer));
}
