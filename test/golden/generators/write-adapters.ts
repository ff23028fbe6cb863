/**
 * @file Writes adapters with Prospect's writer, for PEFT to load: `peft_roundtrip.py` records what it makes of them.
 * Usage: node write-adapters.ts GOLDEN_DIR OUT_DIR
 */
import { join } from 'node:path';
import type { Adapter, Matrix } from '#engine/adapter/adapter.ts';
import { DEFAULT_LORA_CONFIG } from '#engine/adapter/lora-config.ts';
import type { LoraConfig } from '#engine/adapter/lora-config.ts';
import { resolveTargetModules } from '#engine/adapter/target-modules.ts';
import { linearModules } from '#engine/model/model-tensors.ts';
import { parseModelConfig } from '#engine/model/parse-model-config.ts';
import { writeAdapterFolder } from '#io/adapter-folder.ts';
import { readJsonFile } from '#io/read-json-file.ts';

/** By folder: the settings that are not PEFT's defaults, and the model (below GOLDEN_DIR). */
const ADAPTERS: Readonly<Record<string, Partial<LoraConfig> & { baseModelNameOrPath: string }>> = {
  'from-prospect-plain': { r: 4, loraAlpha: 8, baseModelNameOrPath: 'trl/base' },
  'from-prospect-rslora': {
    r: 3,
    loraAlpha: 4,
    useRslora: true,
    targetModules: '.*\\.(?:q|o|down)_proj',
    baseModelNameOrPath: 'logits/qwen3_qknorm',
  },
  'from-prospect-rank-pattern': {
    r: 4,
    loraAlpha: 6,
    targetModules: ['q_proj', 'k_proj', 'gate_proj'],
    rankPattern: { 'layers\\.0\\..*q_proj': 2, gate_proj: 1 },
    alphaPattern: { k_proj: 3 },
    baseModelNameOrPath: 'logits/llama_linear_rope_bias',
  },
};

/** Every adapter by folder name; the same values on every machine. */
export async function seededAdapters(goldenDir: string): Promise<ReadonlyMap<string, Adapter>> {
  const adapters = new Map<string, Adapter>();
  for (const [seed, [folder, settings]] of Object.entries(ADAPTERS).entries()) {
    const file = join(goldenDir, settings.baseModelNameOrPath, 'config.json');
    const model = parseModelConfig(await readJsonFile(file), file);
    adapters.set(folder, seededAdapter({ ...DEFAULT_LORA_CONFIG, ...settings }, model, seed + 1));
  }
  return adapters;
}

function seededAdapter(config: LoraConfig, model: Parameters<typeof linearModules>[0], seed: number): Adapter {
  const draw = uniform(seed);
  const matrix = (rows: number, cols: number): Matrix => ({ data: Float32Array.from({ length: rows * cols }, draw), rows, cols });
  const { modules } = resolveTargetModules(config, linearModules(model));
  const tensors = modules.map(
    ({ name, rank, inFeatures, outFeatures }) => [name, { loraA: matrix(rank, inFeatures), loraB: matrix(outFeatures, rank) }] as const,
  );
  return { config, tensors: new Map(tensors) };
}

/** Its own generator (xorshift32), so that no change of the engine's changes these files: from −0.25 to 0.25, exact in float32. */
function uniform(seed: number): () => number {
  let state = seed * 0x9e3779b9;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >> 8) / 2 ** 25;
  };
}

if (import.meta.main) {
  const [goldenDir = '', outDir = ''] = process.argv.slice(2);
  for (const [folder, adapter] of await seededAdapters(goldenDir)) await writeAdapterFolder(join(outDir, folder), adapter);
}
