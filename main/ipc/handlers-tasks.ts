/** @file Answers the requests about work that takes long. */
import type { tasksRequests } from '#contract/tasks.ts';
import type { HandlersOf } from './handlers.ts';

export const tasksHandlers: HandlersOf<typeof tasksRequests> = {
  'tasks.list': (_input, { tasks }) => [...tasks.list()],
  'tasks.cancel': ({ id }, { tasks }) => {
    tasks.cancel(id);
    return undefined;
  },
};
