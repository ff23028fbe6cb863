/** @file What the training loop needs of a method: fixed micro-batches, each of which can be differentiated, and evaluation batches. */
import type { TrainingSettings } from './settings.ts';
import type { PassOptions } from './micro-batch.ts';
import type { KnownLogProbs } from './reference-pass.ts';
import type { LoraParameters } from './row-pass.ts';

export interface MethodOptions extends PassOptions {
  readonly settings: TrainingSettings;
  /**
   * Parameters of the reference model: null for the base model, or the adapter that training starts from.
   * @see trl/trainer/kto_trainer.py: a PEFT model's initial adapter becomes its reference
   */
  readonly referenceParameters: LoraParameters | null;
  /** Reference log-probabilities of earlier runs, or null to compute all. */
  readonly knownReferences: KnownLogProbs | null;
  readonly signal: { readonly aborted: boolean } | undefined;
}

/** Reference log-probabilities in nats, by row of the dataset (two per pair, chosen first); NaN for rows that the run never comes to. */
export interface ReferenceLogProbs {
  readonly train: Float64Array;
  readonly trainPartners: Float64Array | null;
  readonly evaluation: Float64Array | null;
  readonly evaluationPartners: Float64Array | null;
}

export interface BatchOutcome {
  /** Mean over rows (KTO) or pairs (DPO). */
  readonly loss: number;
  /** TRL's metrics by TRL's names. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Prompt and completion tokens, without KL partners. */
  readonly tokens: number;
  readonly rowCount: number;
}

export interface GradientOutcome extends BatchOutcome {
  /** Of the loss, by parameter name. */
  readonly gradients: ReadonlyMap<string, Float32Array>;
}

export interface Method {
  /** Micro-batches of an epoch. */
  readonly blockCount: number;
  /** The last block has another size and keeps its place. */
  readonly keepLast: boolean;
  readonly evaluationBatchCount: number;
  /** What the data did not allow, in plain sentences. */
  readonly notes: readonly string[];
  /**
   * Scores rows under the reference model: those of these blocks, and of all evaluation batches. Must be called (or `references` restored) before
   * anything below.
   */
  computeReferences(blocks: readonly number[], onProgress: (done: number, total: number) => void): Promise<ReferenceLogProbs>;
  useReferences(references: ReferenceLogProbs): void;
  differentiate(block: number, parameters: LoraParameters): Promise<GradientOutcome>;
  evaluate(batch: number, parameters: LoraParameters): Promise<BatchOutcome>;
  release(): Promise<void>;
}
