/** @file Projects that are being brought in: hidden meanwhile, and removed when the program was ended before they were whole. */
import { z } from 'zod';
import { deleteWithFiles } from '#store/delete-with-files.ts';
import { getProject } from '#store/projects.ts';
import { getSetting, setSetting } from '#store/settings.ts';
import type { Store } from '#store/store.ts';

const KEY = 'projects being brought in';
const Ids = z.array(z.int());

export function unfinishedProjects(store: Store): ReadonlySet<number> {
  return new Set(Ids.safeParse(getSetting(store, KEY) ?? []).data ?? []);
}

/** Inside the write that makes the project, and inside the one that makes it whole. */
export function markUnfinished(store: Store, projectId: number, isUnfinished: boolean): void {
  const others = [...unfinishedProjects(store)].filter((id) => id !== projectId);
  const ids = isUnfinished ? [...others, projectId] : others;
  setSetting(store, KEY, ids.length === 0 ? null : ids);
}

export function removeUnfinishedProject(store: Store, projectId: number): void {
  store.writeDurably(() => {
    if (getProject(store, projectId)) deleteWithFiles(store, 'project', projectId);
    markUnfinished(store, projectId, false);
  });
}

/** Call when the store opens, when nothing can be under way. Their files never got a name of their own. */
export function removeUnfinishedProjects(store: Store): void {
  for (const id of unfinishedProjects(store)) removeUnfinishedProject(store, id);
}
