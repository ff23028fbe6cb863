/** @file Settings: all have defaults, so there is nothing that must be done. */
import { getChoices } from '#projects/choices.ts';
import type { StepRule } from './step-rule.ts';

export const settingsStep: StepRule = (store, projectId) => {
  const changed = Object.keys(getChoices(store, projectId).settings).length;
  if (changed === 0) return { state: 'done', note: 'Defaults.', first: null };
  return {
    state: 'done',
    note: changed === 1 ? '1 setting differs from its default.' : `${changed} settings differ from their defaults.`,
    first: null,
  };
};
