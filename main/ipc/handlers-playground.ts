/** @file Answers the requests about models that are open to chat with. */
import type { playgroundRequests } from '#contract/playground.ts';
import { setPlaygroundOptions } from '#playground/playground-options.ts';
import { notFound } from '#store/not-found.ts';
import { getProject } from '#store/projects.ts';
import type { HandlersOf } from './handlers.ts';
import type { Services } from './services.ts';

export const playgroundHandlers: HandlersOf<typeof playgroundRequests> = {
  'playground.get': ({ projectId }, services) => playgroundOf(services, projectId).state,
  'playground.open': ({ task: id, projectId, modelId }, services) => {
    const playground = playgroundOf(services, projectId);
    const about = { id, projectId, title: 'Opening the model', unit: 'bytes' } as const;
    return services.tasks.run(about, (task) => playground.open(modelId, task));
  },
  'playground.close': ({ projectId }, services) => {
    playgroundOf(services, projectId).close(null);
    return undefined;
  },
  'playground.setOptions': (changes, { store, emit }) => {
    const options = setPlaygroundOptions(store, changes);
    emit('playground.changed', {});
    return options;
  },
  'playground.check': ({ projectId, adapterId }, services) => playgroundOf(services, projectId).check(adapterId),
};

/** @throws {StoreError} `not-found` */
function playgroundOf({ store, playgrounds }: Services, projectId: number): ReturnType<Services['playgrounds']['of']> {
  if (!getProject(store, projectId)) throw notFound('project', projectId);
  return playgrounds.of(projectId);
}
