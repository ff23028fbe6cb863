/** @file Copies of the small model with something wrong. */
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { safetensorsBytes } from '#test/support/safetensors-bytes.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { BASE_MODEL } from '#test/support/training-runs.ts';

interface Entry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

export type Header = Record<string, Entry>;

/** The module that is spoiled in most tests. */
export const Q_PROJ = 'model.layers.0.self_attn.q_proj.weight';

/** A copy of the small model, altered by `alter`. @returns its folder */
export async function alteredModel(alter: (folder: string) => Promise<unknown>): Promise<string> {
  const folder = await temporaryFolder();
  await cp(BASE_MODEL, folder, { recursive: true });
  await alter(folder);
  return folder;
}

/** A copy with another weight file. @param alter - changes header and data in place */
export function modelWithWeights(alter: (header: Header, data: DataView) => void): Promise<string> {
  return alteredModel(async (folder) => {
    const file = join(folder, 'model.safetensors');
    const bytes = await readFile(file);
    const dataStart = 8 + Number(bytes.readBigUInt64LE(0));
    const header = JSON.parse(bytes.toString('utf8', 8, dataStart)) as Header;
    const data = new Uint8Array(bytes.subarray(dataStart));
    alter(header, new DataView(data.buffer));
    await writeFile(file, safetensorsBytes(header, data));
  });
}

/** A copy with other values in config.json; undefined leaves a key out. */
export function modelWithConfig(changes: Readonly<Record<string, unknown>>): Promise<string> {
  return alteredModel(async (folder) => {
    const file = join(folder, 'config.json');
    const config = JSON.parse(await readFile(file, 'utf8')) as object;
    await writeFile(file, JSON.stringify({ ...config, ...changes }));
  });
}
