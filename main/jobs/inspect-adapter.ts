/** @file What an adapter folder holds, and whether it belongs to a model. */
import { join } from 'node:path';
import { AppError } from '#contract/errors.ts';
import type { Adapter } from '#engine/adapter/adapter.ts';
import { checkAdapterFits } from '#engine/adapter/check-adapter-fits.ts';
import { linearModules } from '#engine/model/model-tensors.ts';
import { parseModelConfig } from '#engine/model/parse-model-config.ts';
import { readAdapterFolder } from '#io/adapter-folder.ts';
import { openModelFolder } from '#io/model-folder.ts';

export interface AdapterReport {
  readonly dir: string;
  /** Why it can't be used with the model; null if it can, or no model was named. */
  readonly problem: string | null;
  readonly r: number;
  readonly loraAlpha: number;
  readonly useRslora: boolean;
  readonly targetModules: string | readonly string[];
  /** Modules that have tensors, of all layers. */
  readonly modules: number;
  readonly parameters: number;
  /** As given when the adapter was made. */
  readonly baseModel: string | null;
  /** Keys of adapter_config.json that are not understood, and ignored. */
  readonly ignoredKeys: readonly string[];
  /** Null if no model was named. */
  readonly fitsModel: boolean | null;
}

/**
 * @param modelDir - model to compare with, or null
 * @throws {AppError} if the adapter or the model can't be read
 */
export async function inspectAdapter(dir: string, modelDir: string | null): Promise<AdapterReport> {
  const adapter = await readAdapterFolder(dir);
  const { config, tensors, ignoredKeys } = adapter;
  const misfit = modelDir === null ? null : await findMisfit(adapter, modelDir);
  return {
    dir,
    problem: misfit,
    r: config.r,
    loraAlpha: config.loraAlpha,
    useRslora: config.useRslora,
    targetModules: config.targetModules,
    modules: tensors.size,
    parameters: [...tensors.values()].reduce((sum, { loraA, loraB }) => sum + loraA.data.length + loraB.data.length, 0),
    baseModel: config.baseModelNameOrPath,
    ignoredKeys,
    fitsModel: modelDir === null ? null : misfit === null,
  };
}

async function findMisfit(adapter: Adapter, modelDir: string): Promise<string | null> {
  const folder = await openModelFolder(modelDir);
  const config = parseModelConfig(folder.configJson, join(folder.dir, 'config.json'));
  try {
    checkAdapterFits(adapter, linearModules(config));
    return null;
  } catch (error) {
    if (error instanceof AppError) return error.message;
    throw error;
  }
}
