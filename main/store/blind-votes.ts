/** @file Votes on two answers whose models were not shown. */
import type { DatasetKind } from './datasets.ts';
import { notFound } from './not-found.ts';
import type { Store } from './store.ts';

/** Two that are compared; the one with the smaller id is the first. */
export interface Contest {
  readonly projectId: number;
  readonly firstRunId: number;
  /** Null: the base model. */
  readonly secondRunId: number | null;
}

export interface BlindVote extends Contest {
  readonly id: number;
  /** Hash of prompt and answers. */
  readonly key: string;
  readonly form: 'text' | 'chat';
  /** As in rows. */
  readonly options: string | null;
  readonly prompt: string;
  readonly firstAnswer: string;
  readonly secondAnswer: string;
  /** 1: the first is better. */
  readonly value: -1 | 0 | 1;
  readonly createdAt: number;
}

const COLUMNS = `id, project_id AS projectId, first_run_id AS firstRunId, second_run_id AS secondRunId, key, form, options, prompt,
  first_answer AS firstAnswer, second_answer AS secondAnswer, value, created_at AS createdAt`;
const OF_CONTEST = 'project_id = :projectId AND first_run_id = :firstRunId AND second_run_id IS :secondRunId';

/** On the disk when it returns. A second vote on the same takes the place of the first. */
export function saveBlindVote(store: Store, vote: Omit<BlindVote, 'id' | 'createdAt'>): BlindVote {
  return store.writeDurably(() =>
    store.get(
      `INSERT INTO blind_votes (project_id, first_run_id, second_run_id, key, form, options, prompt, first_answer, second_answer, value, created_at)
       VALUES (:projectId, :firstRunId, :secondRunId, :key, :form, :options, :prompt, :firstAnswer, :secondAnswer, :value, :now)
       ON CONFLICT (first_run_id, coalesce(second_run_id, -1), key) DO UPDATE SET value = excluded.value, created_at = excluded.created_at
       RETURNING ${COLUMNS}`,
      { ...vote, now: store.now() },
    ),
  ) as BlindVote;
}

/** In the order they were given. */
export function listBlindVotes(store: Store, { projectId, firstRunId, secondRunId }: Contest): BlindVote[] {
  return store.all(`SELECT ${COLUMNS} FROM blind_votes WHERE ${OF_CONTEST} ORDER BY id`, {
    projectId,
    firstRunId,
    secondRunId,
  }) as BlindVote[];
}

/** All two of a project that were voted on, in the order of their first votes. */
export function listContests(store: Store, projectId: number): Contest[] {
  return store.all(
    `SELECT project_id AS projectId, first_run_id AS firstRunId, second_run_id AS secondRunId FROM blind_votes WHERE project_id = ?
     GROUP BY first_run_id, second_run_id ORDER BY min(id)`,
    [projectId],
  ) as Contest[];
}

/** @throws {StoreError} `not-found` */
export function deleteBlindVote(store: Store, id: number): void {
  const { changes } = store.write(() => store.run('DELETE FROM blind_votes WHERE id = ?', [id]));
  if (changes === 0) throw notFound('vote', id);
}

/** Remembers that votes became rows of a dataset. */
export function markVotesSaved(store: Store, voteIds: readonly number[], datasetId: number): void {
  store.write(() => {
    for (const id of voteIds) store.run('INSERT OR IGNORE INTO saved_votes (vote_id, dataset_id) VALUES (?, ?)', [id, datasetId]);
  });
}

/** Which votes became rows of a dataset of this kind that is still there: their ids. */
export function savedVotes(store: Store, { projectId, firstRunId, secondRunId }: Contest, kind: DatasetKind): ReadonlySet<number> {
  const rows = store.all(
    `SELECT vote_id AS id FROM saved_votes WHERE vote_id IN (SELECT id FROM blind_votes WHERE ${OF_CONTEST})
       AND dataset_id IN (SELECT id FROM datasets WHERE kind = :kind)`,
    { projectId, firstRunId, secondRunId, kind },
  ) as readonly { readonly id: number }[];
  return new Set(rows.map(({ id }) => id));
}
