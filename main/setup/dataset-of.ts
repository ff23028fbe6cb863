/** @file The dataset that a version belongs to. */
import { getDataset, getVersion, type Dataset } from '#store/datasets.ts';
import type { Store } from '#store/store.ts';

/** Null if either is gone. */
export function datasetOf(store: Store, versionId: number): Dataset | null {
  const version = getVersion(store, versionId);
  return version && getDataset(store, version.datasetId);
}
