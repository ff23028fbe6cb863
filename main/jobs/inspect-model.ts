/** @file What a model folder holds and whether it can be trained, from its headers: no weight is read. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '#contract/errors.ts';
import type { ModelConfig } from '#engine/model/model-config.ts';
import { linearModules, resolveModelTensors } from '#engine/model/model-tensors.ts';
import { parseModelConfig } from '#engine/model/parse-model-config.ts';
import { createTokenizer } from '#engine/text/tokenizer.ts';
import { openModelFolder } from '#io/model-folder.ts';
import type { ModelFolder } from '#io/model-folder.ts';
import { readModelLicence, type ModelLicence } from '#io/model-licence.ts';
import { readTokenizerFiles } from '#io/tokenizer-files.ts';
import { valueCount } from '#io/weight-cache/convert-weights.ts';
import { elementCount } from '#engine/tensor/tensor.ts';
import { canBeMapped } from '#io/weight-range.ts';
import { sortWeights } from '#io/weight-cache/sort-weights.ts';

const FLOAT32_BYTES = 4;

export interface ModelReport {
  readonly dir: string;
  /** Why it can't be trained; null if it can. */
  readonly problem: string | null;
  /** The class that config.json names, or its model_type. */
  readonly architecture: string | null;
  /** Null if config.json can't be understood. */
  readonly shape: ModelShape | null;
  /** A tied embedding counts once; null if the weights are not those of the shape. */
  readonly parameters: number | null;
  /** Of the weights that the decoder reads, as they are mapped into memory. */
  readonly mappedBytes: number | null;
  /** What a LoRA adapter can be attached to, by last name. */
  readonly linearModules: readonly string[];
  readonly weightFiles: number;
  readonly diskBytes: number;
  /** Bytes of tensors by safetensors type. */
  readonly bytesByDtype: Readonly<Record<string, number>>;
  /** Size of the float32 copy that the first use makes of what can't be mapped; 0 if all can, null if the weights can't be used. */
  readonly copyBytes: number | null;
  readonly tokenizer: TokenizerReport;
  /** Null if the folder does not say. */
  readonly licence: ModelLicence | null;
}

export interface ModelShape {
  readonly layers: number;
  readonly hiddenSize: number;
  readonly attentionHeads: number;
  readonly keyValueHeads: number;
  readonly headDim: number;
  readonly vocabulary: number;
  readonly contextTokens: number;
}

export interface TokenizerReport {
  /** Why it can't be used; null if it can. */
  readonly problem: string | null;
  readonly vocabulary: number | null;
  readonly hasChatTemplate: boolean;
}

/**
 * A model that can be opened but not trained has a report too.
 * @throws {FormatError | StorageError} if the folder is no model folder, or can't be read
 */
export async function inspectModel(dir: string): Promise<ModelReport> {
  const folder = await openModelFolder(dir);
  const config = attempt(() => parseModelConfig(folder.configJson, join(folder.dir, 'config.json')));
  const stored = config.value && attempt(() => storedWeights(config.value, folder));
  const copy = attempt(() => copyBytes(folder));
  const sizes = await Promise.all(folder.weightFiles.map((file) => stat(file)));
  return {
    dir,
    problem: config.problem ?? stored?.problem ?? copy.problem,
    architecture: architectureOf(folder.configJson),
    shape: config.value && shapeOf(config.value),
    parameters: stored?.value?.parameters ?? null,
    mappedBytes: stored?.value?.mappedBytes ?? null,
    linearModules: config.value ? lastNames(config.value) : [],
    weightFiles: folder.weightFiles.length,
    diskBytes: sizes.reduce((sum, { size }) => sum + size, 0),
    bytesByDtype: bytesByDtype(folder),
    copyBytes: copy.value,
    tokenizer: await inspectTokenizer(folder.dir),
    licence: await readModelLicence(folder.dir),
  };
}

type Attempt<Value> = { readonly value: Value; readonly problem: null } | { readonly value: null; readonly problem: string };

function attempt<Value>(action: () => Value): Attempt<Value> {
  try {
    return { value: action(), problem: null };
  } catch (error) {
    if (error instanceof AppError) return { value: null, problem: error.message };
    throw error;
  }
}

/** What the decoder reads. */
function storedWeights(config: ModelConfig, folder: ModelFolder): { readonly parameters: number; readonly mappedBytes: number } {
  const names = new Set(resolveModelTensors(config, folder.tensors, folder.dir).values());
  let parameters = 0;
  let mappedBytes = 0;
  for (const weight of [...names].flatMap((name) => folder.tensors.get(name) ?? [])) {
    const values = elementCount(weight.shape);
    parameters += values;
    mappedBytes += canBeMapped(weight) ? weight.byteLength : values * FLOAT32_BYTES;
  }
  return { parameters, mappedBytes };
}

function copyBytes(folder: ModelFolder): number {
  return [...sortWeights(folder).toConvert.values()].reduce((sum, weight) => sum + valueCount(weight) * FLOAT32_BYTES, 0);
}

function architectureOf(json: unknown): string | null {
  const config = typeof json === 'object' && json !== null ? (json as Readonly<Record<string, unknown>>) : {};
  const { architectures, model_type: modelType } = config;
  const className: unknown = Array.isArray(architectures) ? architectures[0] : null;
  if (typeof className === 'string') return className;
  return typeof modelType === 'string' ? modelType : null;
}

function shapeOf(config: ModelConfig): ModelShape {
  return {
    layers: config.layerCount,
    hiddenSize: config.hiddenSize,
    attentionHeads: config.queryHeads,
    keyValueHeads: config.keyValueHeads,
    headDim: config.headDim,
    vocabulary: config.vocabSize,
    contextTokens: config.maxPositions,
  };
}

function lastNames(config: ModelConfig): string[] {
  return [...new Set([...linearModules(config).keys()].map((name) => name.slice(name.lastIndexOf('.') + 1)))];
}

function bytesByDtype(folder: ModelFolder): Record<string, number> {
  const bytes: Record<string, number> = {};
  for (const { dtype, byteLength } of folder.tensors.values()) bytes[dtype] = (bytes[dtype] ?? 0) + byteLength;
  return bytes;
}

async function inspectTokenizer(dir: string): Promise<TokenizerReport> {
  try {
    const tokenizer = createTokenizer(await readTokenizerFiles(dir), () => new Date());
    return { problem: null, vocabulary: tokenizer.vocabSize, hasChatTemplate: tokenizer.hasChatTemplate };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { problem: error.message, vocabulary: null, hasChatTemplate: false };
  }
}
