/** @file Keeps the survey of the version a person looks at: other choices are then answered at once. A version never changes. */
import type { CleaningSurvey } from '#engine/data/cleaning/cleaning-survey.ts';
import type { Store } from '#store/store.ts';
import { surveyDataset } from './clean-dataset.ts';
import type { WorkOptions } from './work-progress.ts';

interface Kept {
  readonly versionId: number;
  readonly survey: CleaningSurvey;
}

/** Of each store the last one: 18 bytes a row. */
const kept = new WeakMap<Store, Kept>();

/** @throws {StoreError | CancelledError} as surveyDataset */
export async function surveyOf(store: Store, versionId: number, options: WorkOptions<'comparing'> = {}): Promise<CleaningSurvey> {
  const known = kept.get(store);
  if (known?.versionId === versionId) return known.survey;
  const survey = await surveyDataset(store, versionId, options);
  kept.set(store, { versionId, survey });
  return survey;
}
