/** @file KTO as a method of the training loop: fixed blocks, a KL partner per row, cached reference log-probabilities. */
import type { TokenisedExample } from '#engine/data/tokenised.ts';
import { planBlocks } from './blocks.ts';
import type { RowGroup } from './chunk-rows.ts';
import { planEvaluation } from './eval-plan.ts';
import { klPartners } from './kl-pairs.ts';
import { KtoMicroBatches } from './kto-micro-batch.ts';
import type { KtoBatch } from './kto-micro-batch.ts';
import { ktoMetrics } from './kto-metrics.ts';
import type { BatchOutcome, Method, MethodOptions, ReferenceLogProbs } from './method.ts';
import type { MicroBatchResult } from './micro-batch.ts';
import { scoreReferences } from './reference-pass.ts';
import { exampleGroup } from './row-groups.ts';
import { longestRow, rowTokens } from './row-lengths.ts';

interface ExampleSet {
  readonly examples: readonly TokenisedExample[];
  readonly batches: readonly (readonly number[])[];
  /** For each example, whose completion is its KL partner; null for apo_zero_unpaired. */
  readonly partners: Int32Array | null;
}

export async function ktoMethod(options: MethodOptions, train: readonly TokenisedExample[], evaluation: readonly TokenisedExample[] | null): Promise<Method> {
  const { settings } = options;
  const { beta, shuffle, seed, max_length: maxLength } = settings;
  const usesKl = settings.loss_type === 'kto';
  const labels = train.map(({ label }) => label);
  const plan = planBlocks({ rowCount: train.length, labels, batchSize: settings.per_device_train_batch_size, shuffle, seed, klPartners: usesKl });
  const trainSet: ExampleSet = { examples: train, batches: plan.blocks, partners: usesKl ? klPartners(plan.blocks) : null };
  const evalSet = evaluation && evaluationSet(options, evaluation, usesKl);
  const weightsOfLoss = { beta, desirableWeight: settings.desirable_weight, undesirableWeight: settings.undesirable_weight };
  const passes = await KtoMicroBatches.compile({ ...options, weightsOfLoss, partners: usesKl });
  let references: ReferenceLogProbs | null = null;

  const groupsOf = ({ examples, partners }: ExampleSet, rows: readonly number[]): RowGroup[] =>
    rows.map((row, i) => {
      const example = examples[row] as TokenisedExample;
      const partner = partners && (examples[partners[row] as number] as TokenisedExample).completionIds;
      return exampleGroup(example, partner, i, maxLength);
    });

  const batchOf = (set: ExampleSet, index: number, reference: Float64Array, partnerReference: Float64Array | null): KtoBatch => {
    const rows = set.batches[index] as readonly number[];
    const groups = groupsOf(set, rows);
    return {
      groups,
      labels: rows.map((row) => (set.examples[row] as TokenisedExample).label),
      reference: rows.map((row) => reference[row] as number),
      partnerReference: partnerReference && rows.map((row) => partnerReference[row] as number),
      longestRow: longestRow(groups),
    };
  };

  const outcome = (batch: KtoBatch, { loss, klEstimate, rows }: MicroBatchResult): BatchOutcome => ({
    loss,
    metrics: ktoMetrics({ labels: batch.labels, rows: { ...rows, policyLogProbs: rows.logps, referenceLogProbs: batch.reference }, klEstimate, beta }),
    tokens: batch.groups.reduce((sum, group) => sum + rowTokens(group), 0),
    rowCount: batch.labels.length,
  });

  const scoreSet = async (set: ExampleSet, onRows: (count: number) => void): Promise<[Float64Array, Float64Array | null]> => {
    const reference = new Float64Array(set.examples.length);
    const partnerReference = set.partners && new Float64Array(set.examples.length);
    const batches = set.batches.map((rows) => {
      const groups = groupsOf(set, rows);
      return { groups, rowCount: rows.length, longestRow: longestRow(groups) };
    });
    const onBatch = (index: number, sums: { logps: Float64Array; partnerLogps: Float64Array }) => {
      const rows = set.batches[index] as readonly number[];
      rows.forEach((row, i) => {
        reference[row] = sums.logps[i] as number;
        if (partnerReference) partnerReference[row] = sums.partnerLogps[i] as number;
      });
      onRows(rows.length);
    };
    await scoreReferences(options, { batches, partners: usesKl, onBatch });
    return [reference, partnerReference];
  };

  return {
    blockCount: plan.blocks.length,
    keepLast: plan.keepLast,
    evaluationBatchCount: evalSet?.batches.length ?? 0,
    notes: [...plan.notes, ...(evalSet?.notes ?? [])],
    async computeReferences(onProgress) {
      const total = train.length + (evaluation?.length ?? 0);
      let done = 0;
      const onRows = (count: number) => onProgress((done += count), total);
      const [trainRows, trainPartners] = await scoreSet(trainSet, onRows);
      const [evaluationRows, evaluationPartners] = evalSet ? await scoreSet(evalSet, onRows) : [null, null];
      return { train: trainRows, trainPartners, evaluation: evaluationRows, evaluationPartners };
    },
    useReferences(value) {
      references = value;
    },
    async differentiate(block, parameters) {
      const { train: rows, trainPartners } = references as ReferenceLogProbs;
      const batch = batchOf(trainSet, block, rows, trainPartners);
      const result = await passes.differentiate(batch, parameters);
      return { ...outcome(batch, result), gradients: result.gradients ?? new Map() };
    },
    async evaluate(index, parameters) {
      const { evaluation: rows, evaluationPartners } = references as ReferenceLogProbs;
      const batch = batchOf(evalSet as ExampleSet, index, rows as Float64Array, evaluationPartners);
      return outcome(batch, await passes.score(batch, parameters));
    },
    release: () => passes.release(),
  };
}

function evaluationSet({ settings }: MethodOptions, examples: readonly TokenisedExample[], klEstimate: boolean): ExampleSet & { notes: readonly string[] } {
  const { per_device_train_batch_size: trainBatchSize, per_device_eval_batch_size: evalBatchSize, shuffle, seed } = settings;
  const labels = examples.map(({ label }) => label);
  const plan = planEvaluation({ rowCount: examples.length, labels, trainBatchSize, evalBatchSize, shuffle, seed, klEstimate });
  return { examples, ...plan };
}
