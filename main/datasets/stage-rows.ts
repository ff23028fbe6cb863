/** @file Writes rows that come by batches as a version of a dataset, all or nothing. */
import { createDataset, getDataset, type DatasetKind, type DatasetVersion } from '#store/datasets.ts';
import type { JsonObject } from '#store/json-column.ts';
import { notFound } from '#store/not-found.ts';
import type { NewRow } from '#store/row-columns.ts';
import { RowWriter } from '#store/row-writer.ts';
import type { Store } from '#store/store.ts';

export interface StagedRows {
  /** A new dataset of the project, or the next version of one, in which the rows take the place of all. */
  readonly into: { readonly projectId: number; readonly name: string; readonly kind: DatasetKind } | { readonly datasetId: number };
  readonly origin: JsonObject;
  readonly rows: AsyncIterable<readonly NewRow[]>;
}

/**
 * Whatever ends it before its end, nothing is left behind.
 * @throws {StoreError} `conflict` if the name is taken or rows are being imported, `not-found`
 */
export async function stageRows(store: Store, { into, origin, rows }: StagedRows): Promise<DatasetVersion> {
  const writer = store.write(() => {
    const datasetId = 'projectId' in into ? createDataset(store, into).id : into.datasetId;
    return RowWriter.begin(store, { datasetId, keepRows: false, origin });
  });
  try {
    for await (const batch of rows) writer.add(batch);
    return writer.commit();
  } catch (error) {
    await writer.abort();
    throw error;
  }
}

/** The dataset of a version. @throws {StoreError} `not-found` */
export function datasetOf(store: Store, { datasetId }: Pick<DatasetVersion, 'datasetId'>): NonNullable<ReturnType<typeof getDataset>> {
  const dataset = getDataset(store, datasetId);
  if (!dataset) throw notFound('dataset', datasetId);
  return dataset;
}
