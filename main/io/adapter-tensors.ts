/** @file Reads the factors of a LoRA adapter from its safetensors file, under the names PEFT gives them. */
import { FormatError } from '#contract/errors.ts';
import type { LoraFactorPair, Matrix } from '#engine/adapter/adapter.ts';
import type { LoraConfig } from '#engine/adapter/lora-config.ts';
import { moduleRank } from '#engine/adapter/rank-and-alpha.ts';
import { checkTensorFinite } from './check-tensor-finite.ts';
import { readSafetensorsHeader, type SafetensorsHeader } from './safetensors/read-header.ts';
import { readTensorAsFloat32 } from './safetensors/read-tensor.ts';

export type FactorLetter = 'A' | 'B';

const NAME = /^base_model\.model\.(?<module>.+)\.lora_(?<letter>[AB])\.weight$/;
const DTYPES: readonly string[] = ['F32', 'F16', 'BF16'];

/** PEFT's name without the adapter's own, as it is in saved files. */
export function adapterTensorName(module: string, letter: FactorLetter): string {
  return `base_model.model.${module}.lora_${letter}.weight`;
}

/**
 * @returns the factors by module path, in the order of the file
 * @throws {FormatError} if a factor is missing, of another rank than the configuration says, not finite, or if there are other tensors
 */
export async function readAdapterTensors(file: string, config: LoraConfig): Promise<ReadonlyMap<string, LoraFactorPair>> {
  const header = await readSafetensorsHeader(file);
  const modules = new Set([...header.tensors.keys()].map((name) => moduleOf(name, file)));
  if (modules.size === 0)
    throw new FormatError(`${file} holds no tensor, so the adapter changes nothing. Save or download it again.`, { file });
  const rankOf = moduleRank(config);
  const tensors = new Map<string, LoraFactorPair>();
  for (const module of modules) {
    const loraA = await readFactor(header, module, 'A');
    const loraB = await readFactor(header, module, 'B');
    checkRank({ file, module, rank: rankOf(module) }, loraA, loraB);
    tensors.set(module, { loraA, loraB });
  }
  return tensors;
}

function moduleOf(name: string, file: string): string {
  const match = NAME.exec(name);
  if (match?.groups?.['module'] !== undefined) return match.groups['module'];
  throw new FormatError(`${file}: tensor "${name}" is ${whatItIs(name)}. Prospect reads plain LoRA adapters of linear modules.`, {
    file,
    field: name,
  });
}

function whatItIs(name: string): string {
  if (name.includes('lora_embedding_')) return 'an adapter of the embedding, which is not supported';
  if (name.includes('lora_magnitude_vector')) return 'part of a DoRA adapter, which is not supported';
  if (/\.lora_[AB]\.[^.]+\.weight$/.test(name)) return 'named as inside a running PEFT model; save the adapter with save_pretrained';
  if (/lora_[AB]\.(?:.*\.)?bias$/.test(name)) return 'a bias of a factor, which is not supported';
  if (/\.(?:weight|bias)$/.test(name))
    return 'a whole weight of the model (modules_to_save, or a resized vocabulary), which is not supported';
  return 'unknown; expected names such as "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight"';
}

async function readFactor(header: SafetensorsHeader, module: string, letter: FactorLetter): Promise<Matrix> {
  const { file } = header;
  const name = adapterTensorName(module, letter);
  const wrong = (what: string): FormatError =>
    new FormatError(`${file}: tensor "${name}" ${what}. Save or download the adapter again.`, { file, field: name });
  const entry = header.tensors.get(name);
  if (entry === undefined) throw wrong(`is missing, although lora_${letter === 'A' ? 'B' : 'A'} of the same module is there`);
  if (!DTYPES.includes(entry.dtype)) throw wrong(`is of type ${entry.dtype}; expected F32, F16 or BF16`);
  const [rows, cols] = entry.shape;
  if (entry.shape.length !== 2 || !rows || !cols)
    throw wrong(`has the shape [${entry.shape.join(', ')}]; expected two dimensions of at least 1`);
  const data = await readTensorAsFloat32(header, name);
  checkTensorFinite(data, { file, name });
  return { data, rows, cols };
}

function checkRank({ file, module, rank }: { file: string; module: string; rank: number }, loraA: Matrix, loraB: Matrix): void {
  if (loraA.rows === rank && loraB.cols === rank) return;
  throw new FormatError(
    `${file}: the factors of ${module} have rank ${loraA.rows} (lora_A) and ${loraB.cols} (lora_B), but adapter_config.json says ${rank}. ` +
      'The two files do not belong together; download the adapter again.',
    { file, field: module },
  );
}
