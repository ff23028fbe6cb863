/** @file Datasets and their versions. A version never changes once it is ready; edits and imports make the next one. */
import { StoreError } from '#contract/errors.ts';
import { readJsonObject, readOptionalJsonObject, type JsonObject } from './json-column.ts';
import { notFound } from './not-found.ts';
import type { Store } from './store.ts';

export type DatasetKind = 'example' | 'pair';

export interface Dataset {
  readonly id: number;
  readonly projectId: number;
  readonly name: string;
  readonly kind: DatasetKind;
  readonly createdAt: number;
}

export interface DatasetVersion {
  readonly id: number;
  readonly datasetId: number;
  /** 1, 2, 3 … in the dataset. */
  readonly number: number;
  readonly rowCount: number;
  /** Of examples; 0 for pairs. */
  readonly desirableCount: number;
  readonly undesirableCount: number;
  /** What made it: a file and its hash, an edit, another dataset that was unpaired … */
  readonly origin: JsonObject;
  /** Which columns of a file became what. */
  readonly mapping: JsonObject | null;
  /** What was found while importing. */
  readonly report: JsonObject | null;
  readonly createdAt: number;
  /** Rows that begin before this version number were replaced as a whole. */
  readonly oldestRowVersion: number;
  /** Where the next row is put. */
  readonly nextPosition: number;
}

const DATASET = 'id, project_id AS projectId, name, kind, created_at AS createdAt';
const VERSION = `id, dataset_id AS datasetId, number, row_count AS rowCount, desirable_count AS desirableCount,
  undesirable_count AS undesirableCount, origin, mapping, report, created_at AS createdAt,
  oldest_row_version AS oldestRowVersion, next_position AS nextPosition`;

/** It has no version yet. @throws {StoreError} `conflict` if the project has one of this name, `not-found` if there is no such project */
export function createDataset(store: Store, { projectId, name, kind }: Pick<Dataset, 'projectId' | 'name' | 'kind'>): Dataset {
  return store.write(() => {
    refuseTakenName(store, projectId, name);
    const createdAt = store.now();
    const { id } = store.run('INSERT INTO datasets (project_id, name, kind, created_at) VALUES (?, ?, ?, ?)', [
      projectId,
      name,
      kind,
      createdAt,
    ]);
    return { id, projectId, name, kind, createdAt };
  });
}

export function getDataset(store: Store, id: number): Dataset | null {
  return (store.get(`SELECT ${DATASET} FROM datasets WHERE id = ?`, [id]) ?? null) as Dataset | null;
}

/** In the order they were made. */
export function listDatasets(store: Store, projectId: number): Dataset[] {
  return store.all(`SELECT ${DATASET} FROM datasets WHERE project_id = ? ORDER BY id`, [projectId]) as Dataset[];
}

/** @throws {StoreError} `not-found`, or `conflict` if the name is taken */
export function renameDataset(store: Store, id: number, name: string): Dataset {
  return store.write(() => {
    const before = getDataset(store, id);
    if (!before) throw notFound('dataset', id);
    if (name !== before.name) refuseTakenName(store, before.projectId, name);
    store.run('UPDATE datasets SET name = ? WHERE id = ?', [name, id]);
    return { ...before, name };
  });
}

/** Null if there is none, or if it is being imported. */
export function getVersion(store: Store, id: number): DatasetVersion | null {
  return toVersion(store.get(`SELECT ${VERSION} FROM dataset_versions WHERE id = ? AND state = 'ready'`, [id]));
}

/** @throws {StoreError} `not-found` */
export function requireVersion(store: Store, id: number): DatasetVersion {
  const version = getVersion(store, id);
  if (!version) throw notFound('dataset version', id);
  return version;
}

/** Null before the first import. */
export function latestVersionOf(store: Store, datasetId: number): DatasetVersion | null {
  return toVersion(
    store.get(`SELECT ${VERSION} FROM dataset_versions WHERE dataset_id = ? AND state = 'ready' ORDER BY number DESC LIMIT 1`, [datasetId]),
  );
}

/** Oldest first, without those being imported. */
export function listVersions(store: Store, datasetId: number): DatasetVersion[] {
  return store
    .all(`SELECT ${VERSION} FROM dataset_versions WHERE dataset_id = ? AND state = 'ready' ORDER BY number`, [datasetId])
    .flatMap((row) => toVersion(row) ?? []);
}

interface VersionColumns extends Omit<DatasetVersion, 'origin' | 'mapping' | 'report'> {
  readonly origin: string;
  readonly mapping: string | null;
  readonly report: string | null;
}

function toVersion(row: unknown): DatasetVersion | null {
  if (row === undefined) return null;
  const { origin, mapping, report, ...rest } = row as VersionColumns;
  return {
    ...rest,
    origin: readJsonObject(origin, 'dataset_versions.origin'),
    mapping: readOptionalJsonObject(mapping, 'dataset_versions.mapping'),
    report: readOptionalJsonObject(report, 'dataset_versions.report'),
  };
}

function refuseTakenName(store: Store, projectId: number, name: string): void {
  if (!store.get('SELECT 1 FROM datasets WHERE project_id = ? AND name = ?', [projectId, name])) return;
  throw new StoreError(`The project already has a dataset called “${name}”. Choose another name.`, { reason: 'conflict' });
}
