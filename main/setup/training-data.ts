/** @file What a project trains on: what was chosen in its steps, or where nothing was, what there is. */
import type { DataChoice } from '#contract/choices.ts';
import { balanceDataset } from '#datasets/balance-dataset.ts';
import type { LabelCounts } from '#engine/train/weight-balance.ts';
import { getChoices } from '#projects/choices.ts';
import { getVersion, latestVersionOf, listDatasets, requireVersion } from '#store/datasets.ts';
import { getSplit } from '#store/splits.ts';
import type { Store } from '#store/store.ts';
import { datasetOf } from './dataset-of.ts';

/** Null while there is nothing. What was chosen and deleted since is as if it had not been chosen. */
export function trainingData(store: Store, projectId: number): DataChoice | null {
  const { data } = getChoices(store, projectId);
  if (data && getVersion(store, data.versionId)) {
    return { versionId: data.versionId, splitId: data.splitId !== null && getSplit(store, data.splitId) ? data.splitId : null };
  }
  const version = listDatasets(store, projectId)
    .map(({ id }) => latestVersionOf(store, id))
    .findLast((latest) => latest !== null && latest.rowCount > 0);
  if (!version) return null;
  return { versionId: version.id, splitId: null };
}

/** Of the examples that KTO would be trained on: a pair gives one of each. */
export function labelCounts(store: Store, { versionId, splitId }: DataChoice): LabelCounts {
  if (datasetOf(store, versionId)?.kind === 'pair') {
    const { rowCount } = requireVersion(store, versionId);
    const pairs = splitId === null ? rowCount : (getSplit(store, splitId)?.trainCount ?? rowCount);
    return { desirable: pairs, undesirable: pairs };
  }
  return balanceDataset(store, { versionId, splitId }).counts;
}
