/** @file Makes a version with some of the rows: few removals are an edit, many are a version written anew. */
import { requireVersion, type DatasetVersion } from '#store/datasets.ts';
import { editRows, type RowEdit } from '#store/edit-rows.ts';
import type { JsonObject } from '#store/json-column.ts';
import type { NewRow } from '#store/row-columns.ts';
import { iterateRowKeys } from '#store/rows.ts';
import type { Store } from '#store/store.ts';
import { stageRows } from './stage-rows.ts';
import { walkRows } from './walk-rows.ts';
import type { WorkOptions } from './work-progress.ts';

export interface Removal {
  readonly versionId: number;
  /** By the version's row index, from 0. */
  readonly isKept: (index: number) => boolean;
  /** How many are not kept. */
  readonly removed: number;
  readonly origin: JsonObject;
}

/** An edit is one transaction, in which nothing else is written: 0.2 s for so many rows. */
const MOST_EDITS = 20_000;

/** @throws {StoreError} `conflict` if the dataset was changed meanwhile @throws {CancelledError} */
export async function keepRows(store: Store, removal: Removal, options: WorkOptions<'writing'>): Promise<DatasetVersion> {
  const { versionId, origin, removed } = removal;
  if (removed <= MOST_EDITS) return editRows(store, { versionId, edits: deletions(store, removal), origin });
  const { datasetId } = requireVersion(store, versionId);
  return stageRows(store, { into: { datasetId }, origin, rows: kept(store, removal, options) });
}

function* deletions(store: Store, { versionId, isKept }: Removal): Generator<RowEdit> {
  // The ids come before the first edit, since no row may be read while others are changed.
  const ids: number[] = [];
  let index = 0;
  for (const { id } of iterateRowKeys(store, versionId)) if (!isKept(index++)) ids.push(id);
  for (const rowId of ids) yield { kind: 'delete', rowId };
}

async function* kept(store: Store, { versionId, isKept }: Removal, options: WorkOptions<'writing'>): AsyncGenerator<readonly NewRow[]> {
  for await (const batch of walkRows(store, versionId, { stage: 'writing', options })) {
    yield batch.filter(({ index }) => isKept(index)).map(({ stored }) => stored);
  }
}
