/** @file Reads the rows of a version: a page of them, or all in their order, or only their keys. */
import { getVersion, requireVersion, type DatasetVersion } from './datasets.ts';
import { placeOf } from './row-blocks.ts';
import { ROW_COLUMNS, toStoredRow, type RowColumns, type StoredRow } from './row-columns.ts';
import type { Store } from './store.ts';

/** What is in memory at once while going through a version: so many rows, or fewer with so many characters. */
const BATCH_ROWS = 1000;
const BATCH_CHARACTERS = 4 * 2 ** 20;
/** Rows without their texts. */
const KEY_BATCH_ROWS = 10_000;

const VISIBLE = `dataset_id = :datasetId AND position >= :position AND first_version BETWEEN :oldest AND :number
  AND (last_version IS NULL OR last_version >= :number)`;
const PAGE = `SELECT ${ROW_COLUMNS} FROM rows WHERE ${VISIBLE} ORDER BY position LIMIT :limit OFFSET :skip`;
const KEYS = `SELECT id, position, prompt_key AS promptKey, label FROM rows WHERE ${VISIBLE} ORDER BY position LIMIT :limit OFFSET :skip`;

export interface RowRange {
  readonly versionId: number;
  /** 0 is the version's first row. */
  readonly from: number;
  readonly count: number;
}

export interface RowKey extends Pick<StoredRow, 'id' | 'position' | 'promptKey' | 'label'> {}

/**
 * One page; fewer rows at the end. Takes the same time at any place of a version.
 * @throws {StoreError} `not-found`
 */
export function readRows(store: Store, { versionId, from, count }: RowRange): StoredRow[] {
  const version = requireVersion(store, versionId);
  if (from >= version.rowCount || count <= 0) return [];
  const rows: StoredRow[] = [];
  for (const row of select(store, PAGE, { version, ...placeOf(store, version, from), limit: count })) rows.push(toStoredRow(row));
  return rows;
}

/**
 * All rows from `from` on. A few megabytes are in memory at once; the store may be written to in between, which changes nothing here.
 * @throws {StoreError} `not-found`
 */
export function* iterateRows(store: Store, versionId: number, from = 0): Generator<StoredRow, void, undefined> {
  const version = requireVersion(store, versionId);
  if (from >= version.rowCount) return;
  let { position, skip } = placeOf(store, version, from);
  for (;;) {
    const batch: StoredRow[] = [];
    let characters = 0;
    for (const row of select(store, PAGE, { version, position, skip, limit: BATCH_ROWS })) {
      batch.push(toStoredRow(row));
      characters += row.prompt.length + row.completion.length + (row.rejected?.length ?? 0);
      if (characters >= BATCH_CHARACTERS) break;
    }
    const last = batch.at(-1);
    if (!last) return;
    yield* batch;
    position = last.position + 1;
    skip = 0;
  }
}

/** All rows without their texts: for splits, duplicates and counts over a whole version. */
export function* iterateRowKeys(store: Store, versionId: number): Generator<RowKey, void, undefined> {
  const version = requireVersion(store, versionId);
  for (let position = 0; ;) {
    const batch: RowKey[] = [];
    for (const { id, position: at, promptKey, label } of select(store, KEYS, { version, position, skip: 0, limit: KEY_BATCH_ROWS })) {
      batch.push({ id: Number(id), position: Number(at), promptKey, label: label === null ? null : label === 1n });
    }
    const last = batch.at(-1);
    if (!last) return;
    yield* batch;
    position = last.position + 1;
  }
}

/** Of the texts of a version, as UTF-8: what writing them out takes, nearly. @throws {StoreError} `not-found` */
export function countRowBytes(store: Store, versionId: number): number {
  const { datasetId, number, oldestRowVersion } = requireVersion(store, versionId);
  const { bytes } = store.get(
    `SELECT coalesce(sum(octet_length(prompt) + octet_length(completion) + coalesce(octet_length(rejected), 0) + 64), 0) AS bytes FROM rows WHERE ${VISIBLE}`,
    { datasetId, number, oldest: oldestRowVersion, position: 0 },
  ) as { readonly bytes: number };
  return bytes;
}

/** Whatever version it belongs to; null if it is gone or being imported. */
export function readRow(store: Store, rowId: number): (StoredRow & { readonly datasetId: number }) | null {
  const statement = store
    .prepare(
      `SELECT ${ROW_COLUMNS}, dataset_id AS datasetId FROM rows WHERE id = ?
       AND EXISTS (SELECT 1 FROM dataset_versions v WHERE v.dataset_id = rows.dataset_id AND v.number = first_version AND v.state = 'ready')`,
    )
    .safeIntegers(true);
  const row = statement.get(rowId) as (RowColumns & { readonly datasetId: bigint }) | undefined;
  return row ? { ...toStoredRow(row), datasetId: Number(row.datasetId) } : null;
}

/**
 * What stands now where a row was: the row itself, or what edits made of it. Null if it was deleted, or the version was written anew since.
 * @param latest - of the row's dataset
 */
export function currentRowOf(store: Store, rowId: number, latest: DatasetVersion): StoredRow | null {
  const found = store.get(
    `SELECT current.id FROM rows earlier
       JOIN rows current ON current.dataset_id = earlier.dataset_id AND current.position = earlier.position
         AND current.first_version BETWEEN earlier.first_version AND :number
         AND (current.last_version IS NULL OR current.last_version >= :number)
     WHERE earlier.id = :rowId AND earlier.dataset_id = :datasetId AND earlier.first_version >= :oldest`,
    { rowId, datasetId: latest.datasetId, number: latest.number, oldest: latest.oldestRowVersion },
  ) as { readonly id: number } | undefined;
  return found ? readRow(store, found.id) : null;
}

/**
 * The version with which the place of a row was first filled: edits of its text and label are looked through, a version written anew is not.
 * Null if the row is gone.
 */
export function firstVersionOf(store: Store, rowId: number): DatasetVersion | null {
  const found = store.get(
    `SELECT began.id FROM rows r
       JOIN dataset_versions own ON own.dataset_id = r.dataset_id AND own.number = r.first_version
       JOIN rows earlier ON earlier.dataset_id = r.dataset_id AND earlier.position = r.position
         AND earlier.first_version BETWEEN own.oldest_row_version AND r.first_version
       JOIN dataset_versions began ON began.dataset_id = r.dataset_id AND began.number = earlier.first_version
     WHERE r.id = ? ORDER BY began.number LIMIT 1`,
    [rowId],
  ) as { readonly id: number } | undefined;
  return found ? getVersion(store, found.id) : null;
}

interface Selection {
  readonly version: DatasetVersion;
  readonly position: number;
  readonly skip: number;
  readonly limit: number;
}

/** Must be read to its end, or left, before the store does anything else. */
function select(store: Store, sql: string, { version, ...place }: Selection): IterableIterator<RowColumns> {
  const { datasetId, number, oldestRowVersion } = version;
  const statement = store.prepare(sql).safeIntegers(true);
  return statement.iterate({ datasetId, number, oldest: oldestRowVersion, ...place }) as IterableIterator<RowColumns>;
}
