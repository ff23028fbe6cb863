/** @file Opens a model folder for computing: configuration, weights under the decoder's names, linear modules. */
import { join } from 'node:path';
import { FormatError } from '#contract/errors.ts';
import type { Weights } from '#engine/graph/backend.ts';
import { linearModules, resolveModelTensors } from '#engine/model/model-tensors.ts';
import type { LinearSize } from '#engine/model/model-tensors.ts';
import type { ModelConfig } from '#engine/model/model-config.ts';
import { parseModelConfig } from '#engine/model/parse-model-config.ts';
import type { ChunkWriter } from '#io/atomic-write.ts';
import { openModelFolder } from '#io/model-folder.ts';
import type { ModelFolder } from '#io/model-folder.ts';
import { ensureMappedWeights } from '#io/mapped-weights.ts';
import { sortWeights } from '#io/weight-cache/sort-weights.ts';
import { weightRange } from '#io/weight-range.ts';
import type { MappedWeight } from '#io/weight-range.ts';

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

export interface CheckedModel {
  readonly folder: ModelFolder;
  readonly config: ModelConfig;
}

export interface OpenModelOptions {
  readonly cacheDir: string;
  readonly signal?: AbortSignal;
  /** Replaces the write of the weight cache, so that a full disk can be rehearsed. */
  readonly writeChunk?: ChunkWriter;
  readonly onProgress?: (progress: { readonly bytesDone: number; readonly bytesTotal: number }) => void;
}

/**
 * What can be known without reading a weight: architecture, names, shapes and types.
 * @throws {UnsupportedModelError | FormatError | StorageError}
 */
export async function checkModel(dir: string): Promise<CheckedModel> {
  const folder = await openModelFolder(dir);
  const config = parseModelConfig(folder.configJson, join(folder.dir, 'config.json'));
  const names = resolveModelTensors(config, folder.tensors, folder.dir);
  const { notFloat } = sortWeights(folder);
  for (const stored of names.values()) {
    const tensor = notFloat.get(stored);
    if (!tensor) continue;
    throw new FormatError(
      `${tensor.file}: tensor "${stored}" is of type ${tensor.dtype}; expected F32, BF16 or F16. Use a version of the model that is not quantised.`,
      { file: tensor.file, field: stored },
    );
  }
  return { folder, config };
}

/**
 * The model is checked before a weight is read.
 * @throws {UnsupportedModelError | FormatError | StorageError | CancelledError}
 */
export async function openModel(dir: string, options: OpenModelOptions): Promise<OpenedModel> {
  const { folder, config } = await checkModel(dir);
  const { tensors, modelHash, cacheFile } = await ensureMappedWeights(folder, options);
  const names = resolveModelTensors(config, tensors, folder.dir);
  const weights = new Map([...names].map(([name, stored]) => [name, weightRange(tensors.get(stored) as MappedWeight)]));
  return { dir: folder.dir, config, hash: modelHash, weights, linear: linearModules(config), cacheFile };
}
