/** @file One DPO micro-batch: both answers of each pair over one pass of their prompt, and the loss with its gradient. */
import type { Feeds } from '#engine/graph/backend.ts';
import { floatTensor, intTensor } from '#engine/tensor/tensor.ts';
import type { Chunk, RowGroup } from './chunk-rows.ts';
import { ChunkSize } from './chunk-size.ts';
import { CompiledPasses } from './compiled-passes.ts';
import { SORTING_LOSSES } from './dpo-losses.ts';
import type { DpoLossSettings, DpoLossType } from './dpo-losses.ts';
import { accumulate, collectRows, emptyRowSums } from './micro-batch.ts';
import type { MicroBatchResult, PassOptions, RowSums } from './micro-batch.ts';
import { dpoRowLosses, pairsPerChosenToken } from './row-losses.ts';
import { RowPass } from './row-pass.ts';
import type { LoraParameters } from './row-pass.ts';
import { OBJECTIVE_INPUTS } from './step-graph.ts';

export interface DpoBatch {
  /** Pair i is group i, with rows 2i (chosen) and 2i + 1 (rejected). */
  readonly groups: readonly RowGroup[];
  /** Reference log-probabilities, a value per row; `[2p]` */
  readonly reference: ArrayLike<number>;
  /** Completion tokens per row, as TRL counts them for length-normalised losses; `[2p]` */
  readonly completionTokens: ArrayLike<number>;
  readonly longestRow: number;
}

interface DpoOptions extends PassOptions {
  readonly lossType: DpoLossType;
  readonly lossSettings: DpoLossSettings;
}

type PassName = 'score' | 'gradient';

export class DpoMicroBatches {
  readonly #options: DpoOptions;
  readonly #chunks: ChunkSize;
  readonly #passes = new CompiledPasses<PassName>((name) => this.#compile(name));

  constructor(options: DpoOptions) {
    this.#options = options;
    this.#chunks = options.chunks ?? new ChunkSize(options.memory.chunkTokens);
  }

  /** Loss without gradient, for evaluation. */
  score(batch: DpoBatch, parameters: LoraParameters): Promise<MicroBatchResult> {
    return this.#fit(() => this.#scorePairs(batch, parameters));
  }

  /** Loss and gradient. */
  differentiate(batch: DpoBatch, parameters: LoraParameters): Promise<MicroBatchResult> {
    const isSorting = SORTING_LOSSES.has(this.#options.lossType);
    return this.#fit(() => (isSorting ? this.#differentiateSorting(batch, parameters) : this.#differentiatePairs(batch, parameters)));
  }

  release(): Promise<void> {
    return this.#passes.release();
  }

  #fit(work: () => Promise<MicroBatchResult>): Promise<MicroBatchResult> {
    return this.#chunks.fit(work, { rowsTogether: 2, free: () => this.release() });
  }

  #compile(name: PassName): Promise<RowPass> {
    const { backend, weights, config, modules, memory, lossType, lossSettings: settings } = this.#options;
    const shared = { config, modules, memory, partner: false };
    if (name === 'score') return RowPass.compile(backend, weights, { ...shared, measures: true, objective: { kind: 'none' } });
    return RowPass.compile(backend, weights, {
      ...shared,
      // The sorting losses have been scored, with measures, before their gradient is computed.
      ...(SORTING_LOSSES.has(lossType)
        ? { measures: false, objective: { kind: 'seeds' } }
        : { measures: true, objective: { kind: 'pairs', lossType, settings } }),
    });
  }

  async #scorePairs(batch: DpoBatch, parameters: LoraParameters): Promise<MicroBatchResult> {
    const rows = emptyRowSums(2 * batch.groups.length);
    const pass = await this.#passes.get('score');
    for (const chunk of this.#chunks.cut(batch.groups)) {
      collectRows(rows, chunk, await pass.run(chunk, { parameters, longestRow: batch.longestRow }));
    }
    return { loss: this.#losses(batch, rows).loss, klEstimate: 0, rows, gradients: null };
  }

  async #differentiatePairs(batch: DpoBatch, parameters: LoraParameters): Promise<MicroBatchResult> {
    const rows = emptyRowSums(2 * batch.groups.length);
    const gradients = new Map<string, Float32Array>();
    const pass = await this.#passes.get('gradient');
    for (const chunk of this.#chunks.cut(batch.groups)) {
      const result = await pass.run(chunk, { parameters, longestRow: batch.longestRow, extra: pairFeeds(batch, chunk) });
      collectRows(rows, chunk, result);
      accumulate(gradients, result.gradients, 1 / batch.groups.length);
    }
    return { loss: this.#losses(batch, rows).loss, klEstimate: 0, rows, gradients };
  }

  /** A pair's loss depends on all log-probabilities of the micro-batch, so they come first. */
  async #differentiateSorting(batch: DpoBatch, parameters: LoraParameters): Promise<MicroBatchResult> {
    const { rows } = await this.#scorePairs(batch, parameters);
    const { loss, chosenSeeds, rejectedSeeds } = this.#losses(batch, rows);
    const gradients = new Map<string, Float32Array>();
    const pass = await this.#passes.get('gradient');
    for (const chunk of this.#chunks.cut(batch.groups)) {
      const seeds = chunk.rows.map((row) => (row % 2 === 0 ? chosenSeeds : rejectedSeeds)[row >> 1] as number);
      const extra = { [OBJECTIVE_INPUTS.seeds]: floatTensor([seeds.length], seeds) };
      accumulate(gradients, (await pass.run(chunk, { parameters, longestRow: batch.longestRow, extra })).gradients, 1);
    }
    return { loss, klEstimate: 0, rows, gradients };
  }

  #losses({ reference, completionTokens }: DpoBatch, rows: RowSums): ReturnType<typeof dpoRowLosses> {
    const { lossType, lossSettings } = this.#options;
    return dpoRowLosses(
      {
        chosen: half(rows.logps, 0),
        rejected: half(rows.logps, 1),
        referenceChosen: half(reference, 0),
        referenceRejected: half(reference, 1),
        chosenTokens: half(completionTokens, 0),
        rejectedTokens: half(completionTokens, 1),
      },
      lossType,
      lossSettings,
    );
  }
}

/** The chosen (0) or rejected (1) elements of a vector of rows. */
export function half(rows: ArrayLike<number>, which: 0 | 1): number[] {
  return Array.from({ length: rows.length / 2 }, (_, pair) => rows[2 * pair + which] as number);
}

function pairFeeds(batch: DpoBatch, chunk: Chunk): Feeds {
  const pairs = chunk.rows.filter((row) => row % 2 === 0).map((row) => row >> 1);
  const perPair = (values: ArrayLike<number>, which: 0 | 1) =>
    floatTensor(
      [pairs.length],
      pairs.map((pair) => values[2 * pair + which] as number),
    );
  const perToken = pairsPerChosenToken(half(batch.completionTokens, 0));
  return {
    [OBJECTIVE_INPUTS.chosenRows]: intTensor(
      [pairs.length],
      pairs.map((pair) => chunk.rows.indexOf(2 * pair)),
    ),
    [OBJECTIVE_INPUTS.rejectedRows]: intTensor(
      [pairs.length],
      pairs.map((pair) => chunk.rows.indexOf(2 * pair + 1)),
    ),
    [OBJECTIVE_INPUTS.referenceChosen]: perPair(batch.reference, 0),
    [OBJECTIVE_INPUTS.referenceRejected]: perPair(batch.reference, 1),
    [OBJECTIVE_INPUTS.chosenTokens]: perPair(batch.completionTokens, 0),
    [OBJECTIVE_INPUTS.rejectedTokens]: perPair(batch.completionTokens, 1),
    [OBJECTIVE_INPUTS.pairsPerChosenToken]: floatTensor(
      [pairs.length],
      pairs.map((pair) => perToken[pair] as number),
    ),
  };
}
