/** @file The small model with its trained adapter, ready for passes; and examples of token ids for it. */
import { join } from 'node:path';
import { onnxRuntimeBackend } from '#backends/onnxruntime/onnxruntime-backend.ts';
import { resolveTargetModules } from '#engine/adapter/target-modules.ts';
import type { TokenisedExample, TokenisedPair } from '#engine/data/tokenised.ts';
import type { Backend } from '#engine/graph/backend.ts';
import { linearModules } from '#engine/model/model-tensors.ts';
import type { PassOptions } from '#engine/train/micro-batch.ts';
import { EVERYTHING_AT_ONCE } from '#engine/train/memory-plan.ts';
import type { MethodOptions } from '#engine/train/method.ts';
import { resolveSettings } from '#engine/train/resolve-settings.ts';
import type { LoraParameters } from '#engine/train/row-pass.ts';
import { readAdapterFolder } from '#io/adapter-folder.ts';
import { adapterParameters } from '#test/support/adapter-parameters.ts';
import { loadModel } from '#test/support/load-model.ts';
import { BASE_MODEL } from '#test/support/training-runs.ts';

export interface TinyModel extends PassOptions {
  /** Of the trained adapter: r 4 on q_proj, v_proj and down_proj. */
  readonly parameters: LoraParameters;
}

export async function tinyModel(): Promise<TinyModel> {
  const { config, weights } = await loadModel(BASE_MODEL);
  const adapter = await readAdapterFolder(join(BASE_MODEL, '../kto_default/adapter_final'));
  const { modules } = resolveTargetModules(adapter.config, linearModules(config));
  const backend = onnxRuntimeBackend({ threads: 1 });
  return { backend, weights, config, modules, memory: EVERYTHING_AT_ONCE, parameters: adapterParameters(adapter) };
}

/** What a method is opened with; the reference is the model without adapter. */
export function methodOptions(
  tiny: TinyModel,
  settings: Readonly<Record<string, unknown>>,
  more: Partial<MethodOptions> = {},
): MethodOptions {
  return {
    ...tiny,
    settings: resolveSettings({ per_device_train_batch_size: 4, ...settings }).settings,
    referenceParameters: null,
    knownReferences: null,
    signal: undefined,
    ...more,
  };
}

/** The backend with every compiled graph counted. */
export function countingBackend(backend: Backend): { readonly backend: Backend; readonly compiled: () => number } {
  let count = 0;
  return {
    backend: {
      ...backend,
      compile(graph, weights) {
        count++;
        return backend.compile(graph, weights);
      },
    },
    compiled: () => count,
  };
}

/** Prompts of 3 to 6 tokens; every third example is undesirable. */
export function examples(count: number): TokenisedExample[] {
  return pairs(count).map(({ row, promptIds, chosenIds, rejectedIds }) => {
    const label = row % 3 !== 0;
    return { row, promptIds, completionIds: label ? chosenIds : rejectedIds, label };
  });
}

/** No two prompts, and no two completions, are alike. */
export function pairs(count: number): TokenisedPair[] {
  return Array.from({ length: count }, (_, i) => ({
    row: i + 1,
    promptIds: Int32Array.of(1, 3 + i, 40 + (i % 7), 70, 71, 72).subarray(0, 3 + (i % 4)),
    chosenIds: Int32Array.of(50 + i, 60 + ((5 * i) % 11), 2),
    rejectedIds: Int32Array.of(100 + i, 3 + (i % 5), 90 + i, 2).subarray(i % 2),
  }));
}
