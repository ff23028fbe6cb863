/** @file Model folders of a few numbers, made without the code under test. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bytesOf, safetensorsBytes } from '#test/support/safetensors-bytes.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

export interface StoredTensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly values: ArrayBufferView;
}

/** A model folder with these tensors; `pad` moves their bytes. */
export async function modelWith(tensors: Readonly<Record<string, StoredTensor>>, pad = 0): Promise<string> {
  const folder = await temporaryFolder();
  const header: Record<string, unknown> = {};
  const parts: Uint8Array[] = [];
  let end = 0;
  for (const [name, { dtype, shape, values }] of Object.entries(tensors)) {
    header[name] = { dtype, shape, data_offsets: [end, end + values.byteLength] };
    parts.push(bytesOf(values));
    end += values.byteLength;
  }
  await writeFile(join(folder, 'config.json'), '{"model_type":"llama"}');
  await writeFile(join(folder, 'model.safetensors'), safetensorsBytes(header, Buffer.concat(parts), { pad }));
  return folder;
}

/** bfloat16 bit patterns. */
export const half = (...bits: number[]): StoredTensor => ({ dtype: 'BF16', shape: [bits.length], values: Uint16Array.from(bits) });
/** float32 values. */
export const single = (...values: number[]): StoredTensor => ({ dtype: 'F32', shape: [values.length], values: Float32Array.from(values) });
