/** @file Examples divided into batches, each row with its KL partner: what KTO trains or evaluates on, and what a plan must fit. */
import type { TokenisedExample } from '#engine/data/tokenised.ts';
import { planBlocks } from './blocks.ts';
import { planEvaluation } from './eval-plan.ts';
import { klPartners } from './kl-pairs.ts';
import { exampleGroup } from './row-groups.ts';
import type { RowGroup } from './chunk-rows.ts';
import type { TrainingSettings } from './settings.ts';

export interface ExampleSet {
  readonly examples: readonly TokenisedExample[];
  readonly batches: readonly (readonly number[])[];
  /** Whose completion is each row's KL partner; null for apo_zero_unpaired. */
  readonly partners: Int32Array | null;
  readonly notes: readonly string[];
}

export function usesKl(settings: TrainingSettings): boolean {
  return settings.loss_type === 'kto';
}

/** @returns also whether the last, smaller block stays last in every epoch */
export function ktoTrainingSet(
  examples: readonly TokenisedExample[],
  settings: TrainingSettings,
): ExampleSet & { readonly keepLast: boolean } {
  const { per_device_train_batch_size: batchSize, shuffle, seed } = settings;
  const labels = examples.map(({ label }) => label);
  const plan = planBlocks({ rowCount: examples.length, labels, batchSize, shuffle, seed, klPartners: usesKl(settings) });
  const partners = usesKl(settings) ? klPartners(plan.blocks) : null;
  return { examples, batches: plan.blocks, partners, notes: plan.notes, keepLast: plan.keepLast };
}

export function ktoEvaluationSet(examples: readonly TokenisedExample[], settings: TrainingSettings): ExampleSet {
  const { per_device_train_batch_size: trainBatchSize, per_device_eval_batch_size: evalBatchSize, shuffle, seed } = settings;
  const labels = examples.map(({ label }) => label);
  const sizes = { rowCount: examples.length, trainBatchSize, evalBatchSize };
  return { examples, ...planEvaluation({ ...sizes, labels, shuffle, seed, klEstimate: usesKl(settings) }) };
}

/** A batch as prompts with the completions that follow them. */
export function ktoGroups({ examples, partners }: ExampleSet, batch: readonly number[], settings: TrainingSettings): RowGroup[] {
  const example = (row: number) => examples[row] as TokenisedExample;
  return batch.map((row, i) => {
    const partner = partners && example(partners[row] as number).completionIds;
    return exampleGroup(example(row), partner, i, settings.max_length);
  });
}
