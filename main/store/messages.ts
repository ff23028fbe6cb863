/** @file What was said in a chat: one message of the person a turn, and an answer in each pane. */
import { readOptionalJsonObject, writeOptionalJson, type JsonObject } from './json-column.ts';
import type { Store } from './store.ts';

export interface Message {
  readonly id: number;
  readonly chatId: number;
  /** Ascending in the chat; the answers to one message share theirs. */
  readonly turn: number;
  /** Of models side by side; null: said to all of them. */
  readonly pane: number | null;
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
  /** Null for the base model, and for an adapter that was deleted. */
  readonly adapterId: number | null;
  /** The model's name as it was shown. */
  readonly speaker: string | null;
  /** Seed, temperature …: with them the same answer can be had again. */
  readonly sampling: JsonObject | null;
  readonly state: 'complete' | 'stopped' | 'failed';
  /** Of an answer: tokens, speed, why it ended …; null for what a person said. */
  readonly facts: JsonObject | null;
  readonly createdAt: number;
}

export type NewMessage = Omit<Message, 'id' | 'createdAt'>;

const COLUMNS = `id, chat_id AS chatId, turn, pane, role, content, adapter_id AS adapterId, speaker, sampling, state, facts, created_at AS createdAt`;

/** @throws {StoreError} `conflict` if the pane has a message in that turn */
export function addMessage(store: Store, message: NewMessage): Message {
  return store.write(() => {
    const now = store.now();
    const row = store.get(
      `INSERT INTO messages (chat_id, turn, pane, role, content, adapter_id, speaker, sampling, state, facts, created_at)
       VALUES (:chatId, :turn, :pane, :role, :content, :adapterId, :speaker, :sampling, :state, :facts, :now) RETURNING ${COLUMNS}`,
      { ...message, sampling: writeOptionalJson(message.sampling), facts: writeOptionalJson(message.facts), now },
    );
    store.run('UPDATE chats SET updated_at = ? WHERE id = ?', [now, message.chatId]);
    return toMessage(row as MessageColumns);
  });
}

export function getMessage(store: Store, id: number): Message | null {
  const row = store.get(`SELECT ${COLUMNS} FROM messages WHERE id = ?`, [id]) as MessageColumns | undefined;
  return row ? toMessage(row) : null;
}

/** By turn, then by pane. */
export function listMessages(store: Store, chatId: number): Message[] {
  return (store.all(`SELECT ${COLUMNS} FROM messages WHERE chat_id = ? ORDER BY turn, pane`, [chatId]) as MessageColumns[]).map(toMessage);
}

/** One answer of a turn, to be given again; votes on it go with it. */
export function deleteMessage(store: Store, id: number): void {
  store.write(() => store.run('DELETE FROM messages WHERE id = ?', [id]));
}

/** For saying something again, or differently. */
export function deleteMessagesFrom(store: Store, chatId: number, turn: number): void {
  store.write(() => store.run('DELETE FROM messages WHERE chat_id = ? AND turn >= ?', [chatId, turn]));
}

interface MessageColumns extends Omit<Message, 'sampling' | 'facts'> {
  readonly sampling: string | null;
  readonly facts: string | null;
}

function toMessage({ sampling, facts, ...row }: MessageColumns): Message {
  return {
    ...row,
    sampling: readOptionalJsonObject(sampling, 'messages.sampling'),
    facts: readOptionalJsonObject(facts, 'messages.facts'),
  };
}
