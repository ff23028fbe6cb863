/** @file The datasets of a project as a person sees them: each with its newest version. */
import { latestVersionOf, listDatasets, listVersions, type Dataset, type DatasetVersion } from '#store/datasets.ts';
import type { Store } from '#store/store.ts';

export interface DatasetSummary {
  readonly dataset: Dataset;
  readonly latest: DatasetVersion;
  readonly versions: number;
}

/** In the order they were made; what is being imported is not there yet. */
export function listDatasetSummaries(store: Store, projectId: number): readonly DatasetSummary[] {
  return listDatasets(store, projectId).flatMap((dataset) => {
    const latest = latestVersionOf(store, dataset.id);
    return latest === null ? [] : [{ dataset, latest, versions: listVersions(store, dataset.id).length }];
  });
}
