/** @file DPO as a method of the training loop: fixed blocks of pairs, reference log-probabilities known beforehand. */
import { InternalError } from '#contract/errors.ts';
import type { TokenisedPair } from '#engine/data/tokenised.ts';
import { ChunkSize } from './chunk-size.ts';
import type { DpoLossType } from './dpo-losses.ts';
import { DpoMicroBatches, half } from './dpo-micro-batch.ts';
import type { DpoBatch } from './dpo-micro-batch.ts';
import { dpoMetrics } from './dpo-metrics.ts';
import { dpoEvaluationSet, dpoGroups, dpoTrainingSet } from './dpo-set.ts';
import type { PairSet } from './dpo-set.ts';
import type { BatchOutcome, GradientOutcome, Method, MethodOptions, ReferenceLogProbs } from './method.ts';
import type { MicroBatchResult } from './micro-batch.ts';
import { scoreReferences } from './reference-pass.ts';
import { completionLengths, longestRow, rowTokens } from './row-lengths.ts';
import type { LoraParameters } from './row-pass.ts';

export class DpoMethod implements Method {
  readonly #options: MethodOptions;
  readonly #train: ReturnType<typeof dpoTrainingSet>;
  readonly #evaluation: PairSet | null;
  readonly #passes: DpoMicroBatches;
  #references: ReferenceLogProbs | null = null;
  #giveBack: () => Promise<void> = () => Promise.resolve();

  private constructor(
    options: MethodOptions,
    passes: DpoMicroBatches,
    pairs: { train: readonly TokenisedPair[]; evaluation: readonly TokenisedPair[] | null },
  ) {
    this.#options = options;
    this.#passes = passes;
    this.#train = dpoTrainingSet(pairs.train, options.settings);
    this.#evaluation = pairs.evaluation && dpoEvaluationSet(pairs.evaluation, options.settings);
  }

  static async open(
    options: MethodOptions,
    train: readonly TokenisedPair[],
    evaluation: readonly TokenisedPair[] | null,
  ): Promise<DpoMethod> {
    const { beta, label_smoothing: labelSmoothing, discopop_tau: discopopTau, loss_type: lossType } = options.settings;
    const lossSettings = { beta, labelSmoothing, discopopTau };
    // Resolved settings hold one of DPO's loss types when the method is dpo.
    const shared = { ...options, chunks: options.chunks ?? new ChunkSize(options.memory.chunkTokens) };
    const passes = new DpoMicroBatches({ ...shared, lossType: lossType as DpoLossType, lossSettings });
    const method = new DpoMethod(shared, passes, { train, evaluation });
    method.#giveBack = await options.backend.hold(options.weights);
    return method;
  }

  get blockCount(): number {
    return this.#train.batches.length;
  }

  get keepLast(): boolean {
    return this.#train.keepLast;
  }

  get evaluationBatchCount(): number {
    return this.#evaluation?.batches.length ?? 0;
  }

  get notes(): readonly string[] {
    return this.#train.notes;
  }

  async computeReferences(blocks: readonly number[], onProgress: (done: number, total: number) => void): Promise<ReferenceLogProbs> {
    const trained = blocks.map((block) => this.#train.batches[block] as readonly number[]);
    const evaluated = this.#evaluation?.batches ?? [];
    const total = [...trained, ...evaluated].reduce((sum, { length }) => sum + length, 0);
    let done = 0;
    const onRows = (count: number) => onProgress((done += count), total);
    const train = await this.#scoreSet(this.#train, trained, onRows);
    const evaluation = this.#evaluation && (await this.#scoreSet(this.#evaluation, evaluated, onRows));
    return { train, trainPartners: null, evaluation, evaluationPartners: null };
  }

  useReferences(references: ReferenceLogProbs): void {
    this.#references = references;
  }

  async differentiate(block: number, parameters: LoraParameters): Promise<GradientOutcome> {
    const batch = this.#batch(this.#train, block, this.#references?.train);
    const result = await this.#passes.differentiate(batch, parameters);
    return { ...this.#outcome(batch, result), gradients: result.gradients ?? new Map() };
  }

  async evaluate(index: number, parameters: LoraParameters): Promise<BatchOutcome> {
    if (!this.#evaluation) throw new InternalError('There is no evaluation set.');
    const batch = this.#batch(this.#evaluation, index, this.#references?.evaluation);
    return this.#outcome(batch, await this.#passes.score(batch, parameters));
  }

  async release(): Promise<void> {
    await this.#passes.release();
    await this.#giveBack();
  }

  /** @param references - two per pair of the set, chosen first */
  #batch(set: PairSet, index: number, references: Float64Array | null | undefined): DpoBatch {
    if (!references) throw new InternalError('Reference log-probabilities are needed before training.');
    const rows = set.batches[index] as readonly number[];
    const groups = dpoGroups(set, rows, this.#options.settings);
    return {
      groups,
      reference: rows.flatMap((row) => [...references.subarray(2 * row, 2 * row + 2)]),
      completionTokens: completionLengths(groups),
      longestRow: longestRow(groups),
    };
  }

  #outcome({ groups, reference }: DpoBatch, { loss, rows }: MicroBatchResult): BatchOutcome {
    const measures = (which: 0 | 1) => ({
      policyLogProbs: half(rows.logps, which),
      referenceLogProbs: half(reference, which),
      completionTokens: half(rows.completionTokens, which),
      sumMeanLogits: half(rows.sumMeanLogits, which),
      sumEntropy: half(rows.sumEntropy, which),
      correctTokens: half(rows.correctTokens, which),
    });
    return {
      loss,
      metrics: dpoMetrics({ chosen: measures(0), rejected: measures(1), beta: this.#options.settings.beta }),
      tokens: groups.reduce((sum, group) => sum + rowTokens(group), 0),
      rowCount: groups.length,
    };
  }

  /** Two values per pair, chosen first. */
  async #scoreSet(set: PairSet, wanted: readonly (readonly number[])[], onRows: (count: number) => void): Promise<Float64Array> {
    const reference = new Float64Array(2 * set.pairs.length).fill(NaN);
    const batches = wanted.map((batch) => {
      const groups = dpoGroups(set, batch, this.#options.settings);
      return { groups, rowCount: 2 * batch.length, longestRow: longestRow(groups) };
    });
    await scoreReferences(this.#options, {
      batches,
      partners: false,
      onBatch: (index, { logps }) => {
        const batch = wanted[index] as readonly number[];
        batch.forEach((row, i) => reference.set(logps.subarray(2 * i, 2 * i + 2), 2 * row));
        onRows(batch.length);
      },
    });
    return reference;
  }
}
