/** @file Writes a model folder with an adapter merged into its weights: every tensor in its own type, in shards where it is large. */
import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { FormatError, OutputBusyError } from '#contract/errors.ts';
import { mergeRows } from '#engine/export/merge-rows.ts';
import type { ModuleDelta } from '#engine/export/merge-rows.ts';
import { asStorageError, systemErrorCode } from './as-storage-error.ts';
import { writeFileAtomically } from './atomic-write.ts';
import { checkFreeSpace } from './check-free-space.ts';
import type { ModelFolder } from './model-folder.ts';
import type { FloatDtype } from './safetensors/convert-to-float32.ts';
import { encodeFloat } from './safetensors/encode-float.ts';
import { readTensorBytes } from './safetensors/read-tensor.ts';
import { writeSafetensors } from './safetensors/write-safetensors.ts';
import type { TensorToStream } from './safetensors/write-safetensors.ts';
import type { WeightLocation } from './weight-location.ts';
import { trackBytes } from './weight-cache/byte-progress.ts';
import type { ByteProgress, ReportBytes } from './weight-cache/byte-progress.ts';
import { readWeightRows } from './weight-rows.ts';

/** What Transformers' save_pretrained allows a file. */
export const MAX_SHARD_BYTES = 5e9;
/** Copied as they are: everything small that makes the folder a model. */
const COPIED =
  /^(?:config|generation_config|tokenizer|tokenizer_config|special_tokens_map|added_tokens|vocab)\.json$|^merges\.txt$|\.jinja$|^tokenizer\.model$/;

export interface MergeOptions {
  readonly deltas: ReadonlyMap<string, ModuleDelta>;
  readonly onProgress?: ReportBytes;
  readonly signal?: AbortSignal;
  /** Smaller in tests. */
  readonly maxShardBytes?: number;
}

/**
 * config.json comes last: a folder with it is complete.
 * @param dir - made if it is missing; must be empty
 * @throws {OutputBusyError} if the folder holds something
 * @throws {FormatError} if a merged value is too large for float16
 * @throws {StorageError | CancelledError}
 */
export async function writeMergedModel(folder: ModelFolder, dir: string, options: MergeOptions): Promise<void> {
  const target = resolve(dir);
  await makeEmptyFolder(target);
  const tensors = [...folder.tensors].sort(([a], [b]) => (a < b ? -1 : 1));
  const totalBytes = tensors.reduce((sum, [, { byteLength }]) => sum + byteLength, 0);
  await checkFreeSpace({ folder: target, neededBytes: totalBytes, purpose: 'Merging the model' });
  const progress = trackBytes(options.onProgress);
  progress.expect(totalBytes);
  const shards = cutIntoShards(tensors, options.maxShardBytes ?? MAX_SHARD_BYTES);
  const weightMap: Record<string, string> = {};
  for (const [index, shard] of shards.entries()) {
    const name = shards.length === 1 ? 'model.safetensors' : `model-${padded(index + 1)}-of-${padded(shards.length)}.safetensors`;
    for (const [tensor] of shard) weightMap[tensor] = name;
    const streams = shard.map(([tensor, weight]) => mergedTensor(tensor, weight, options, progress));
    await writeSafetensors(join(target, name), streams, { format: 'pt' }, options.signal ? { signal: options.signal } : {});
  }
  if (shards.length > 1) {
    const index = { metadata: { total_size: totalBytes }, weight_map: weightMap };
    await writeFileAtomically(join(target, 'model.safetensors.index.json'), `${JSON.stringify(index, null, 2)}\n`);
  }
  const names = (await readdir(folder.dir)).filter((name) => COPIED.test(name)).sort((a) => (a === 'config.json' ? 1 : -1));
  for (const name of names) await copyFile(join(folder.dir, name), join(target, name));
}

async function makeEmptyFolder(dir: string): Promise<void> {
  try {
    await mkdir(dir, { recursive: true });
    if ((await readdir(dir)).length === 0) return;
  } catch (error) {
    if (systemErrorCode(error) !== 'EEXIST') throw asStorageError(error, 'write', dir);
  }
  throw new OutputBusyError(`${dir} is not an empty folder. Choose another one, or empty it.`, { folder: dir });
}

type Named = readonly [name: string, weight: WeightLocation];

function cutIntoShards(tensors: readonly Named[], maxBytes: number): Named[][] {
  const shards: Named[][] = [[]];
  let bytes = 0;
  for (const tensor of tensors) {
    if (bytes > 0 && bytes + tensor[1].byteLength > maxBytes) {
      shards.push([]);
      bytes = 0;
    }
    shards.at(-1)?.push(tensor);
    bytes += tensor[1].byteLength;
  }
  return shards;
}

function padded(number: number): string {
  return String(number).padStart(5, '0');
}

function mergedTensor(name: string, weight: WeightLocation, { deltas, signal }: MergeOptions, progress: ByteProgress): TensorToStream {
  const { dtype, shape } = weight;
  // A checkpoint of the bare decoder lacks the `model.` before its names.
  const module = name.replace(/\.weight$/, '');
  const delta = name.endsWith('.weight') ? (deltas.get(module) ?? deltas.get(`model.${module}`)) : undefined;
  async function* pieces(): AsyncGenerator<Uint8Array> {
    if (!delta) {
      yield await readTensorBytes(weight);
      progress.advance(weight.byteLength);
      return;
    }
    for await (const { firstRow, values } of readWeightRows(name, weight, { signal, onBytes: progress.advance })) {
      mergeRows(values, firstRow, delta);
      const bytes = encodeFloat(dtype as FloatDtype, values);
      if (!bytes) {
        throw new FormatError(
          `With the adapter, ${name} has values above 65,504, which ${dtype} can't hold. Merge into a bfloat16 or float32 version.`,
          {
            file: weight.file,
            field: name,
          },
        );
      }
      yield bytes;
    }
  }
  return { name, dtype, shape, pieces };
}
