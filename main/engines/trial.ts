/** @file A small training step of random rows through a random model: the same on every engine, so that results and speeds can be compared. */
import { join } from 'node:path';
import type { Backend, Weights } from '#engine/graph/backend.ts';
import { dimSizes, matMulFlops } from '#engine/graph/cost.ts';
import { loraInputName } from '#engine/model/lora.ts';
import type { LoraModule } from '#engine/model/lora.ts';
import type { ModelConfig } from '#engine/model/model-config.ts';
import { linearModules, resolveModelTensors } from '#engine/model/model-tensors.ts';
import { packTrees } from '#engine/model/pack-trees.ts';
import { parseModelConfig } from '#engine/model/parse-model-config.ts';
import { distinctWindows, packedFeeds } from '#engine/model/stream-inputs.ts';
import { chunkRows } from '#engine/train/chunk-rows.ts';
import type { Chunk } from '#engine/train/chunk-rows.ts';
import { exampleGroup } from '#engine/train/row-groups.ts';
import { longestRow } from '#engine/train/row-lengths.ts';
import { RowPass } from '#engine/train/row-pass.ts';
import type { ChunkResult, LoraParameters } from '#engine/train/row-pass.ts';
import { stepGraph } from '#engine/train/step-graph.ts';
import type { StepGraphOptions } from '#engine/train/step-graph.ts';
import { openModelFolder } from '#io/model-folder.ts';
import { weightRange } from '#io/weight-range.ts';
import type { MappedWeight } from '#io/weight-range.ts';
import { ensureRandomModel } from './random-model.ts';

export interface TrialSize {
  readonly hidden: number;
  readonly layers: number;
  readonly vocabulary: number;
  readonly rows: number;
  readonly rowTokens: number;
}

/** Enough to go through every operation of a step. */
export const SMALL_TRIAL: TrialSize = { hidden: 128, layers: 2, vocabulary: 512, rows: 2, rowTokens: 32 };
/** From one that shows whether the next is bearable to one that keeps a graphics card busy and takes a second or less on a processor. */
export const MEASURED_TRIALS: readonly TrialSize[] = [
  { hidden: 512, layers: 2, vocabulary: 2048, rows: 4, rowTokens: 64 },
  { hidden: 1024, layers: 2, vocabulary: 4096, rows: 8, rowTokens: 64 },
];

const RANK = 8;

export interface Trial {
  /** Operations of matrix products in a step, two per multiply-add. */
  readonly flops: number;
  /** One step: forward, backward, gradients row by row. */
  run(): Promise<ChunkResult>;
  release(): Promise<void>;
}

/** @param folder - where the model is made, or found from an earlier call */
export async function openTrial(backend: Backend, folder: string, size: TrialSize): Promise<Trial> {
  const { config, weights } = await trialModel(join(folder, `trial-${size.hidden}`), size);
  const modules = trialModules(config);
  const options: StepGraphOptions = {
    config,
    modules,
    partner: true,
    objective: { kind: 'rows' },
    measures: true,
    memory: { headGroups: 1, recompute: false },
  };
  const chunk = trialChunk(size);
  const longest = longestRow([chunk]);
  const parameters = trialParameters(modules);
  const pass = await RowPass.compile(backend, weights, options);
  return {
    flops: flopsOf(options, chunk, longest),
    run: () => pass.run(chunk, { parameters, longestRow: longest }),
    release: () => pass.release(),
  };
}

async function trialModel(dir: string, { hidden, layers, vocabulary }: TrialSize): Promise<{ config: ModelConfig; weights: Weights }> {
  const json = {
    architectures: ['LlamaForCausalLM'],
    model_type: 'llama',
    vocab_size: vocabulary,
    hidden_size: hidden,
    intermediate_size: (hidden * 11) / 4,
    num_hidden_layers: layers,
    num_attention_heads: hidden / 32,
    num_key_value_heads: hidden / 64,
    max_position_embeddings: 512,
    rms_norm_eps: 1e-5,
    rope_theta: 10000,
    hidden_act: 'silu',
    tie_word_embeddings: false,
  };
  const folder = await openModelFolder(await ensureRandomModel(dir, json));
  const config = parseModelConfig(json, 'config.json');
  const stored = resolveModelTensors(config, folder.tensors, folder.dir);
  return {
    config,
    weights: new Map([...stored].map(([name, source]) => [name, weightRange(folder.tensors.get(source) as MappedWeight)])),
  };
}

function trialModules(config: ModelConfig): LoraModule[] {
  return [...linearModules(config)].flatMap(([name, size]) =>
    /\.(?:q_proj|v_proj)$/.test(name) ? [{ name, inFeatures: size.in, outFeatures: size.out, rank: RANK, scaling: 2 }] : [],
  );
}

/** Neither factor is zero, so that both have gradients. */
function trialParameters(modules: readonly LoraModule[]): LoraParameters {
  const wave = (length: number) => Float32Array.from({ length }, (_, i) => 0.02 * Math.sin(1 + i));
  return new Map(
    modules.flatMap(({ name, rank, inFeatures, outFeatures }) => [
      [loraInputName(name, 'lora_A'), wave(rank * inFeatures)],
      [loraInputName(name, 'lora_B'), wave(outFeatures * rank)],
    ]),
  );
}

function trialChunk({ rows, rowTokens, vocabulary }: TrialSize): Chunk {
  const ids = (row: number, from: number, count: number) =>
    Int32Array.from({ length: count }, (_, i) => 1 + ((97 * row + 31 * (from + i)) % (vocabulary - 1)));
  const half = rowTokens / 2;
  const examples = Array.from({ length: rows }, (_, row) => ({
    row,
    promptIds: ids(row, 0, half),
    completionIds: ids(row, half, half),
    label: row % 2 === 0,
  }));
  const groups = examples.map((example, i) => exampleGroup(example, examples[(i + 1) % rows]?.completionIds ?? null, i, rowTokens));
  return chunkRows(groups, Infinity)[0] as Chunk;
}

function flopsOf(options: StepGraphOptions, chunk: Chunk, longest: number): number {
  const graph = stepGraph(options);
  const packed = packTrees(chunk.trees, distinctWindows(options.config), chunk.rows.length);
  const feeds = packedFeeds(options.config, packed, { longestRow: longest, headGroups: options.memory.headGroups });
  const sizes = new Map(dimSizes(graph, (name) => feeds[name]?.dims));
  sizes.set('n', chunk.rows.length);
  return matMulFlops(graph, sizes);
}
