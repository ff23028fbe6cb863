/** @file Train: needs data and a model, and is done after the first run that was completed. */
import { getChoices } from '#projects/choices.ts';
import { listRuns } from '#store/runs.ts';
import { rowsOf } from './data-step.ts';
import type { StepRule } from './step-rule.ts';

export const trainStep: StepRule = (store, projectId) => {
  const runs = listRuns(store, projectId);
  const completed = runs.filter(({ status }) => status === 'completed').length;
  if (completed > 0) return { state: 'done', note: completed === 1 ? '1 completed run.' : `${completed} completed runs.`, first: null };
  if (runs.length > 0) return { state: 'open', note: 'No run is completed yet.', first: null };
  if (rowsOf(store, projectId).length === 0) return { state: 'blocked', note: 'Add data first.', first: 'data' };
  if (getChoices(store, projectId).modelFolder === null) return { state: 'blocked', note: 'Choose a model first.', first: 'model' };
  return { state: 'open', note: 'Ready to start.', first: null };
};
