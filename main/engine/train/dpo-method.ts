/** @file DPO as a method of the training loop: fixed blocks of pairs, cached reference log-probabilities. */
import type { TokenisedPair } from '#engine/data/tokenised.ts';
import { planBlocks } from './blocks.ts';
import type { RowGroup } from './chunk-rows.ts';
import type { DpoLossType } from './dpo-losses.ts';
import { DpoMicroBatches, half } from './dpo-micro-batch.ts';
import type { DpoBatch } from './dpo-micro-batch.ts';
import { dpoMetrics } from './dpo-metrics.ts';
import { planEvaluation } from './eval-plan.ts';
import type { BatchOutcome, Method, MethodOptions, ReferenceLogProbs } from './method.ts';
import type { MicroBatchResult, RowSums } from './micro-batch.ts';
import { scoreReferences } from './reference-pass.ts';
import { pairGroup } from './row-groups.ts';
import { completionLengths, longestRow, rowTokens } from './row-lengths.ts';

interface PairSet {
  readonly pairs: readonly TokenisedPair[];
  readonly batches: readonly (readonly number[])[];
}

export async function dpoMethod(options: MethodOptions, train: readonly TokenisedPair[], evaluation: readonly TokenisedPair[] | null): Promise<Method> {
  const { settings } = options;
  const { beta, shuffle, seed } = settings;
  const truncation = { maxLength: settings.max_length, truncationMode: settings.truncation_mode };
  const plan = planBlocks({ rowCount: train.length, labels: null, batchSize: settings.per_device_train_batch_size, shuffle, seed, klPartners: false });
  const trainSet: PairSet = { pairs: train, batches: plan.blocks };
  const evalSet: PairSet | null = evaluation && { pairs: evaluation, batches: evaluationBatches(options, evaluation.length) };
  const lossSettings = { beta, labelSmoothing: settings.label_smoothing, discopopTau: settings.discopop_tau };
  // Resolved settings hold one of DPO's loss types when the method is dpo.
  const passes = await DpoMicroBatches.compile({ ...options, lossType: settings.loss_type as DpoLossType, lossSettings });
  let references: ReferenceLogProbs | null = null;

  const groupsOf = ({ pairs }: PairSet, rows: readonly number[]): RowGroup[] => rows.map((row, i) => pairGroup(pairs[row] as TokenisedPair, i, truncation));

  const batchOf = (set: PairSet, index: number, reference: Float64Array): DpoBatch => {
    const rows = set.batches[index] as readonly number[];
    const groups = groupsOf(set, rows);
    return {
      groups,
      reference: rows.flatMap((row) => [reference[2 * row] as number, reference[2 * row + 1] as number]),
      completionTokens: completionLengths(groups),
      longestRow: longestRow(groups),
    };
  };

  const outcome = (batch: DpoBatch, { loss, rows }: MicroBatchResult): BatchOutcome => {
    const measures = (which: 0 | 1) => ({
      policyLogProbs: half(rows.logps, which),
      referenceLogProbs: half(batch.reference, which),
      completionTokens: half(rows.completionTokens, which),
      sumMeanLogits: half(rows.sumMeanLogits, which),
      sumEntropy: half(rows.sumEntropy, which),
      correctTokens: half(rows.correctTokens, which),
    });
    return {
      loss,
      metrics: dpoMetrics({ chosen: measures(0), rejected: measures(1), beta }),
      tokens: batch.groups.reduce((sum, group) => sum + rowTokens(group), 0),
      rowCount: batch.groups.length,
    };
  };

  const scoreSet = async (set: PairSet, onRows: (count: number) => void): Promise<Float64Array> => {
    const reference = new Float64Array(2 * set.pairs.length);
    const batches = set.batches.map((rows) => {
      const groups = groupsOf(set, rows);
      return { groups, rowCount: 2 * rows.length, longestRow: longestRow(groups) };
    });
    const onBatch = (index: number, { logps }: RowSums) => {
      const rows = set.batches[index] as readonly number[];
      rows.forEach((row, i) => reference.set(logps.subarray(2 * i, 2 * i + 2), 2 * row));
      onRows(rows.length);
    };
    await scoreReferences(options, { batches, partners: false, onBatch });
    return reference;
  };

  return {
    blockCount: plan.blocks.length,
    keepLast: plan.keepLast,
    evaluationBatchCount: evalSet?.batches.length ?? 0,
    notes: plan.notes,
    async computeReferences(onProgress) {
      const total = train.length + (evaluation?.length ?? 0);
      let done = 0;
      const onRows = (count: number) => onProgress((done += count), total);
      const trainRows = await scoreSet(trainSet, onRows);
      const evaluationRows = evalSet ? await scoreSet(evalSet, onRows) : null;
      return { train: trainRows, trainPartners: null, evaluation: evaluationRows, evaluationPartners: null };
    },
    useReferences(value) {
      references = value;
    },
    async differentiate(block, parameters) {
      const batch = batchOf(trainSet, block, (references as ReferenceLogProbs).train);
      const result = await passes.differentiate(batch, parameters);
      return { ...outcome(batch, result), gradients: result.gradients ?? new Map() };
    },
    async evaluate(index, parameters) {
      const batch = batchOf(evalSet as PairSet, index, (references as ReferenceLogProbs).evaluation as Float64Array);
      return outcome(batch, await passes.score(batch, parameters));
    },
    release: () => passes.release(),
  };
}

function evaluationBatches({ settings }: MethodOptions, rowCount: number): readonly (readonly number[])[] {
  const { per_device_train_batch_size: trainBatchSize, per_device_eval_batch_size: evalBatchSize, shuffle, seed } = settings;
  return planEvaluation({ rowCount, labels: null, trainBatchSize, evalBatchSize, shuffle, seed, klEstimate: false }).batches;
}
