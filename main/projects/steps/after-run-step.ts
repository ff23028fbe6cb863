/** @file Chat, Compare and Export: need what a run makes. */
import { listAdapters } from '#store/adapters.ts';
import type { StepRule } from './step-rule.ts';

export const afterRunStep: StepRule = (store, projectId) => {
  const adapters = listAdapters(store, projectId).length;
  if (adapters === 0) return { state: 'blocked', note: 'After the first run.', first: 'train' };
  return { state: 'open', note: adapters === 1 ? '1 adapter.' : `${adapters} adapters.`, first: null };
};
