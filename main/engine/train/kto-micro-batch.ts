/** @file One KTO micro-batch: scores its rows and their KL partners, then turns log-probabilities into the loss and its gradient. */
import type { Feeds } from '#engine/graph/backend.ts';
import { treeTokens } from '#engine/model/segment-tree.ts';
import type { Stream } from '#engine/model/segment-tree.ts';
import { floatTensor } from '#engine/tensor/tensor.ts';
import type { Chunk, RowGroup } from './chunk-rows.ts';
import { ChunkSize } from './chunk-size.ts';
import { CompiledPasses } from './compiled-passes.ts';
import { accumulate, collectRows, emptyRowSums } from './micro-batch.ts';
import type { MicroBatchResult, PassOptions, RowSums } from './micro-batch.ts';
import { onlyStream, sharePrompts } from './row-groups.ts';
import { estimateKl, ktoRowLosses } from './row-losses.ts';
import type { KtoWeights } from './row-losses.ts';
import { RowPass } from './row-pass.ts';
import type { LoraParameters } from './row-pass.ts';
import { OBJECTIVE_INPUTS } from './step-graph.ts';
import type { Objective } from './step-graph.ts';
import { weightRows } from './weight-rows.ts';

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

interface KtoOptions extends PassOptions {
  readonly weightsOfLoss: KtoWeights;
  /** Whether rows come with KL partners (loss_type kto). */
  readonly partners: boolean;
}

type PassName = 'score' | 'rows' | 'examples';

export class KtoMicroBatches {
  readonly #options: KtoOptions;
  readonly #chunks: ChunkSize;
  readonly #passes = new CompiledPasses<PassName>((name) => this.#compile(name));

  constructor(options: KtoOptions) {
    this.#options = options;
    this.#chunks = options.chunks ?? new ChunkSize(options.memory.chunkTokens);
  }

  /** Loss without gradient, for evaluation. */
  score(batch: KtoBatch, parameters: LoraParameters): Promise<MicroBatchResult> {
    return this.#fit(async () => {
      const rows = await this.#scoreRows(batch, batch.groups, parameters);
      const { loss, klEstimate } = this.#losses(batch, rows);
      return { loss, klEstimate, rows, gradients: null };
    });
  }

  /** Loss and gradient. */
  differentiate(batch: KtoBatch, parameters: LoraParameters): Promise<MicroBatchResult> {
    return this.#fit(() => {
      const inOnePass = this.#options.memory.rowGradients && !sharingPays(batch.groups, this.#chunks.tokens);
      return inOnePass ? this.#differentiateRows(batch, parameters) : this.#differentiateExamples(batch, parameters);
    });
  }

  release(): Promise<void> {
    return this.#passes.release();
  }

  #fit(work: () => Promise<MicroBatchResult>): Promise<MicroBatchResult> {
    return this.#chunks.fit(work, { rowsTogether: 1, free: () => this.release() });
  }

  /** Every row's gradient by itself; the loss decides afterwards how much each counts. */
  async #differentiateRows(batch: KtoBatch, parameters: LoraParameters): Promise<MicroBatchResult> {
    const rows = emptyRowSums(batch.labels.length);
    const perChunk: { chunk: Chunk; gradients: ReadonlyMap<string, Float32Array> }[] = [];
    const pass = await this.#passes.get('rows');
    for (const chunk of this.#chunks.cut(batch.groups)) {
      const result = await pass.run(chunk, { parameters, longestRow: batch.longestRow });
      collectRows(rows, chunk, result);
      perChunk.push({ chunk, gradients: result.gradients });
    }
    const { loss, klEstimate, seeds } = this.#losses(batch, rows);
    const gradients = new Map<string, Float32Array>();
    for (const { chunk, gradients: perRow } of perChunk) {
      const chunkSeeds = chunk.rows.map((row) => seeds[row] as number);
      accumulate(gradients, weightRows(this.#options.modules, perRow, chunkSeeds), 1);
    }
    return { loss, klEstimate, rows, gradients };
  }

  /** z0 first, then the loss in the graph; rows with the same prompt share it. */
  async #differentiateExamples(batch: KtoBatch, parameters: LoraParameters): Promise<MicroBatchResult> {
    const { partnerReference, labels } = batch;
    let partnerLogps: Float64Array = new Float64Array(labels.length);
    if (partnerReference) ({ partnerLogps } = await this.#scoreRows(batch, this.#shared(batch, 'partner'), parameters));
    const z0 = partnerReference ? estimateKl({ policy: partnerLogps, reference: partnerReference }) : 0;
    const rows = { ...emptyRowSums(labels.length), partnerLogps };
    const gradients = new Map<string, Float32Array>();
    const pass = await this.#passes.get('examples');
    for (const chunk of this.#chunks.cut(this.#shared(batch, 'policy'))) {
      const result = await pass.run(chunk, { parameters, longestRow: batch.longestRow, extra: this.#exampleFeeds(batch, chunk, z0) });
      collectRows(rows, chunk, { ...result, partnerLogps: Float32Array.from(chunk.rows, (row) => partnerLogps[row] as number) });
      accumulate(gradients, result.gradients, 1 / labels.length);
    }
    const { loss, klEstimate } = this.#losses(batch, rows);
    return { loss, klEstimate, rows, gradients };
  }

  async #scoreRows(batch: KtoBatch, groups: readonly RowGroup[], parameters: LoraParameters): Promise<RowSums> {
    const rows = emptyRowSums(batch.labels.length);
    const pass = await this.#passes.get('score');
    for (const chunk of this.#chunks.cut(groups))
      collectRows(rows, chunk, await pass.run(chunk, { parameters, longestRow: batch.longestRow }));
    return rows;
  }

  #compile(name: PassName): Promise<RowPass> {
    const { backend, weights, config, modules, memory, partners, weightsOfLoss } = this.#options;
    const objective: Objective =
      name === 'score' ? { kind: 'none' } : name === 'rows' ? { kind: 'rows' } : { kind: 'examples', beta: weightsOfLoss.beta };
    const partner = partners && name !== 'examples';
    return RowPass.compile(backend, weights, { config, modules, memory, partner, measures: true, objective });
  }

  #shared({ groups }: KtoBatch, stream: Stream): RowGroup[] {
    return sharePrompts(onlyStream(groups, stream), this.#chunks.tokens);
  }

  #exampleFeeds({ labels, reference }: KtoBatch, { rows }: Chunk, z0: number): Feeds {
    const { desirableWeight, undesirableWeight } = this.#options.weightsOfLoss;
    const perRow = (value: (row: number) => number) => floatTensor([rows.length], rows.map(value));
    return {
      [OBJECTIVE_INPUTS.reference]: perRow((row) => reference[row] as number),
      [OBJECTIVE_INPUTS.sign]: perRow((row) => (labels[row] ? 1 : -1)),
      [OBJECTIVE_INPUTS.lossWeight]: perRow((row) => (labels[row] ? desirableWeight : undesirableWeight)),
      [OBJECTIVE_INPUTS.klEstimate]: floatTensor([], [z0]),
    };
  }

  #losses({ labels, reference, partnerReference }: KtoBatch, rows: RowSums): ReturnType<typeof ktoRowLosses> {
    const partners = partnerReference && { policy: rows.partnerLogps, reference: partnerReference };
    return ktoRowLosses({ policy: rows.logps, reference, partners, labels }, this.#options.weightsOfLoss);
  }
}

/**
 * One pass computes every row's prompt forward and backward; two passes compute every *different* prompt forward for z0, then forward and
 * backward. So two pay when fewer than two thirds of the prompt tokens are different ones.
 */
function sharingPays(groups: readonly RowGroup[], chunkTokens: number): boolean {
  const promptTokens = (of: readonly RowGroup[]) =>
    of.reduce((sum, { trees }) => sum + trees.reduce((tokens, tree) => tokens + treeTokens(tree.slice(0, 1), 'policy'), 0), 0);
  return 3 * promptTokens(sharePrompts(groups, chunkTokens)) < 2 * promptTokens(groups);
}
