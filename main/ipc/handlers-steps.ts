/** @file Answers how far the steps of a project are. */
import type { stepsRequests } from '#contract/steps.ts';
import { listSteps } from '#projects/list-steps.ts';
import type { HandlersOf } from './handlers.ts';

export const stepsHandlers: HandlersOf<typeof stepsRequests> = {
  'steps.list': ({ projectId }, { store }) => listSteps(store, projectId),
};
