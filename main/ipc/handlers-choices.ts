/** @file Answers the requests about what was chosen in a project's steps. */
import type { choicesRequests } from '#contract/choices.ts';
import { getChoices, setChoices } from '#projects/choices.ts';
import type { HandlersOf } from './handlers.ts';

export const choicesHandlers: HandlersOf<typeof choicesRequests> = {
  'choices.get': ({ projectId }, { store }) => getChoices(store, projectId),
  'choices.set': ({ projectId, changes }, { store, emit }) => {
    const choices = setChoices(store, projectId, changes);
    emit('choices.changed', { projectId });
    return choices;
  },
};
