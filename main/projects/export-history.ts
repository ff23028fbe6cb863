/** @file The exports of a project that were made, so that a person finds them again. Their files are not the store's. */
import { existsSync } from 'node:fs';
import { z } from 'zod';
import { StoreError } from '#contract/errors.ts';
import { MadeExport, type ListedExport } from '#contract/exports.ts';
import { getSetting, setSetting } from '#store/settings.ts';
import type { Store } from '#store/store.ts';

/** The oldest are forgotten. */
const KEPT = 100;
const keyOf = (projectId: number): string => `exports of project ${projectId}`;

/** Newest first. What another version saved and this one does not understand is left out. */
export function listExports(store: Store, projectId: number): ListedExport[] {
  return read(store, projectId).map((made) => ({ ...made, isThere: existsSync(made.folder) }));
}

/** @throws {StoreError} `not-found` */
export function getExport(store: Store, projectId: number, id: string): MadeExport {
  const made = read(store, projectId).find((one) => one.id === id);
  if (!made) throw new StoreError('This export was taken from the list.', { reason: 'not-found' });
  return made;
}

/** On the disk when it returns. */
export function keepExport(store: Store, projectId: number, made: MadeExport): void {
  store.writeDurably(() => setSetting(store, keyOf(projectId), [made, ...read(store, projectId)].slice(0, KEPT)));
}

export function forgetExport(store: Store, projectId: number, id: string): void {
  store.write(() => {
    const left = read(store, projectId).filter((made) => made.id !== id);
    setSetting(store, keyOf(projectId), left.length === 0 ? null : left);
  });
}

/** With the project. */
export function forgetExports(store: Store, projectId: number): void {
  setSetting(store, keyOf(projectId), null);
}

function read(store: Store, projectId: number): MadeExport[] {
  const saved = z.array(z.unknown()).safeParse(getSetting(store, keyOf(projectId)) ?? []);
  return (saved.data ?? []).flatMap((one) => MadeExport.safeParse(one).data ?? []);
}
