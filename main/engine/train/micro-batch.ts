/** @file What a pass over a micro-batch gives, for both methods; and collecting it from chunks. */
import type { Backend, Weights } from '#engine/graph/backend.ts';
import type { LoraModule } from '#engine/model/lora.ts';
import type { ModelConfig } from '#engine/model/model-config.ts';
import type { MemoryPlan } from './memory-plan.ts';
import type { ChunkResult } from './row-pass.ts';
import type { Chunk } from './chunk-rows.ts';
import type { ChunkSize } from './chunk-size.ts';

/** What every pass over rows needs. */
export interface PassOptions {
  readonly backend: Backend;
  readonly weights: Weights;
  readonly config: ModelConfig;
  readonly modules: readonly LoraModule[];
  readonly memory: MemoryPlan;
  /** What the chunks of all passes have become; if left out, as planned. */
  readonly chunks?: ChunkSize | undefined;
}

/** Sums over each row's scored positions; a value per row of the micro-batch. */
export interface RowSums {
  readonly logps: Float64Array;
  readonly partnerLogps: Float64Array;
  readonly sumMeanLogits: Float64Array;
  readonly sumEntropy: Float64Array;
  readonly correctTokens: Float64Array;
  readonly completionTokens: Float64Array;
}

export interface MicroBatchResult {
  /** Mean over rows (KTO) or pairs (DPO). */
  readonly loss: number;
  readonly rows: RowSums;
  /** Of `loss`, by parameter name; null for a pass without gradients. */
  readonly gradients: ReadonlyMap<string, Float32Array> | null;
  /** z0 of KTO, nats. */
  readonly klEstimate: number;
}

export function emptyRowSums(rowCount: number): RowSums {
  const vector = () => new Float64Array(rowCount);
  return {
    logps: vector(),
    partnerLogps: vector(),
    sumMeanLogits: vector(),
    sumEntropy: vector(),
    correctTokens: vector(),
    completionTokens: vector(),
  };
}

/** Puts a chunk's rows where they belong in the micro-batch. */
export function collectRows(sums: RowSums, chunk: Chunk, result: ChunkResult): void {
  for (const key of Object.keys(sums) as (keyof RowSums)[]) {
    chunk.rows.forEach((row, i) => (sums[key][row] = result[key][i] ?? 0));
  }
}

/** target += factor · source, by parameter name. */
export function accumulate(target: Map<string, Float32Array>, source: ReadonlyMap<string, Float32Array>, factor: number): void {
  for (const [name, values] of source) {
    const sum = target.get(name) ?? new Float32Array(values.length);
    for (let i = 0; i < values.length; i++) sum[i] = (sum[i] as number) + factor * (values[i] as number);
    target.set(name, sum);
  }
}
