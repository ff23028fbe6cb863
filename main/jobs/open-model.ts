/** @file Opens a model folder for computing: configuration, float32 weights under the decoder's names, linear modules. */
import { join } from 'node:path';
import type { Weights, WeightRange } from '#engine/graph/backend.ts';
import { linearModules, resolveModelTensors } from '#engine/model/model-tensors.ts';
import type { LinearSize } from '#engine/model/model-tensors.ts';
import type { ModelConfig } from '#engine/model/model-config.ts';
import { parseModelConfig } from '#engine/model/parse-model-config.ts';
import type { ChunkWriter } from '#io/atomic-write.ts';
import { openModelFolder } from '#io/model-folder.ts';
import { ensureFloat32Weights } from '#io/weight-cache.ts';

export interface OpenedModel {
  readonly dir: string;
  readonly config: ModelConfig;
  /** sha256 over config.json and the weight files. */
  readonly hash: string;
  readonly weights: Weights;
  readonly linear: ReadonlyMap<string, LinearSize>;
  /** File of converted weights, or null where the model's own files are used in place. */
  readonly cacheFile: string | null;
}

export interface OpenModelOptions {
  readonly cacheDir: string;
  readonly signal?: AbortSignal;
  /** Replaces the write of the weight cache, so that a full disk can be rehearsed. */
  readonly writeChunk?: ChunkWriter;
  readonly onProgress?: (progress: { readonly bytesDone: number; readonly bytesTotal: number }) => void;
}

/**
 * The architecture is checked before a weight is read.
 * @throws {UnsupportedModelError | FormatError | StorageError | CancelledError}
 */
export async function openModel(dir: string, options: OpenModelOptions): Promise<OpenedModel> {
  const folder = await openModelFolder(dir);
  const config = parseModelConfig(folder.configJson, join(folder.dir, 'config.json'));
  resolveModelTensors(config, folder.tensors, folder.dir);
  const { tensors, modelHash, cacheFile } = await ensureFloat32Weights(folder, options);
  const names = resolveModelTensors(config, tensors, folder.dir);
  const weights = new Map([...names].map(([name, stored]) => [name, tensors.get(stored) as WeightRange]));
  return { dir: folder.dir, config, hash: modelHash, weights, linear: linearModules(config), cacheFile };
}
