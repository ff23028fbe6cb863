/** @file The settings of runs beside each other, those that differ first. */
import type { SettingDifference } from '#contract/comparisons.ts';
import { diffSettings } from '#exports/compare/comparison.ts';
import { resolveSettings } from '#engine/train/resolve-settings.ts';
import { describeRun } from '#runs/describe-run.ts';
import { notFound } from '#store/not-found.ts';
import { getRun, type Run } from '#store/runs.ts';
import type { Store } from '#store/store.ts';

/** @returns values in the order of the runs @throws {StoreError} `not-found` */
export function settingsOfRuns(store: Store, runIds: readonly number[]): SettingDifference[] {
  const runs = runIds.map((id) => {
    const run = getRun(store, id);
    if (!run) throw notFound('run', id);
    return run;
  });
  return diffSettings(runs.map((run) => factsOf(store, run)));
}

/** Model and rows are as much a part of it as what the person set. */
function factsOf(store: Store, run: Run): Readonly<Record<string, unknown>> {
  const { modelName, dataName } = describeRun(store, run);
  return { model: modelName ?? 'deleted', data: dataName ?? 'deleted', ...completeSettings(run) };
}

/** With defaults; as they were given where this version does not understand them any more. */
function completeSettings({ method, settings }: Run): Readonly<Record<string, unknown>> {
  try {
    return resolveSettings(settings, { method: method === 'dpo' ? 'dpo' : 'kto' }).settings;
  } catch {
    return { method, ...settings };
  }
}
