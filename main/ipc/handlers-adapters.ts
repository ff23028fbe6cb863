/** @file Answers the requests about adapters. */
import type { adaptersRequests } from '#contract/adapters.ts';
import { describeAdapters } from '#projects/describe-adapter.ts';
import type { HandlersOf } from './handlers.ts';

export const adaptersHandlers: HandlersOf<typeof adaptersRequests> = {
  'adapters.list': ({ projectId }, { store }) => describeAdapters(store, projectId),
};
