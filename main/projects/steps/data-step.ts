/** @file Data: done when there is something to train on. */
import { latestVersionOf, listDatasets } from '#store/datasets.ts';
import type { Store } from '#store/store.ts';
import type { StepRule } from './step-rule.ts';

export const dataStep: StepRule = (store, projectId) => {
  const rows = rowsOf(store, projectId);
  if (rows.length === 0) return { state: 'open', note: 'Add a file of rated answers.', first: null };
  const total = rows.reduce((sum, count) => sum + count, 0);
  const datasets = rows.length === 1 ? '1 dataset' : `${rows.length} datasets`;
  return { state: 'done', note: `${datasets}, ${total.toLocaleString('en')} rows.`, first: null };
};

/** How many each imported dataset has now. */
export function rowsOf(store: Store, projectId: number): number[] {
  return listDatasets(store, projectId).flatMap(({ id }) => latestVersionOf(store, id)?.rowCount ?? []);
}
