/** @file What the person thinks of answers: a thumb on each. Votes on two answers without names are in blind-votes.ts. */
import { notFound } from './not-found.ts';
import type { Store } from './store.ts';

export interface Vote {
  readonly id: number;
  readonly messageId: number;
  /** 1 good, -1 bad. */
  readonly value: -1 | 1;
  /** In the person's words; null if none was given. */
  readonly reason: string | null;
  /** The row of a dataset it became. */
  readonly rowId: number | null;
  readonly createdAt: number;
}

const COLUMNS = 'id, message_id AS messageId, value, reason, row_id AS rowId, created_at AS createdAt';

/** A second vote on the same answer takes the place of the first, and keeps the row that became of it. */
export function saveVote(store: Store, { messageId, value, reason }: Pick<Vote, 'messageId' | 'value' | 'reason'>): Vote {
  return store.write(() =>
    store.get(
      `INSERT INTO votes (message_id, value, reason, created_at) VALUES (?, ?, ?, ?)
       ON CONFLICT (message_id) DO UPDATE SET value = excluded.value, reason = excluded.reason, created_at = excluded.created_at
       RETURNING ${COLUMNS}`,
      [messageId, value, reason, store.now()],
    ),
  ) as Vote;
}

/** In the order they were given. */
export function listVotes(store: Store, chatId: number): Vote[] {
  return store.all(`SELECT ${COLUMNS} FROM votes WHERE message_id IN (SELECT id FROM messages WHERE chat_id = ?) ORDER BY id`, [
    chatId,
  ]) as Vote[];
}

/** The thumb on an answer; null if there is none. */
export function findVote(store: Store, messageId: number): Vote | null {
  return (store.get(`SELECT ${COLUMNS} FROM votes WHERE message_id = ?`, [messageId]) as Vote | undefined) ?? null;
}

/** Remembers which row a vote became, so that it does not become two. @throws {StoreError} `not-found` */
export function linkVoteToRow(store: Store, voteId: number, rowId: number): void {
  store.write(() => {
    const { changes } = store.run('UPDATE votes SET row_id = ? WHERE id = ?', [rowId, voteId]);
    if (changes === 0) throw notFound('vote', voteId);
  });
}

export function deleteVote(store: Store, id: number): void {
  store.write(() => store.run('DELETE FROM votes WHERE id = ?', [id]));
}
