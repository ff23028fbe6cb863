/** @file A compiled step graph, and how a chunk of rows is fed to it. */
import type { Backend, Executable, Feeds, Weights } from '#engine/graph/backend.ts';
import { loraInputName, perRowMatrices } from '#engine/model/lora.ts';
import type { LoraModule } from '#engine/model/lora.ts';
import { packTrees } from '#engine/model/pack-trees.ts';
import { distinctWindows, packedFeeds } from '#engine/model/stream-inputs.ts';
import type { FloatTensor, Tensor } from '#engine/tensor/tensor.ts';
import { floatTensor } from '#engine/tensor/tensor.ts';
import type { Chunk } from './chunk-rows.ts';
import { OUTPUTS, stepGraph } from './step-graph.ts';
import type { StepGraphOptions } from './step-graph.ts';

/** LoRA's A and B by parameter name (`<module>.lora_A.weight`), row-major. */
export type LoraParameters = ReadonlyMap<string, Float32Array>;

export interface ChunkResult {
  /** Shape `[n]` each, a value per row of the chunk; `partnerLogps` is empty without partners, the others without measures. */
  readonly logps: Float32Array;
  readonly partnerLogps: Float32Array;
  readonly sumMeanLogits: Float32Array;
  readonly sumEntropy: Float32Array;
  readonly correctTokens: Float32Array;
  /** Positions scored per row. */
  readonly completionTokens: Float32Array;
  /** Loss per pair; empty unless the objective is `pairs`. */
  readonly losses: Float32Array;
  /** By parameter name; per row (`[n·R, in]`, `[out, n·R]`) for the objective `rows`. */
  readonly gradients: ReadonlyMap<string, Float32Array>;
}

export class RowPass {
  readonly #executable: Executable;
  readonly #options: StepGraphOptions;

  private constructor(executable: Executable, options: StepGraphOptions) {
    this.#executable = executable;
    this.#options = options;
  }

  static async compile(backend: Backend, weights: Weights, options: StepGraphOptions): Promise<RowPass> {
    return new RowPass(await backend.compile(stepGraph(options), weights), options);
  }

  /**
   * @param longestRow - tokens of the longest row of the micro-batch
   * @param extra - inputs of the objective
   */
  async run(
    chunk: Chunk,
    { parameters, longestRow, extra = {} }: { parameters: LoraParameters; longestRow: number; extra?: Feeds },
  ): Promise<ChunkResult> {
    const { config, modules, objective, memory } = this.#options;
    const packed = packTrees(chunk.trees, distinctWindows(config), chunk.rows.length);
    const outputs = await this.#executable.run({
      ...packedFeeds(config, packed, { longestRow, headGroups: memory.headGroups }),
      ...factorFeeds(modules, parameters),
      ...(objective.kind === 'rows' ? perRowFeeds(modules, packed.policy.rows, packed.rowCount) : {}),
      ...extra,
    });
    const vector = (name: string) => floats(outputs[name]);
    const prefix = OUTPUTS.gradient('');
    const gradients = Object.entries(outputs).flatMap(([name, tensor]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), floats(tensor)] as const] : [],
    );
    return {
      logps: vector(OUTPUTS.logps),
      partnerLogps: vector(OUTPUTS.partnerLogps),
      sumMeanLogits: vector(OUTPUTS.meanLogits),
      sumEntropy: vector(OUTPUTS.entropies),
      correctTokens: vector(OUTPUTS.correct),
      completionTokens: countRows(packed.policy.scored.rows, packed.rowCount),
      losses: vector(OUTPUTS.losses),
      gradients: new Map(gradients),
    };
  }

  release(): Promise<void> {
    return this.#executable.release();
  }
}

function factorFeeds(modules: readonly LoraModule[], parameters: LoraParameters): Record<string, FloatTensor> {
  const feed = (name: string, dims: readonly number[]) => [name, floatTensor(dims, parameters.get(name) ?? new Float32Array())] as const;
  return Object.fromEntries(
    modules.flatMap(({ name, rank, inFeatures, outFeatures }) => [
      feed(loraInputName(name, 'lora_A'), [rank, inFeatures]),
      feed(loraInputName(name, 'lora_B'), [outFeatures, rank]),
    ]),
  );
}

function perRowFeeds(modules: readonly LoraModule[], rowOfToken: Int32Array, rows: number): Record<string, FloatTensor> {
  const membership = new Float32Array(rowOfToken.length * rows); // [T, n]
  rowOfToken.forEach((row, token) => {
    if (row >= 0) membership[token * rows + row] = 1;
  });
  const feeds: Record<string, FloatTensor> = { row_of_token: floatTensor([rowOfToken.length, rows], membership) };
  for (const rank of new Set(modules.map((module) => module.rank))) {
    const { stack, spread } = perRowMatrices(rows, rank);
    feeds[`stack_rank_${rank}`] = floatTensor([rows * rank, rank], stack);
    feeds[`spread_rank_${rank}`] = floatTensor([rows, rows * rank], spread);
  }
  return feeds;
}

function floats(tensor: Tensor | undefined): Float32Array {
  return tensor?.dtype === 'float32' ? tensor.data : new Float32Array();
}

function countRows(rows: Int32Array, rowCount: number): Float32Array {
  const counts = new Float32Array(rowCount);
  for (const row of rows) if (row >= 0) counts[row] = (counts[row] as number) + 1;
  return counts;
}
