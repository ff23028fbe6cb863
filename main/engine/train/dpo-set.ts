/** @file Pairs divided into batches: what DPO trains or evaluates on, and what a plan must fit. */
import type { TokenisedPair } from '#engine/data/tokenised.ts';
import { planBlocks } from './blocks.ts';
import type { RowGroup } from './chunk-rows.ts';
import { planEvaluation } from './eval-plan.ts';
import { pairGroup } from './row-groups.ts';
import type { TrainingSettings } from './settings.ts';

export interface PairSet {
  readonly pairs: readonly TokenisedPair[];
  readonly batches: readonly (readonly number[])[];
}

/** @returns also whether the last, smaller block stays last in every epoch, and what the person should know of the blocks */
export function dpoTrainingSet(
  pairs: readonly TokenisedPair[],
  settings: TrainingSettings,
): PairSet & { readonly keepLast: boolean; readonly notes: readonly string[] } {
  const { per_device_train_batch_size: batchSize, shuffle, seed } = settings;
  const { blocks, keepLast, notes } = planBlocks({ rowCount: pairs.length, labels: null, batchSize, shuffle, seed, klPartners: false });
  return { pairs, batches: blocks, keepLast, notes };
}

export function dpoEvaluationSet(pairs: readonly TokenisedPair[], settings: TrainingSettings): PairSet {
  const { per_device_train_batch_size: trainBatchSize, per_device_eval_batch_size: evalBatchSize, shuffle, seed } = settings;
  const sizes = { rowCount: pairs.length, trainBatchSize, evalBatchSize };
  return { pairs, batches: planEvaluation({ ...sizes, labels: null, shuffle, seed, klEstimate: false }).batches };
}

/** A batch as prompts with the two completions that follow each. */
export function dpoGroups({ pairs }: PairSet, batch: readonly number[], settings: TrainingSettings): RowGroup[] {
  const { max_length: maxLength, truncation_mode: truncationMode } = settings;
  return batch.map((row, i) => pairGroup(pairs[row] as TokenisedPair, i, { maxLength, truncationMode }));
}
