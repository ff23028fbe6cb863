/** @file The micro-batch that needs the most memory, as it will be computed: what a plan must fit. */
import type { TokenisedExample, TokenisedPair } from '#engine/data/tokenised.ts';
import type { RowGroup } from './chunk-rows.ts';
import { SORTING_LOSSES } from './dpo-losses.ts';
import type { DpoLossType } from './dpo-losses.ts';
import { dpoGroups, dpoTrainingSet } from './dpo-set.ts';
import { ktoGroups, ktoTrainingSet } from './kto-set.ts';
import { completionsOf } from './row-groups.ts';
import type { TrainingSettings } from './settings.ts';
import type { Objective } from './step-graph.ts';

/** Training rows of the method. */
export type MethodRows =
  | { readonly method: 'kto'; readonly rows: readonly TokenisedExample[] }
  | { readonly method: 'dpo'; readonly rows: readonly TokenisedPair[] };

/** How a method's gradient pass is built. */
export interface GradientShape {
  readonly partner: boolean;
  readonly objective: Objective;
}

export function gradientShape(settings: TrainingSettings): GradientShape {
  const { method, loss_type: lossType, beta, label_smoothing: labelSmoothing, discopop_tau: discopopTau } = settings;
  if (method === 'kto') return { partner: lossType === 'kto', objective: { kind: 'rows' } };
  const type = lossType as DpoLossType; // resolved settings of method dpo
  if (SORTING_LOSSES.has(type)) return { partner: false, objective: { kind: 'seeds' } };
  return { partner: false, objective: { kind: 'pairs', lossType: type, settings: { beta, labelSmoothing, discopopTau } } };
}

/** Every micro-batch of an epoch, as groups of rows. */
export function trainingBatches({ method, rows }: MethodRows, settings: TrainingSettings): RowGroup[][] {
  if (method === 'dpo') {
    const set = dpoTrainingSet(rows, settings);
    return set.batches.map((batch) => dpoGroups(set, batch, settings));
  }
  const set = ktoTrainingSet(rows, settings);
  return set.batches.map((batch) => ktoGroups(set, batch, settings));
}

/** @throws {RangeError} never for rows that can be trained on: there is at least one batch */
export function heaviestBatch(batches: readonly (readonly RowGroup[])[]): readonly RowGroup[] {
  const tokens = (groups: readonly RowGroup[]) =>
    groups.flatMap(completionsOf).reduce((sum, { prompt, completion }) => sum + prompt.length + completion.length, 0);
  return batches.reduce((heaviest, groups) => (tokens(groups) > tokens(heaviest) ? groups : heaviest));
}
