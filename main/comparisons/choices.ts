/** @file What a person chose to compare in a project: kept until the project is deleted. */
import { z } from 'zod';
import { MeasureSettings, PairSource, type ComparisonChanges } from '#contract/comparisons.ts';
import { getComparison, saveComparison } from '#store/comparisons.ts';
import { notFound } from '#store/not-found.ts';
import { getProject } from '#store/projects.ts';
import type { Store } from '#store/store.ts';

const DEFAULTS: MeasureSettings = {
  beta: 0.1,
  maxLength: null,
  seed: 0,
  mostPairs: 200,
  answers: 16,
  maxNewTokens: 64,
  prompts: 6,
  answerTokens: 128,
  temperature: 0.7,
};

/** Every part has a default, so that older stores can be read. */
const ComparisonChoices = z.object({
  /** Null: nothing was chosen yet. */
  runIds: z.array(z.int()).nullable().default(null),
  /** Null: the held-out pairs of the chosen runs. */
  pairs: PairSource.nullable().default(null),
  settings: MeasureSettings.partial()
    .default({})
    .transform((given): MeasureSettings => ({ ...DEFAULTS, ...withoutUndefined(given) })),
});
export type ComparisonChoices = z.infer<typeof ComparisonChoices>;

/** What another version saved and this one does not understand is as if it were not chosen. @throws {StoreError} `not-found` */
export function getComparisonChoices(store: Store, projectId: number): ComparisonChoices {
  if (!getProject(store, projectId)) throw notFound('project', projectId);
  const saved = ComparisonChoices.safeParse(getComparison(store, projectId) ?? {});
  return saved.success ? saved.data : ComparisonChoices.parse({});
}

/** What is left out stays as it is. @throws {StoreError} `not-found` */
export function setComparisonChoices(store: Store, projectId: number, { runIds, pairs, settings }: ComparisonChanges): void {
  store.write(() => {
    const before = getComparisonChoices(store, projectId);
    const after: ComparisonChoices = {
      runIds: runIds ?? before.runIds,
      pairs: pairs ?? before.pairs,
      settings: { ...before.settings, ...withoutUndefined(settings ?? {}) },
    };
    saveComparison(store, projectId, after);
  });
}

function withoutUndefined<T extends object>(given: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
