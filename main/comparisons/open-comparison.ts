/** @file What a project compares at the moment: its runs, their model, the pairs, and how they are measured. */
import type { Comparison, MeasureSettings, OfferedPairs } from '#contract/comparisons.ts';
import { getChoices } from '#projects/choices.ts';
import { describeRun } from '#runs/describe-run.ts';
import { fromStoredPath } from '#store/data-folder.ts';
import { getModel } from '#store/models.ts';
import type { StoredRow } from '#store/row-columns.ts';
import type { Run } from '#store/runs.ts';
import type { Store } from '#store/store.ts';
import { getComparisonChoices } from './choices.ts';
import { chosenRuns, comparableRuns, partnerOf } from './chosen-runs.ts';
import { measurableTogether, problemOf, type MeasurableRun } from './measurable.ts';
import { chosenPairs, offeredPairs } from './offered-pairs.ts';
import { pairRows } from './pair-rows.ts';

export interface OpenComparison {
  readonly projectId: number;
  /** Of the chosen ones, those that can be measured together. */
  readonly runs: readonly MeasurableRun[];
  /** Null where there is none. */
  readonly modelDir: string | null;
  readonly rows: readonly StoredRow[];
  /** Probe prompts that the person wrote. */
  readonly probes: readonly string[];
  readonly settings: MeasureSettings;
}

/** For a screen. @throws {StoreError} `not-found` */
export function showComparison(store: Store, projectId: number): Comparison {
  const runs = comparableRuns(store, projectId);
  const chosen = chosenRuns(store, projectId);
  const offered = offeredPairs(store, projectId, chosen);
  const pairs = pairsOf(store, projectId, offered);
  return {
    candidates: runs.map((run) => ({
      run: describeRun(store, run),
      problem: problemOf(store, run, chosen),
      partnerId: partnerOf(run, runs)?.id ?? null,
    })),
    chosen: chosen.map(({ id }) => id),
    offered,
    pairs: pairs && { versionId: pairs.versionId, splitId: pairs.splitId },
    settings: getComparisonChoices(store, projectId).settings,
  };
}

/** For work on it. @throws {StoreError} `not-found` */
export function openComparison(store: Store, projectId: number): OpenComparison {
  const { settings } = getComparisonChoices(store, projectId);
  const chosen: readonly Run[] = chosenRuns(store, projectId);
  const runs = measurableTogether(store, chosen);
  const model = runs[0] ? getModel(store, runs[0].modelId) : null;
  const pairs = pairsOf(store, projectId, offeredPairs(store, projectId, chosen));
  return {
    projectId,
    runs,
    modelDir: model && fromStoredPath(store.folder, model.path),
    rows: pairs ? pairRows(store, pairs, settings.mostPairs) : [],
    probes: getChoices(store, projectId).probePrompts ?? [],
    settings,
  };
}

function pairsOf(store: Store, projectId: number, offered: readonly OfferedPairs[]): OfferedPairs | null {
  return chosenPairs(offered, getComparisonChoices(store, projectId).pairs);
}
