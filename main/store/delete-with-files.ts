/** @file Deletes a project, dataset, model, run or adapter from the store, and says which files that leaves, for the person to decide. */
import { notFound } from './not-found.ts';
import { listStoredFiles, type FileOwner, type FileOwnerKind, type StoredFile } from './stored-files.ts';
import type { Store } from './store.ts';

export interface LeftFiles {
  /** Files that have no row any more. */
  readonly files: readonly StoredFile[];
  /** Folders of deleted runs, checkpoints and adapters, as toStoredPath gave them; they may hold more than `files`. */
  readonly folders: readonly string[];
}

type Deletable = Exclude<FileOwnerKind, 'checkpoint' | 'reference-cache'>;

const TABLES: { readonly [Kind in Deletable]: string } = {
  project: 'projects',
  model: 'models',
  dataset: 'datasets',
  run: 'runs',
  adapter: 'adapters',
};

/** What goes with each, as `kind, id, folder`; a model takes nothing with it, since runs and adapters outlive it. */
const BELOW: { readonly [Kind in Deletable]: string } = {
  project: `
    SELECT 'dataset' AS kind, id, NULL AS folder FROM datasets WHERE project_id = :id
    UNION ALL SELECT 'run', id, folder FROM runs WHERE project_id = :id
    UNION ALL SELECT 'checkpoint', id, folder FROM checkpoints WHERE run_id IN (SELECT id FROM runs WHERE project_id = :id)
    UNION ALL SELECT 'adapter', id, path FROM adapters
      WHERE project_id = :id OR run_id IN (SELECT id FROM runs WHERE project_id = :id)`,
  dataset: 'SELECT NULL AS kind, :id AS id, NULL AS folder WHERE 0',
  model: 'SELECT NULL AS kind, :id AS id, NULL AS folder WHERE 0',
  run: `
    SELECT 'run' AS kind, id, folder FROM runs WHERE id = :id
    UNION ALL SELECT 'checkpoint', id, folder FROM checkpoints WHERE run_id = :id
    UNION ALL SELECT 'adapter', id, path FROM adapters WHERE run_id = :id`,
  adapter: `SELECT 'adapter' AS kind, id, path AS folder FROM adapters WHERE id = :id`,
};

/**
 * In one transaction, on the disk when it returns; a dataset of a million rows takes about two seconds. Runs stay when their dataset or model goes.
 * @throws {StoreError} `not-found`
 */
export function deleteWithFiles(store: Store, kind: Deletable, id: number): LeftFiles {
  return store.writeDurably(() => {
    const left = filesOf(store, kind, id);
    const { changes } = store.run(`DELETE FROM ${TABLES[kind]} WHERE id = ?`, [id]);
    if (changes === 0) throw notFound(kind, id);
    return left;
  });
}

/** What {@link deleteWithFiles} would leave, to be shown before it is done. */
export function filesOf(store: Store, kind: Deletable, id: number): LeftFiles {
  const below = store.all(BELOW[kind], { id }) as readonly (FileOwner & { readonly folder: string | null })[];
  const owners = new Map<string, FileOwner>([[`${kind} ${id}`, { kind, id }]]);
  for (const owner of below) owners.set(`${owner.kind} ${owner.id}`, owner);
  return {
    files: [...owners.values()].flatMap((owner) => listStoredFiles(store, owner)),
    folders: [...new Set(below.flatMap(({ folder }) => folder ?? []))],
  };
}
