/** @file Chats with the models of a project. */
import { readJsonObject, type JsonObject } from './json-column.ts';
import { notFound } from './not-found.ts';
import type { Store } from './store.ts';

export interface Chat {
  readonly id: number;
  readonly projectId: number;
  readonly title: string;
  /** Models side by side, sampling … */
  readonly settings: JsonObject;
  readonly createdAt: number;
  /** When something was said last. */
  readonly updatedAt: number;
}

const COLUMNS = 'id, project_id AS projectId, title, settings, created_at AS createdAt, updated_at AS updatedAt';

export function createChat(store: Store, { projectId, title, settings }: Pick<Chat, 'projectId' | 'title' | 'settings'>): Chat {
  return store.write(() => {
    const now = store.now();
    const { id } = store.run('INSERT INTO chats (project_id, title, settings, created_at, updated_at) VALUES (?, ?, ?, ?, ?)', [
      projectId,
      title,
      JSON.stringify(settings),
      now,
      now,
    ]);
    return { id, projectId, title, settings, createdAt: now, updatedAt: now };
  });
}

export function getChat(store: Store, id: number): Chat | null {
  const row = store.get(`SELECT ${COLUMNS} FROM chats WHERE id = ?`, [id]) as ChatColumns | undefined;
  return row ? toChat(row) : null;
}

/** Last talked to first. */
export function listChats(store: Store, projectId: number): Chat[] {
  const rows = store.all(`SELECT ${COLUMNS} FROM chats WHERE project_id = ? ORDER BY updated_at DESC, id DESC`, [projectId]);
  return (rows as ChatColumns[]).map(toChat);
}

/** @throws {StoreError} `not-found` */
export function updateChat(store: Store, id: number, change: { readonly title?: string; readonly settings?: JsonObject }): Chat {
  return store.write(() => {
    const before = getChat(store, id);
    if (!before) throw notFound('chat', id);
    const after = { ...before, ...change };
    store.run('UPDATE chats SET title = ?, settings = ? WHERE id = ?', [after.title, JSON.stringify(after.settings), id]);
    return after;
  });
}

/** With its messages and votes; rows that became of them stay. */
export function deleteChat(store: Store, id: number): void {
  store.write(() => store.run('DELETE FROM chats WHERE id = ?', [id]));
}

interface ChatColumns extends Omit<Chat, 'settings'> {
  readonly settings: string;
}

function toChat({ settings, ...row }: ChatColumns): Chat {
  return { ...row, settings: readJsonObject(settings, 'chats.settings') };
}
