/**
 * @file Opens a model folder as Hugging Face lays it out: config.json and safetensors weights, in one file or in shards.
 * What the configuration means is decided elsewhere; here it is only read.
 */
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { FormatError } from '#contract/errors.ts';
import { asStorageError, systemErrorCode } from './as-storage-error.ts';
import { readJsonFile } from './read-json-file.ts';
import { readShardIndex } from './read-shard-index.ts';
import { locateTensor } from './safetensors/read-tensor.ts';
import { readSafetensorsHeader } from './safetensors/read-header.ts';
import type { WeightLocation } from './weight-location.ts';

const CONFIG = 'config.json';
const SINGLE = 'model.safetensors';
const INDEX = 'model.safetensors.index.json';

export interface ModelFolder {
  /** Absolute. */
  readonly dir: string;
  /** config.json, parsed but not interpreted. */
  readonly configJson: unknown;
  /** Absolute, in the order of their names. */
  readonly weightFiles: readonly string[];
  /** Every tensor of every weight file, by its Hugging Face name. */
  readonly tensors: ReadonlyMap<string, WeightLocation>;
}

/**
 * Reads configuration and headers only, no weights.
 * @throws {FormatError} if the folder is no model, or a weight file is damaged, missing or in another format
 * @throws {StorageError} if the folder or a file can't be read
 */
export async function openModelFolder(dir: string): Promise<ModelFolder> {
  const folder = resolve(dir);
  const names = await listFolder(folder);
  checkIsModel(folder, names);
  const configJson = await readJsonFile(join(folder, CONFIG));
  const tensors = names.includes(SINGLE) ? await readWeightFile(join(folder, SINGLE)) : await readShardIndex(join(folder, INDEX));
  if (tensors.size === 0) throw new FormatError(`The weights in ${folder} hold no tensor. Download the model again.`, { file: folder });
  const weightFiles = [...new Set([...tensors.values()].map((tensor) => tensor.file))].sort();
  return { dir: folder, configJson, weightFiles, tensors };
}

async function listFolder(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOTDIR') {
      throw new FormatError(`${folder} is a file; choose the model's folder, the one that holds ${CONFIG}.`, { file: folder });
    }
    throw asStorageError(error, 'read', folder);
  }
}

/** Says what the folder is instead, when it is not a model. */
function checkIsModel(folder: string, names: readonly string[]): void {
  const has = (pattern: RegExp): string | undefined => names.find((name) => pattern.test(name));
  const wrong = (message: string): FormatError => new FormatError(message, { file: folder });
  if (names.length === 0) throw wrong(`The folder ${folder} is empty. Choose a folder that holds ${CONFIG} and ${SINGLE}.`);
  if (has(/^adapter_config\.json$/) && !names.includes(CONFIG)) {
    throw wrong(`${folder} holds an adapter, not a model. Choose the folder of the model that the adapter was made for.`);
  }
  if (names.includes(CONFIG) && (names.includes(SINGLE) || names.includes(INDEX))) return;
  const pickled = has(/\.(bin|pt|pth|ckpt)$/);
  const gguf = has(/\.gguf$/i);
  const otherSafetensors = has(/\.safetensors$/);
  if (otherSafetensors === undefined && pickled !== undefined) {
    throw wrong(
      `${folder} has its weights in PyTorch's pickle format (${pickled}), which can run code and is not read. ` +
        `Convert the model to safetensors (model.save_pretrained(folder) in Transformers does so), or download a version with ${SINGLE}.`,
    );
  }
  if (otherSafetensors === undefined && gguf !== undefined) {
    throw wrong(
      `${folder} holds a GGUF file (${gguf}), which can be chatted with but not trained. Download the model's safetensors version.`,
    );
  }
  if (!names.includes(CONFIG))
    throw wrong(`${folder} has no ${CONFIG}, so it is not a model folder. Choose the folder that holds ${CONFIG} and ${SINGLE}.`);
  const found = otherSafetensors === undefined ? 'no weights' : `${otherSafetensors}, but neither ${SINGLE} nor ${INDEX}`;
  throw wrong(`${folder} has ${CONFIG} and ${found}; expected ${SINGLE} or ${INDEX}. Download the rest of the model.`);
}

async function readWeightFile(file: string): Promise<ReadonlyMap<string, WeightLocation>> {
  const header = await readSafetensorsHeader(file);
  return new Map([...header.tensors.keys()].map((name) => [name, locateTensor(header, name)]));
}
