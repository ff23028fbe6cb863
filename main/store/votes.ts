/** @file What the person thinks of answers: a thumb on one, or one compared with another. */
import { notFound } from './not-found.ts';
import type { Store } from './store.ts';

export interface Vote {
  readonly id: number;
  readonly messageId: number;
  /** The answer it was compared with; null for a thumb. */
  readonly rivalId: number | null;
  /** 1 good (or better), -1 bad (or worse), 0 equal (comparisons only). */
  readonly value: -1 | 0 | 1;
  /** Whether the person did not see which model had answered. */
  readonly blind: boolean;
  /** In the person's words; null if none was given. */
  readonly reason: string | null;
  /** The row of a dataset it became. */
  readonly rowId: number | null;
  readonly createdAt: number;
}

const COLUMNS = 'id, message_id AS messageId, rival_id AS rivalId, value, blind, reason, row_id AS rowId, created_at AS createdAt';

/** A second vote on the same takes the place of the first, and keeps the row that became of it. */
export function saveVote(
  store: Store,
  vote: Pick<Vote, 'messageId' | 'rivalId' | 'value' | 'blind'> & Partial<Pick<Vote, 'reason'>>,
): Vote {
  const { messageId, rivalId, value } = inOrder(vote);
  const row = store.write(() =>
    store.get(
      `INSERT INTO votes (message_id, rival_id, value, blind, reason, created_at) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (message_id, coalesce(rival_id, -1)) DO UPDATE SET value = excluded.value, blind = excluded.blind,
         reason = excluded.reason, created_at = excluded.created_at
       RETURNING ${COLUMNS}`,
      [messageId, rivalId, value, Number(vote.blind), vote.reason ?? null, store.now()],
    ),
  );
  return toVote(row as VoteColumns);
}

/** In the order they were given. */
export function listVotes(store: Store, chatId: number): Vote[] {
  const rows = store.all(`SELECT ${COLUMNS} FROM votes WHERE message_id IN (SELECT id FROM messages WHERE chat_id = ?) ORDER BY id`, [
    chatId,
  ]);
  return (rows as VoteColumns[]).map(toVote);
}

/** The thumb on an answer; null if there is none. */
export function findThumb(store: Store, messageId: number): Vote | null {
  const row = store.get(`SELECT ${COLUMNS} FROM votes WHERE message_id = ? AND rival_id IS NULL`, [messageId]) as VoteColumns | undefined;
  return row ? toVote(row) : null;
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

interface VoteColumns extends Omit<Vote, 'blind'> {
  readonly blind: number;
}

function toVote({ blind, ...row }: VoteColumns): Vote {
  return { ...row, blind: blind === 1 };
}

/** A comparison is one vote, whichever answer is named first. */
function inOrder({
  messageId,
  rivalId,
  value,
}: Pick<Vote, 'messageId' | 'rivalId' | 'value'>): Pick<Vote, 'messageId' | 'rivalId' | 'value'> {
  if (rivalId === null || rivalId > messageId) return { messageId, rivalId, value };
  const turned = { [-1]: 1, 0: 0, 1: -1 } as const;
  return { messageId: rivalId, rivalId: messageId, value: turned[value] };
}
