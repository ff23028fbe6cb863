/** @file Base models the person has shown to Prospect. */
import { readJsonObject, type JsonObject } from './json-column.ts';
import type { Store } from './store.ts';

export interface Model {
  readonly id: number;
  /** As toStoredPath gives it: models may lie anywhere. */
  readonly path: string;
  readonly name: string;
  /** Of its weights; null while they have not been read. */
  readonly sha256: string | null;
  /** Architecture, sizes, chat template …, for showing without opening it. */
  readonly facts: JsonObject;
  readonly addedAt: number;
}

export type NewModel = Omit<Model, 'id' | 'addedAt'>;

const COLUMNS = 'id, path, name, sha256, facts, added_at AS addedAt';

/** Adds the model, or brings the one with this path up to date. */
export function saveModel(store: Store, { path, name, sha256, facts }: NewModel): Model {
  const values = { path, name, sha256, facts: JSON.stringify(facts), now: store.now() };
  const row = store.write(() =>
    store.get(
      `INSERT INTO models (path, name, sha256, facts, added_at) VALUES (:path, :name, :sha256, :facts, :now)
       ON CONFLICT (path) DO UPDATE SET name = excluded.name, sha256 = excluded.sha256, facts = excluded.facts
       RETURNING ${COLUMNS}`,
      values,
    ),
  );
  return toModel(row as ModelColumns);
}

export function getModel(store: Store, id: number): Model | null {
  const row = store.get(`SELECT ${COLUMNS} FROM models WHERE id = ?`, [id]) as ModelColumns | undefined;
  return row ? toModel(row) : null;
}

export function findModel(store: Store, path: string): Model | null {
  const row = store.get(`SELECT ${COLUMNS} FROM models WHERE path = ?`, [path]) as ModelColumns | undefined;
  return row ? toModel(row) : null;
}

/** Last added first. */
export function listModels(store: Store): Model[] {
  return (store.all(`SELECT ${COLUMNS} FROM models ORDER BY added_at DESC, id DESC`) as ModelColumns[]).map(toModel);
}

interface ModelColumns extends Omit<Model, 'facts'> {
  readonly facts: string;
}

function toModel({ facts, ...row }: ModelColumns): Model {
  return { ...row, facts: readJsonObject(facts, 'models.facts') };
}
