/** @file Answers the requests about projects. */
import type { projectsRequests } from '#contract/projects.ts';
import { duplicateProject } from '#projects/duplicate-project.ts';
import { deleteProject, projectContents } from '#projects/project-contents.ts';
import { isBeingMade, sampleState } from '#setup/sample-state.ts';
import { unfinishedProjects } from '#store/archive/unfinished-projects.ts';
import { notFound } from '#store/not-found.ts';
import { createProject, getProject, listProjects, updateProject } from '#store/projects.ts';
import type { HandlersOf } from './handlers.ts';
import type { Services } from './services.ts';

export const projectsHandlers: HandlersOf<typeof projectsRequests> = {
  'projects.list': (_input, { store }) => {
    const sample = sampleState(store);
    const unfinished = unfinishedProjects(store);
    return listProjects(store).filter(({ id }) => !isBeingMade(sample, id) && !unfinished.has(id));
  },
  'projects.create': ({ name }, services) => changed(services, createProject(services.store, { name })),
  'projects.rename': ({ id, name }, services) => changed(services, updateProject(services.store, id, { name })),
  'projects.duplicate': async ({ id, name }, services) => changed(services, await duplicateProject(services.store, id, name)),
  'projects.describeContents': ({ id }, { store }) => projectContents(store, id),
  'projects.delete': async ({ id, deleteFiles }, services) => {
    await deleteProject(services.store, id, { deleteFiles });
    return changed(services, undefined);
  },
  'projects.reveal': async ({ id }, { store, desktop }) => {
    if (!getProject(store, id)) throw notFound('project', id);
    // Runs of all projects lie side by side; a project has no folder of its own.
    const path = store.folder.runs;
    return { path, shown: await desktop.reveal(path) };
  },
};

/** Every window shows the list. */
function changed<T>({ emit }: Services, value: T): T {
  emit('projects.changed');
  return value;
}
