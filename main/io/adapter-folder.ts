/** @file Reads and writes an adapter as PEFT does: adapter_config.json and adapter_model.safetensors in one folder. */
import { mkdir, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { FormatError, ShapeError } from '#contract/errors.ts';
import { formatAdapterConfig } from '#engine/adapter/adapter-config-json.ts';
import type { Adapter } from '#engine/adapter/adapter.ts';
import { parseLoraConfig } from '#engine/adapter/lora-config.ts';
import { moduleRank } from '#engine/adapter/rank-and-alpha.ts';
import { asStorageError, systemErrorCode } from './as-storage-error.ts';
import { writeFileAtomically, type AtomicWriteOptions } from './atomic-write.ts';
import { adapterTensorName, readAdapterTensors } from './adapter-tensors.ts';
import { readJsonFile } from './read-json-file.ts';
import { writeSafetensors, type TensorToWrite } from './safetensors/write-safetensors.ts';

const CONFIG = 'adapter_config.json';
const WEIGHTS = 'adapter_model.safetensors';

export interface StoredAdapter extends Adapter {
  /** Keys of adapter_config.json that no known version of PEFT has; worth a warning. */
  readonly ignoredKeys: readonly string[];
}

/**
 * Checks everything that can be checked without the model; `checkAdapterFits` does the rest.
 * @throws {FormatError} if the folder is no LoRA adapter, or its files are damaged or disagree
 * @throws {SettingsError} if a pattern in the configuration is no regular expression
 * @throws {StorageError} if a file can't be read
 */
export async function readAdapterFolder(dir: string): Promise<StoredAdapter> {
  const folder = resolve(dir);
  checkIsAdapter(folder, await listFolder(folder));
  const configFile = join(folder, CONFIG);
  const { config, ignoredKeys } = parseLoraConfig(await readJsonFile(configFile), configFile);
  const tensors = await readAdapterTensors(join(folder, WEIGHTS), config);
  return { config, tensors, ignoredKeys };
}

/**
 * Tensors are sorted by name and the metadata is PEFT's, so that the same adapter gives the same bytes as `save_pretrained`. The
 * configuration comes last: a folder with both files is complete.
 * @param dir - made if it is missing; files of the same names are replaced, each at once
 * @throws {ShapeError} if a factor does not fill its shape or has another rank than the configuration says
 * @throws {StorageError} if a file can't be written
 */
export async function writeAdapterFolder(dir: string, adapter: Adapter, options: AtomicWriteOptions = {}): Promise<void> {
  const folder = resolve(dir);
  const tensors = tensorsToWrite(adapter);
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw asStorageError(error, 'write', folder);
  }
  await writeSafetensors(join(folder, WEIGHTS), tensors, { format: 'pt' }, options);
  await writeFileAtomically(join(folder, CONFIG), formatAdapterConfig(adapter.config), options);
}

async function listFolder(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOTDIR') throw asStorageError(error, 'read', folder);
    throw new FormatError(`${folder} is a file; choose the adapter's folder, the one that holds ${CONFIG}.`, { file: folder });
  }
}

/** Says what the folder is instead, when it is not an adapter. */
function checkIsAdapter(folder: string, names: readonly string[]): void {
  const wrong = (message: string): FormatError => new FormatError(message, { file: folder });
  if (!names.includes(CONFIG)) {
    const instead = names.includes('config.json')
      ? ' It holds a model; choose the folder of an adapter.'
      : ` Choose the folder that holds ${CONFIG}.`;
    throw wrong(`${folder} is not an adapter folder: it has no ${CONFIG}.${instead}`);
  }
  if (names.includes(WEIGHTS)) return;
  if (names.includes('adapter_model.bin')) {
    throw wrong(
      `${folder} has its weights in PyTorch's pickle format (adapter_model.bin), which can run code and is not read. ` +
        'Save the adapter again with a PEFT of 2024 or later, which writes safetensors.',
    );
  }
  throw wrong(`${folder} has ${CONFIG}, but no ${WEIGHTS}. Download the rest of the adapter.`);
}

function tensorsToWrite({ config, tensors }: Adapter): readonly TensorToWrite[] {
  const rankOf = moduleRank(config);
  const list: TensorToWrite[] = [];
  for (const [module, { loraA, loraB }] of tensors) {
    const rank = rankOf(module);
    if (loraA.rows !== rank || loraB.cols !== rank) {
      throw new ShapeError(`${module} has factors of rank ${loraA.rows} and ${loraB.cols}, but the adapter's configuration says ${rank}.`, {
        module,
      });
    }
    list.push({ name: adapterTensorName(module, 'A'), dtype: 'F32', shape: [loraA.rows, loraA.cols], data: loraA.data });
    list.push({ name: adapterTensorName(module, 'B'), dtype: 'F32', shape: [loraB.rows, loraB.cols], data: loraB.data });
  }
  return list.sort((a, b) => (a.name < b.name ? -1 : 1));
}
