/** @file Adapters: made by a run, or imported. */
import { readJsonObject, type JsonObject } from './json-column.ts';
import { saveStoredFiles, type NewStoredFile } from './stored-files.ts';
import type { Store } from './store.ts';

export interface Adapter {
  readonly id: number;
  readonly projectId: number;
  /** Null if it was imported. */
  readonly runId: number | null;
  /** The base model, if it is known. */
  readonly modelId: number | null;
  readonly name: string;
  /** Of its folder, as toStoredPath gives it. */
  readonly path: string;
  /** Of its weights. */
  readonly sha256: string;
  /** Rank, target modules …, for showing without opening it. */
  readonly facts: JsonObject;
  readonly createdAt: number;
}

export type NewAdapter = Omit<Adapter, 'id' | 'createdAt'> & { readonly files: readonly NewStoredFile[] };

const COLUMNS = `id, project_id AS projectId, run_id AS runId, model_id AS modelId, name, path, sha256, facts, created_at AS createdAt`;

/** On the disk when it returns. An adapter with the same path is brought up to date. */
export function saveAdapter(store: Store, { files, facts, ...adapter }: NewAdapter): Adapter {
  return store.writeDurably(() => {
    const row = store.get(
      `INSERT INTO adapters (project_id, run_id, model_id, name, path, sha256, facts, created_at)
       VALUES (:projectId, :runId, :modelId, :name, :path, :sha256, :facts, :now)
       ON CONFLICT (path) DO UPDATE SET project_id = excluded.project_id, run_id = excluded.run_id, model_id = excluded.model_id,
         name = excluded.name, sha256 = excluded.sha256, facts = excluded.facts
       RETURNING ${COLUMNS}`,
      { ...adapter, facts: JSON.stringify(facts), now: store.now() },
    );
    const saved = toAdapter(row as AdapterColumns);
    saveStoredFiles(store, { kind: 'adapter', id: saved.id }, files);
    return saved;
  });
}

export function getAdapter(store: Store, id: number): Adapter | null {
  const row = store.get(`SELECT ${COLUMNS} FROM adapters WHERE id = ?`, [id]) as AdapterColumns | undefined;
  return row ? toAdapter(row) : null;
}

/** Newest first. */
export function listAdapters(store: Store, projectId: number): Adapter[] {
  return (store.all(`SELECT ${COLUMNS} FROM adapters WHERE project_id = ? ORDER BY id DESC`, [projectId]) as AdapterColumns[]).map(
    toAdapter,
  );
}

interface AdapterColumns extends Omit<Adapter, 'facts'> {
  readonly facts: string;
}

function toAdapter({ facts, ...row }: AdapterColumns): Adapter {
  return { ...row, facts: readJsonObject(facts, 'adapters.facts') };
}
