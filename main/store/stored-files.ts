/** @file Files that rows of the store own, with what they should be: so that they can be checked, and shown before they are deleted. */
import { InternalError } from '#contract/errors.ts';
import type { Store } from './store.ts';

export type FileOwnerKind = 'project' | 'model' | 'dataset' | 'run' | 'checkpoint' | 'adapter' | 'reference-cache';

export interface FileOwner {
  readonly kind: FileOwnerKind;
  readonly id: number;
}

export interface StoredFile {
  /** In the data folder, with `/`. */
  readonly path: string;
  /** Null if it is not known. */
  readonly sha256: string | null;
  readonly bytes: number;
  readonly owner: FileOwner;
  readonly createdAt: number;
}

export type NewStoredFile = Pick<StoredFile, 'path' | 'sha256' | 'bytes'>;

/** Adds files, or brings those with the same paths up to date. */
export function saveStoredFiles(store: Store, owner: FileOwner, files: readonly NewStoredFile[]): void {
  store.write(() => {
    for (const { path, sha256, bytes } of files) {
      refuseOutside(path);
      store.run(
        `INSERT INTO stored_files (path, sha256, bytes, owner_kind, owner_id, created_at) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (path) DO UPDATE SET sha256 = excluded.sha256, bytes = excluded.bytes, owner_kind = excluded.owner_kind,
           owner_id = excluded.owner_id, created_at = excluded.created_at`,
        [path, sha256, bytes, owner.kind, owner.id, store.now()],
      );
    }
  });
}

/** By their paths. */
export function listStoredFiles(store: Store, owner?: FileOwner): StoredFile[] {
  const rows = owner
    ? store.all(`SELECT ${COLUMNS} FROM stored_files WHERE owner_kind = ? AND owner_id = ? ORDER BY path`, [owner.kind, owner.id])
    : store.all(`SELECT ${COLUMNS} FROM stored_files ORDER BY path`);
  return (rows as FileColumns[]).map(({ kind, id, ...file }) => ({ ...file, owner: { kind, id } }));
}

/** For a file that was deleted while its owner stays. */
export function forgetStoredFile(store: Store, path: string): void {
  store.write(() => store.run('DELETE FROM stored_files WHERE path = ?', [path]));
}

const COLUMNS = 'path, sha256, bytes, owner_kind AS kind, owner_id AS id, created_at AS createdAt';

interface FileColumns extends Omit<StoredFile, 'owner'> {
  readonly kind: FileOwnerKind;
  readonly id: number;
}

/** A path is joined to the data folder, and its file may be deleted: none may lead elsewhere. */
function refuseOutside(path: string): void {
  const parts = path.split('/');
  if (/^[a-zA-Z]:|\\|\0/.test(path) || parts.some((part) => part === '' || part === '.' || part === '..')) {
    throw new InternalError(`“${path}” is not a path in the data folder.`, { path });
  }
}
