/** @file Model: done when a folder was chosen. */
import { basename } from 'node:path';
import { getChoices } from '#projects/choices.ts';
import type { StepRule } from './step-rule.ts';

export const modelStep: StepRule = (store, projectId) => {
  const { modelFolder } = getChoices(store, projectId);
  if (modelFolder === null) return { state: 'open', note: 'Choose a model.', first: null };
  return { state: 'done', note: `${basename(modelFolder)}.`, first: null };
};
