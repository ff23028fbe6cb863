/** @file Opens a model folder for tests: configuration and float32 weights under the names the decoder uses. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Weights } from '#engine/graph/backend.ts';
import type { ModelConfig } from '#engine/model/model-config.ts';
import { resolveModelTensors } from '#engine/model/model-tensors.ts';
import { parseModelConfig } from '#engine/model/parse-model-config.ts';
import { openModelFolder } from '#io/model-folder.ts';
import { ensureMappedWeights } from '#io/mapped-weights.ts';
import { weightRange } from '#io/weight-range.ts';
import type { MappedWeight } from '#io/weight-range.ts';

export interface LoadedModel {
  readonly config: ModelConfig;
  readonly weights: Weights;
}

export async function loadModel(dir: string): Promise<LoadedModel> {
  const folder = await openModelFolder(dir);
  const config = parseModelConfig(folder.configJson, join(dir, 'config.json'));
  const cacheDir = await mkdtemp(join(tmpdir(), 'prospect-test-cache-'));
  const { tensors } = await ensureMappedWeights(folder, { cacheDir });
  const names = resolveModelTensors(config, tensors, dir);
  return {
    config,
    weights: new Map([...names].map(([name, stored]) => [name, weightRange(tensors.get(stored) as MappedWeight)])),
  };
}
