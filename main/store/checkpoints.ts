/** @file Where a run can go on from. */
import { saveStoredFiles, type NewStoredFile } from './stored-files.ts';
import type { Store } from './store.ts';

export interface Checkpoint {
  readonly id: number;
  readonly runId: number;
  readonly step: number;
  /** As toStoredPath gives it. */
  readonly folder: string;
  readonly createdAt: number;
}

const COLUMNS = 'id, run_id AS runId, step, folder, created_at AS createdAt';

/** On the disk when it returns. A checkpoint of the same step is replaced. */
export function saveCheckpoint(
  store: Store,
  { runId, step, folder, files }: Pick<Checkpoint, 'runId' | 'step' | 'folder'> & { readonly files: readonly NewStoredFile[] },
): Checkpoint {
  return store.writeDurably(() => {
    store.run('DELETE FROM checkpoints WHERE run_id = ? AND step = ?', [runId, step]);
    const createdAt = store.now();
    const { id } = store.run('INSERT INTO checkpoints (run_id, step, folder, created_at) VALUES (?, ?, ?, ?)', [
      runId,
      step,
      folder,
      createdAt,
    ]);
    saveStoredFiles(store, { kind: 'checkpoint', id }, files);
    return { id, runId, step, folder, createdAt };
  });
}

/** By step. */
export function listCheckpoints(store: Store, runId: number): Checkpoint[] {
  return store.all(`SELECT ${COLUMNS} FROM checkpoints WHERE run_id = ? ORDER BY step`, [runId]) as Checkpoint[];
}

export function latestCheckpoint(store: Store, runId: number): Checkpoint | null {
  return (store.get(`SELECT ${COLUMNS} FROM checkpoints WHERE run_id = ? ORDER BY step DESC LIMIT 1`, [runId]) ??
    null) as Checkpoint | null;
}

/** For one whose folder was removed, as a run does with older ones. */
export function forgetCheckpoint(store: Store, id: number): void {
  store.write(() => store.run('DELETE FROM checkpoints WHERE id = ?', [id]));
}
