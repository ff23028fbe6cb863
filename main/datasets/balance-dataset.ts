/** @file What can be done about unequal numbers of labels in what is trained on, and how well batches mix them. */
import { SettingsError } from '#contract/errors.ts';
import { balanceChoices, type BalanceAdvice } from '#engine/train/balance-choices.ts';
import { labelMixing, type LabelMixing } from '#engine/train/label-mixing.ts';
import { subsampleMajority } from '#engine/train/subsample-majority.ts';
import type { LabelCounts } from '#engine/train/weight-balance.ts';
import { requireVersion, type DatasetVersion } from '#store/datasets.ts';
import { iterateRowKeys } from '#store/rows.ts';
import { readSides } from '#store/splits.ts';
import type { Store } from '#store/store.ts';
import { keepRows } from './keep-rows.ts';
import { datasetOf } from './stage-rows.ts';
import type { WorkOptions } from './work-progress.ts';

/** What is trained on: a version, or the training side of a split of it. */
export interface TrainingPart {
  readonly versionId: number;
  readonly splitId?: number | null;
}

/** @throws {SettingsError} if it is a dataset of pairs @throws {StoreError} `not-found` */
export function balanceDataset(store: Store, part: TrainingPart): BalanceAdvice {
  return balanceChoices(countLabels(trainingLabels(store, part)));
}

export interface MixingRequest extends TrainingPart {
  /** `per_device_train_batch_size` */
  readonly batchSize: number;
  readonly shuffle: boolean;
  readonly seed: number;
}

/** Counted on the very blocks that KTO training uses. @throws {SettingsError | StoreError} as balanceDataset */
export function mixDataset(store: Store, { batchSize, shuffle, seed, ...part }: MixingRequest): LabelMixing {
  const labels = trainingLabels(store, part);
  return labelMixing({ rowCount: labels.length, labels, batchSize, shuffle, seed, klPartners: true });
}

export interface SubsampleRequest extends TrainingPart {
  readonly seed: number;
}

/**
 * The next version of the dataset, with examples of the more frequent label left out at random, as balanceDataset offers it; only those
 * that are trained on are looked at, and held-out ones stay.
 * @throws {SettingsError} if the labels are balanced, or one is missing
 * @throws {StoreError} `conflict` if the dataset was changed meanwhile
 */
export async function subsampleDataset(
  store: Store,
  { seed, ...part }: SubsampleRequest,
  options: WorkOptions<'writing'> = {},
): Promise<DatasetVersion> {
  const { versionId } = part;
  const indices = trainingIndices(store, part);
  const labels = trainingLabels(store, part);
  const choice = balanceChoices(countLabels(labels)).choices.find(({ kind }) => kind === 'subsample');
  if (choice === undefined)
    throw new SettingsError('There is nothing to leave out: the labels are balanced, or one is missing.', { field: 'balance' });
  const stay = subsampleMajority(labels, choice.counts, seed);
  const removed = new Set(indices);
  for (const at of stay) removed.delete(indices[at] ?? -1);
  const origin = { kind: 'subsample', from: versionId, seed, counts: { ...choice.counts } };
  return keepRows(store, { versionId, isKept: (index) => !removed.has(index), removed: removed.size, origin }, options);
}

function trainingIndices(store: Store, { versionId, splitId = null }: TrainingPart): number[] {
  const { rowCount } = requireVersion(store, versionId);
  const all = Array.from({ length: rowCount }, (_, index) => index);
  if (splitId === null) return all;
  const { partOf } = readSides(store, splitId);
  return all.filter((index) => partOf(index) === 'train');
}

function trainingLabels(store: Store, { versionId, splitId = null }: TrainingPart): boolean[] {
  const { kind, name } = datasetOf(store, requireVersion(store, versionId));
  if (kind === 'pair') {
    throw new SettingsError(`“${name}” holds pairs, which have no labels to balance. Unpair it first.`, { field: 'dataset' });
  }
  const partOf = splitId === null ? null : readSides(store, splitId).partOf;
  const labels: boolean[] = [];
  let index = 0;
  for (const { label } of iterateRowKeys(store, versionId)) {
    if (partOf === null || partOf(index) === 'train') labels.push(label ?? false);
    index++;
  }
  return labels;
}

function countLabels(labels: readonly boolean[]): LabelCounts {
  const desirable = labels.filter(Boolean).length;
  return { desirable, undesirable: labels.length - desirable };
}
