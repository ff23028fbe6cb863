/** @file Projects: what everything else belongs to. */
import { StoreError } from '#contract/errors.ts';
import { notFound } from './not-found.ts';
import type { Store } from './store.ts';

export interface Project {
  readonly id: number;
  readonly name: string;
  readonly notes: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

const COLUMNS = 'id, name, notes, created_at AS createdAt, updated_at AS updatedAt';

/** @throws {StoreError} `conflict` if the name is taken */
export function createProject(store: Store, { name, notes = '' }: { readonly name: string; readonly notes?: string }): Project {
  return store.write(() => {
    refuseTakenName(store, name);
    const now = store.now();
    const { id } = store.run('INSERT INTO projects (name, notes, created_at, updated_at) VALUES (?, ?, ?, ?)', [name, notes, now, now]);
    return { id, name, notes, createdAt: now, updatedAt: now };
  });
}

export function getProject(store: Store, id: number): Project | null {
  return (store.get(`SELECT ${COLUMNS} FROM projects WHERE id = ?`, [id]) ?? null) as Project | null;
}

export function findProject(store: Store, name: string): Project | null {
  return (store.get(`SELECT ${COLUMNS} FROM projects WHERE name = ?`, [name]) ?? null) as Project | null;
}

/** Last touched first. */
export function listProjects(store: Store): Project[] {
  return store.all(`SELECT ${COLUMNS} FROM projects ORDER BY updated_at DESC, id DESC`) as Project[];
}

/** @throws {StoreError} `not-found`, or `conflict` if the name is taken */
export function updateProject(store: Store, id: number, change: { readonly name?: string; readonly notes?: string }): Project {
  return store.write(() => {
    const before = getProject(store, id);
    if (!before) throw notFound('project', id);
    const after = { ...before, ...change, updatedAt: store.now() };
    if (after.name !== before.name) refuseTakenName(store, after.name);
    store.run('UPDATE projects SET name = ?, notes = ?, updated_at = ? WHERE id = ?', [after.name, after.notes, after.updatedAt, id]);
    return after;
  });
}

/** Brings a project to the top of the list. */
export function touchProject(store: Store, id: number): void {
  store.write(() => store.run('UPDATE projects SET updated_at = ? WHERE id = ?', [store.now(), id]));
}

function refuseTakenName(store: Store, name: string): void {
  if (!findProject(store, name)) return;
  throw new StoreError(`There is already a project called “${name}”. Choose another name.`, { reason: 'conflict' });
}
