/** @file Batches and KL partners of the evaluation set. */
import { planBlocks, sequentialBlocks } from './blocks.ts';
import { klPartners } from './kl-pairs.ts';

export interface EvalPlan {
  /** Row indices in batches of `per_device_eval_batch_size`, the same at every evaluation. */
  readonly batches: readonly (readonly number[])[];
  /** For each row, the row whose completion follows its prompt in the KL estimate; null if there is none to make. */
  readonly partners: Int32Array | null;
  readonly notes: readonly string[];
}

/**
 * TRL rotates completions in blocks of the *train* batch size, also here, while batches have the eval batch size: the two need not
 * coincide. With `shuffle` the rows are first ordered by `planBlocks`, so that batches hold both labels where the data allows.
 */
export function planEvaluation({
  rowCount,
  labels,
  trainBatchSize,
  evalBatchSize,
  shuffle,
  seed,
  klEstimate,
}: {
  readonly rowCount: number;
  /** KTO's labels, or null for DPO. */
  readonly labels: readonly boolean[] | null;
  readonly trainBatchSize: number;
  readonly evalBatchSize: number;
  readonly shuffle: boolean;
  readonly seed: number;
  /** true for KTO's loss_type kto */
  readonly klEstimate: boolean;
}): EvalPlan {
  // DPO's evaluation means do not depend on how rows are grouped beyond the batch, so its order is kept.
  const mixed = shuffle && labels !== null;
  const plan = planBlocks({ rowCount, labels, batchSize: trainBatchSize, shuffle: mixed, seed, klPartners: klEstimate });
  return {
    batches: sequentialBlocks(plan.blocks.flat(), evalBatchSize),
    partners: klEstimate ? klPartners(plan.blocks) : null,
    notes: plan.notes.map((note) => `Evaluation: ${note}`),
  };
}
