/** @file Reference log-probabilities that later runs on the same rows and model can use again. */
import { notFound } from './not-found.ts';
import { saveStoredFiles } from './stored-files.ts';
import type { Store } from './store.ts';

export interface ReferenceCache {
  readonly id: number;
  readonly modelId: number | null;
  /** Hash of model, tokenised rows and pairing. */
  readonly key: string;
  /** Its file in the data folder. */
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly createdAt: number;
  readonly usedAt: number;
}

export type NewReferenceCache = Pick<ReferenceCache, 'modelId' | 'key' | 'path' | 'sha256' | 'bytes'>;

const COLUMNS = 'id, model_id AS modelId, key, path, sha256, bytes, created_at AS createdAt, used_at AS usedAt';

/** Adds it, or brings the one with this key up to date. */
export function saveReferenceCache(store: Store, cache: NewReferenceCache): ReferenceCache {
  return store.write(() => {
    const saved = store.get(
      `INSERT INTO reference_caches (model_id, key, path, sha256, bytes, created_at, used_at)
       VALUES (:modelId, :key, :path, :sha256, :bytes, :now, :now)
       ON CONFLICT (key) DO UPDATE SET model_id = excluded.model_id, path = excluded.path, sha256 = excluded.sha256, bytes = excluded.bytes,
         used_at = excluded.used_at
       RETURNING ${COLUMNS}`,
      { ...cache, now: store.now() },
    ) as ReferenceCache;
    const owner = { kind: 'reference-cache', id: saved.id } as const;
    store.run('DELETE FROM stored_files WHERE owner_kind = ? AND owner_id = ?', [owner.kind, owner.id]);
    saveStoredFiles(store, owner, [cache]);
    return saved;
  });
}

/** Null if there is none; else it counts as used now. */
export function useReferenceCache(store: Store, key: string): ReferenceCache | null {
  return store.write(
    () =>
      (store.get(`UPDATE reference_caches SET used_at = ? WHERE key = ? RETURNING ${COLUMNS}`, [store.now(), key]) ??
        null) as ReferenceCache | null,
  );
}

/** Those not used for longest first: what to delete when room is needed. */
export function listReferenceCaches(store: Store): ReferenceCache[] {
  return store.all(`SELECT ${COLUMNS} FROM reference_caches ORDER BY used_at, id`) as ReferenceCache[];
}

/** @returns the cache, whose file the caller deletes @throws {StoreError} `not-found` */
export function deleteReferenceCache(store: Store, id: number): ReferenceCache {
  return store.write(() => {
    const gone = store.get(`DELETE FROM reference_caches WHERE id = ? RETURNING ${COLUMNS}`, [id]) as ReferenceCache | undefined;
    if (!gone) throw notFound('reference cache', id);
    return gone;
  });
}
