/** @file Keeps what was chosen in a project's steps, until the project is deleted. */
import { Choices, type ChoiceChanges } from '#contract/choices.ts';
import { notFound } from '#store/not-found.ts';
import { getProject } from '#store/projects.ts';
import { getSetting, setSetting } from '#store/settings.ts';
import type { Store } from '#store/store.ts';

const keyOf = (projectId: number): string => `choices of project ${projectId}`;

/** What another version saved and this one does not understand is as if it were not chosen. @throws {StoreError} `not-found` */
export function getChoices(store: Store, projectId: number): Choices {
  if (!getProject(store, projectId)) throw notFound('project', projectId);
  const saved = Choices.safeParse(getSetting(store, keyOf(projectId)) ?? {});
  return saved.success ? saved.data : Choices.parse({});
}

/** @throws {StoreError} `not-found` */
export function setChoices(store: Store, projectId: number, changes: ChoiceChanges): Choices {
  return store.write(() => {
    const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
    const choices = Choices.parse({ ...getChoices(store, projectId), ...given });
    setSetting(store, keyOf(projectId), choices);
    return choices;
  });
}

export function forgetChoices(store: Store, projectId: number): void {
  setSetting(store, keyOf(projectId), null);
}
