/** @file What a person chose to compare in a project: kept until the project is deleted. */
import { z } from 'zod';
import { MeasureSettings, PairSource, type ComparisonChanges } from '#contract/comparisons.ts';
import { getComparison, saveComparison } from '#store/comparisons.ts';
import { notFound } from '#store/not-found.ts';
import { getProject } from '#store/projects.ts';
import type { Store } from '#store/store.ts';

/** Every part has a default, so that older stores can be read. */
const ComparisonChoices = z.object({
  /** Null: nothing was chosen yet. */
  runIds: z.array(z.int()).nullable().default(null),
  /** Null: the held-out pairs of the chosen runs. */
  pairs: PairSource.nullable().default(null),
  settings: MeasureSettings.default(MeasureSettings.parse({})),
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
    const given = Object.fromEntries(Object.entries(settings ?? {}).filter(([, value]) => value !== undefined));
    const after: ComparisonChoices = {
      runIds: runIds ?? before.runIds,
      pairs: pairs ?? before.pairs,
      settings: { ...before.settings, ...given },
    };
    saveComparison(store, projectId, after);
  });
}
