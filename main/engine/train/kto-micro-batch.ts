/** @file One KTO micro-batch: scores its rows and their KL partners, then turns log-probabilities into the loss and its gradient. */
import type { Backend, Weights } from '#engine/graph/backend.ts';
import type { LoraModule } from '#engine/model/lora.ts';
import { loraInputName } from '#engine/model/lora.ts';
import type { ModelConfig } from '#engine/model/model-config.ts';
import { chunkRows } from './chunk-rows.ts';
import type { Chunk, RowGroup } from './chunk-rows.ts';
import type { MemoryPlan } from './memory-plan.ts';
import { accumulate, collectRows, emptyRowSums } from './micro-batch.ts';
import type { MicroBatchResult, RowSums } from './micro-batch.ts';
import { ktoRowLosses } from './row-losses.ts';
import type { KtoWeights } from './row-losses.ts';
import { RowPass } from './row-pass.ts';
import type { LoraParameters } from './row-pass.ts';

export interface KtoBatch {
  /** Row i of the batch is credited in group i. */
  readonly groups: readonly RowGroup[];
  readonly labels: readonly boolean[];
  /** Reference log-probabilities of the rows and, for loss_type kto, of their KL partners; `[n]` each */
  readonly reference: ArrayLike<number>;
  readonly partnerReference: ArrayLike<number> | null;
  /** Tokens of the longest row. */
  readonly longestRow: number;
}

export interface PassOptions {
  readonly backend: Backend;
  readonly weights: Weights;
  readonly config: ModelConfig;
  readonly modules: readonly LoraModule[];
  readonly memory: MemoryPlan;
}

export class KtoMicroBatches {
  readonly #scoring: RowPass;
  readonly #gradient: RowPass;
  readonly #options: PassOptions & { weightsOfLoss: KtoWeights };

  private constructor(scoring: RowPass, gradient: RowPass, options: PassOptions & { weightsOfLoss: KtoWeights }) {
    this.#scoring = scoring;
    this.#gradient = gradient;
    this.#options = options;
  }

  /** @param partners - whether rows come with KL partners (loss_type kto) */
  static async compile(options: PassOptions & { weightsOfLoss: KtoWeights; partners: boolean }): Promise<KtoMicroBatches> {
    const { backend, weights, config, modules, memory, partners } = options;
    const shared = { config, modules, memory, partner: partners, measures: true };
    const scoring = await RowPass.compile(backend, weights, { ...shared, objective: { kind: 'none' } });
    const gradient = await RowPass.compile(backend, weights, { ...shared, objective: { kind: 'rows' } });
    return new KtoMicroBatches(scoring, gradient, options);
  }

  /** Loss without gradient, for evaluation. */
  async score(batch: KtoBatch, parameters: LoraParameters): Promise<MicroBatchResult> {
    const rows = emptyRowSums(batch.labels.length);
    for (const chunk of chunkRows(batch.groups, this.#options.memory.chunkTokens)) {
      collectRows(rows, chunk, await this.#scoring.run(chunk, { parameters, longestRow: batch.longestRow }));
    }
    const { loss, klEstimate } = this.#losses(batch, rows);
    return { loss, klEstimate, rows, gradients: null };
  }

  /** Loss and gradient. */
  async differentiate(batch: KtoBatch, parameters: LoraParameters): Promise<MicroBatchResult> {
    const rows = emptyRowSums(batch.labels.length);
    const perChunk: { chunk: Chunk; gradients: ReadonlyMap<string, Float32Array> }[] = [];
    for (const chunk of chunkRows(batch.groups, this.#options.memory.chunkTokens)) {
      const result = await this.#gradient.run(chunk, { parameters, longestRow: batch.longestRow });
      collectRows(rows, chunk, result);
      perChunk.push({ chunk, gradients: result.gradients });
    }
    const { loss, klEstimate, seeds } = this.#losses(batch, rows);
    const gradients = new Map<string, Float32Array>();
    for (const { chunk, gradients: perRow } of perChunk) {
      accumulate(
        gradients,
        weightRows(
          this.#options.modules,
          perRow,
          chunk.rows.map((row) => seeds[row] as number),
        ),
        1,
      );
    }
    return { loss, klEstimate, rows, gradients };
  }

  async release(): Promise<void> {
    await this.#scoring.release();
    await this.#gradient.release();
  }

  #losses({ labels, reference, partnerReference }: KtoBatch, rows: RowSums): ReturnType<typeof ktoRowLosses> {
    const partners = partnerReference && { policy: rows.partnerLogps, reference: partnerReference };
    return ktoRowLosses({ policy: rows.logps, reference, partners, labels }, this.#options.weightsOfLoss);
  }
}

/** Σ over rows of seed · (that row's gradient), from `[n·R, in]` and `[out, n·R]` to `[R, in]` and `[out, R]`. */
function weightRows(
  modules: readonly LoraModule[],
  perRow: ReadonlyMap<string, Float32Array>,
  seeds: readonly number[],
): Map<string, Float32Array> {
  const sums = new Map<string, Float32Array>();
  for (const { name, rank, inFeatures, outFeatures } of modules) {
    const a = perRow.get(loraInputName(name, 'lora_A'));
    const b = perRow.get(loraInputName(name, 'lora_B'));
    if (a) sums.set(loraInputName(name, 'lora_A'), weightBlocks(a, seeds, rank * inFeatures));
    if (b) sums.set(loraInputName(name, 'lora_B'), weightColumns(b, seeds, { rank, outFeatures }));
  }
  return sums;
}

function weightBlocks(perRow: Float32Array, seeds: readonly number[], blockLength: number): Float32Array {
  const sum = new Float32Array(blockLength);
  seeds.forEach((seed, row) => {
    const offset = row * blockLength;
    for (let i = 0; i < blockLength; i++) sum[i] = (sum[i] as number) + seed * (perRow[offset + i] as number);
  });
  return sum;
}

function weightColumns(
  perRow: Float32Array,
  seeds: readonly number[],
  { rank, outFeatures }: { rank: number; outFeatures: number },
): Float32Array {
  const sum = new Float32Array(outFeatures * rank);
  const width = seeds.length * rank;
  for (let out = 0; out < outFeatures; out++) {
    for (let k = 0; k < rank; k++) {
      let total = 0;
      for (let row = 0; row < seeds.length; row++) total += (seeds[row] as number) * (perRow[out * width + row * rank + k] as number);
      sum[out * rank + k] = total;
    }
  }
  return sum;
}
