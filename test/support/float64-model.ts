/** @file A model whose weights can't be mapped and so have to be converted: another one's, as float64. */
import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openModelFolder } from '#io/model-folder.ts';
import { readFloat32At } from '#io/safetensors/read-tensor.ts';
import { bytesOf, safetensorsBytes } from '#test/support/safetensors-bytes.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

/** @param dir - a model in one file @returns a folder that goes with the test */
export async function float64Model(dir: string): Promise<string> {
  const copy = await temporaryFolder();
  await cp(dir, copy, { recursive: true });
  const header: Record<string, unknown> = {};
  const parts: Uint8Array[] = [];
  let end = 0;
  for (const [name, location] of (await openModelFolder(dir)).tensors) {
    const bytes = bytesOf(Float64Array.from(await readFloat32At(location)));
    header[name] = { dtype: 'F64', shape: location.shape, data_offsets: [end, end + bytes.length] };
    parts.push(bytes);
    end += bytes.length;
  }
  await writeFile(join(copy, 'model.safetensors'), safetensorsBytes(header, Buffer.concat(parts)));
  return copy;
}
