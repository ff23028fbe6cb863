/** @file Reads model.safetensors.index.json and the headers of the shards it names. */
import { access } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { FormatError } from '#contract/errors.ts';
import { readJsonFile } from './read-json-file.ts';
import { locateTensor } from './safetensors/read-tensor.ts';
import { readSafetensorsHeader } from './safetensors/read-header.ts';
import type { WeightLocation } from './weight-location.ts';

const INDEX_SCHEMA = z.object({ weight_map: z.record(z.string(), z.string()) });
/** A name in the same folder: no separator, no drive, no hidden file, so that an index can't point anywhere else. */
const SHARD_NAME = /^[^./\\:\0][^/\\:\0]*\.safetensors$/;

/**
 * @param indexFile - path of the index; the shards lie beside it
 * @returns every tensor of every shard, also those that the index does not name
 * @throws {FormatError} if the index is wrong, a shard is missing or damaged, or index and shards disagree
 */
export async function readShardIndex(indexFile: string): Promise<ReadonlyMap<string, WeightLocation>> {
  const weightMap = await readWeightMap(indexFile);
  const shards = [...new Set(weightMap.values())].sort();
  await checkShardsExist(indexFile, shards);
  const tensors = new Map<string, WeightLocation>();
  const shardOf = new Map<string, string>();
  for (const shard of shards) {
    const header = await readSafetensorsHeader(join(dirname(indexFile), shard));
    for (const name of header.tensors.keys()) {
      const other = shardOf.get(name);
      if (other !== undefined)
        throw new FormatError(`Tensor "${name}" is in two shards, ${other} and ${shard}. Download the model again.`, {
          file: indexFile,
          field: name,
        });
      shardOf.set(name, shard);
      tensors.set(name, locateTensor(header, name));
    }
  }
  checkNamedTensors(indexFile, weightMap, shardOf);
  return tensors;
}

async function readWeightMap(file: string): Promise<ReadonlyMap<string, string>> {
  const parsed = INDEX_SCHEMA.safeParse(await readJsonFile(file));
  if (!parsed.success)
    throw new FormatError(`${file} has no "weight_map" from tensor names to file names. Download it again.`, { file, field: 'weight_map' });
  const weightMap = new Map(Object.entries(parsed.data.weight_map));
  for (const [tensor, shard] of weightMap) {
    if (SHARD_NAME.test(shard)) continue;
    throw new FormatError(
      `${file} says that "${tensor}" is in ${JSON.stringify(shard)}; expected the name of a .safetensors file in the same folder. Download it again.`,
      { file, field: tensor },
    );
  }
  return weightMap;
}

async function checkShardsExist(indexFile: string, shards: readonly string[]): Promise<void> {
  const missing: string[] = [];
  for (const shard of shards) {
    await access(join(dirname(indexFile), shard)).catch(() => missing.push(shard));
  }
  if (missing.length === 0) return;
  const names = missing.slice(0, 3).join(', ') + (missing.length > 3 ? ' …' : '');
  throw new FormatError(
    `${missing.length} of the model's ${shards.length} weight files are missing from ${dirname(indexFile)}: ${names}. Download them.`,
    {
      file: join(dirname(indexFile), missing[0] ?? ''),
    },
  );
}

function checkNamedTensors(indexFile: string, weightMap: ReadonlyMap<string, string>, shardOf: ReadonlyMap<string, string>): void {
  for (const [name, shard] of weightMap) {
    const actual = shardOf.get(name);
    if (actual === shard) continue;
    const where = actual === undefined ? 'no shard has it' : `it is in ${actual}`;
    throw new FormatError(`${indexFile} says that tensor "${name}" is in ${shard}, but ${where}. Download the model again.`, {
      file: indexFile,
      field: name,
    });
  }
}
