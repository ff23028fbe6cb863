/** @file KTO as a method of the training loop: fixed blocks, a KL partner per row, reference log-probabilities known beforehand. */
import { InternalError } from '#contract/errors.ts';
import type { TokenisedExample } from '#engine/data/tokenised.ts';
import { ChunkSize } from './chunk-size.ts';
import { KtoMicroBatches } from './kto-micro-batch.ts';
import type { KtoBatch } from './kto-micro-batch.ts';
import { ktoMetrics } from './kto-metrics.ts';
import { ktoEvaluationSet, ktoGroups, ktoTrainingSet, usesKl } from './kto-set.ts';
import type { ExampleSet } from './kto-set.ts';
import type { BatchOutcome, GradientOutcome, Method, MethodOptions, ReferenceLogProbs } from './method.ts';
import type { MicroBatchResult } from './micro-batch.ts';
import { scoreReferences } from './reference-pass.ts';
import { longestRow, rowTokens } from './row-lengths.ts';
import type { LoraParameters } from './row-pass.ts';

/** Log-probabilities under the reference model, by example. */
interface SetReferences {
  readonly rows: Float64Array;
  readonly partners: Float64Array | null;
}

export class KtoMethod implements Method {
  readonly #options: MethodOptions;
  readonly #train: ReturnType<typeof ktoTrainingSet>;
  readonly #evaluation: ExampleSet | null;
  readonly #passes: KtoMicroBatches;
  #references: ReferenceLogProbs | null = null;
  #giveBack: () => Promise<void> = () => Promise.resolve();

  private constructor(
    options: MethodOptions,
    passes: KtoMicroBatches,
    examples: { train: readonly TokenisedExample[]; evaluation: readonly TokenisedExample[] | null },
  ) {
    this.#options = options;
    this.#passes = passes;
    this.#train = ktoTrainingSet(examples.train, options.settings);
    this.#evaluation = examples.evaluation && ktoEvaluationSet(examples.evaluation, options.settings);
  }

  static async open(
    options: MethodOptions,
    train: readonly TokenisedExample[],
    evaluation: readonly TokenisedExample[] | null,
  ): Promise<KtoMethod> {
    const { beta, desirable_weight: desirableWeight, undesirable_weight: undesirableWeight } = options.settings;
    const weightsOfLoss = { beta, desirableWeight, undesirableWeight };
    const shared = { ...options, chunks: options.chunks ?? new ChunkSize(options.memory.chunkTokens) };
    const passes = new KtoMicroBatches({ ...shared, weightsOfLoss, partners: usesKl(options.settings) });
    const method = new KtoMethod(shared, passes, { train, evaluation });
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
    return [...this.#train.notes, ...(this.#evaluation?.notes ?? [])];
  }

  async computeReferences(blocks: readonly number[], onProgress: (done: number, total: number) => void): Promise<ReferenceLogProbs> {
    const trained = blocks.map((block) => this.#train.batches[block] as readonly number[]);
    const evaluated = this.#evaluation?.batches ?? [];
    const total = [...trained, ...evaluated].reduce((sum, { length }) => sum + length, 0);
    let done = 0;
    const onRows = (count: number) => onProgress((done += count), total);
    const train = await this.#scoreSet(this.#train, trained, onRows);
    const evaluation = this.#evaluation && (await this.#scoreSet(this.#evaluation, evaluated, onRows));
    return {
      train: train.rows,
      trainPartners: train.partners,
      evaluation: evaluation?.rows ?? null,
      evaluationPartners: evaluation?.partners ?? null,
    };
  }

  useReferences(references: ReferenceLogProbs): void {
    this.#references = references;
  }

  async differentiate(block: number, parameters: LoraParameters): Promise<GradientOutcome> {
    const { train: rows, trainPartners: partners } = this.#knownReferences();
    const batch = this.#batch(this.#train, block, { rows, partners });
    const result = await this.#passes.differentiate(batch, parameters);
    return { ...this.#outcome(batch, result), gradients: result.gradients ?? new Map() };
  }

  async evaluate(index: number, parameters: LoraParameters): Promise<BatchOutcome> {
    const { evaluation: rows, evaluationPartners: partners } = this.#knownReferences();
    if (!this.#evaluation || !rows) throw new InternalError('There is no evaluation set.');
    const batch = this.#batch(this.#evaluation, index, { rows, partners });
    return this.#outcome(batch, await this.#passes.score(batch, parameters));
  }

  async release(): Promise<void> {
    await this.#passes.release();
    await this.#giveBack();
  }

  #knownReferences(): ReferenceLogProbs {
    if (!this.#references) throw new InternalError('Reference log-probabilities are needed before training.');
    return this.#references;
  }

  #batch(set: ExampleSet, index: number, references: SetReferences): KtoBatch {
    const rows = set.batches[index] as readonly number[];
    const groups = ktoGroups(set, rows, this.#options.settings);
    const { partners } = references;
    return {
      groups,
      labels: rows.map((row) => (set.examples[row] as TokenisedExample).label),
      reference: rows.map((row) => references.rows[row] as number),
      partnerReference: partners && rows.map((row) => partners[row] as number),
      longestRow: longestRow(groups),
    };
  }

  #outcome({ labels, groups, reference }: KtoBatch, { loss, klEstimate, rows }: MicroBatchResult): BatchOutcome {
    const measures = { ...rows, policyLogProbs: rows.logps, referenceLogProbs: reference };
    return {
      loss,
      metrics: ktoMetrics({ labels, rows: measures, klEstimate, beta: this.#options.settings.beta }),
      tokens: groups.reduce((sum, group) => sum + rowTokens(group), 0),
      rowCount: labels.length,
    };
  }

  async #scoreSet(set: ExampleSet, wanted: readonly (readonly number[])[], onRows: (count: number) => void): Promise<SetReferences> {
    const rows = new Float64Array(set.examples.length).fill(NaN);
    const partners = set.partners && new Float64Array(set.examples.length).fill(NaN);
    const batches = wanted.map((batch) => {
      const groups = ktoGroups(set, batch, this.#options.settings);
      return { groups, rowCount: batch.length, longestRow: longestRow(groups) };
    });
    await scoreReferences(this.#options, {
      batches,
      partners: partners !== null,
      onBatch: (index, sums) => {
        const batch = wanted[index] as readonly number[];
        batch.forEach((row, i) => {
          rows[row] = sums.logps[i] as number;
          if (partners) partners[row] = sums.partnerLogps[i] as number;
        });
        onRows(batch.length);
      },
    });
    return { rows, partners };
  }
}
