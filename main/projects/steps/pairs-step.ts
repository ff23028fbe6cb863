/** @file Pairs: done when it is decided which rows are trained on and which are held out. */
import { getChoices } from '#projects/choices.ts';
import { getSplit } from '#store/splits.ts';
import { rowsOf } from './data-step.ts';
import type { StepRule } from './step-rule.ts';

export const pairsStep: StepRule = (store, projectId) => {
  if (rowsOf(store, projectId).length === 0) return { state: 'blocked', note: 'Add data first.', first: 'data' };
  const { data } = getChoices(store, projectId);
  const split = data?.splitId ? getSplit(store, data.splitId) : null;
  if (!split) return { state: 'open', note: 'Check duplicates, balance and what is held out.', first: null };
  const [train, heldOut] = [split.trainCount, split.heldOutCount].map((count) => count.toLocaleString('en'));
  return { state: 'done', note: `${train} rows to train on, ${heldOut} held out.`, first: null };
};
