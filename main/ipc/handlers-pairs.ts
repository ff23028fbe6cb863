/** @file Answers the requests that make of rows what is trained on. */
import type { pairsRequests } from '#contract/pairs.ts';
import type { Task } from '#contract/tasks.ts';
import { subsampleDataset } from '#datasets/balance-dataset.ts';
import { cleanDataset } from '#datasets/clean-dataset.ts';
import { reportOf } from '#datasets/report-of.ts';
import { showBalance } from '#datasets/show-balance.ts';
import { readSplitSettings, showMadeSplit, showSplit } from '#datasets/show-split.ts';
import { readChoices, showSurvey, SHOWN_CONFLICTS } from '#datasets/show-survey.ts';
import { showVersion } from '#datasets/show-version.ts';
import { splitDataset } from '#datasets/split-dataset.ts';
import { surveyOf } from '#datasets/survey-cache.ts';
import { unpairDataset } from '#datasets/unpair-dataset.ts';
import type { WorkOptions } from '#datasets/work-progress.ts';
import { getChoices, setChoices } from '#projects/choices.ts';
import { getDataset, requireVersion } from '#store/datasets.ts';
import { notFound } from '#store/not-found.ts';
import { getSplit } from '#store/splits.ts';
import type { HandlersOf } from './handlers.ts';
import type { Services, TaskHandle } from './services.ts';

export const pairsHandlers: HandlersOf<typeof pairsRequests> = {
  'pairs.unpair': ({ task, versionId, name }, services) =>
    run(services, { task, versionId, title: 'Making examples of pairs', unit: 'pairs' }, async (options) => {
      const version = await unpairDataset(services.store, { versionId, name }, options);
      services.emit('datasets.changed', { projectId: projectOf(services, versionId) });
      return showVersion(version);
    }),
  'pairs.survey': ({ task, versionId, choices }, services) =>
    run(services, { task, versionId, title: 'Looking for duplicates and contradictions', unit: 'rows' }, async (options) => {
      const survey = await surveyOf(services.store, versionId, options);
      return showSurvey(services.store, versionId, survey.report(readChoices(choices), SHOWN_CONFLICTS));
    }),
  'pairs.clean': ({ task, versionId, choices: shown }, services) =>
    run(services, { task, versionId, title: 'Leaving out duplicates and contradictions', unit: 'rows' }, async (options) => {
      const choices = readChoices(shown);
      const report = (await surveyOf(services.store, versionId, withoutProgress(options))).report(choices);
      const version = await cleanDataset(services.store, { versionId, report, choices }, options);
      if (version) replaceChosen(services, versionId, version.id);
      return version && showVersion(version);
    }),
  'pairs.split': ({ task, projectId, versionId, ratio, seed, keepNearTogether }, services) =>
    run(services, { task, versionId, title: 'Holding out prompts', unit: 'rows' }, async (options) => {
      const outcome = await splitDataset(services.store, { versionId, seed, evaluation: { ratio }, keepNearTogether }, options);
      choose(services, projectId, { versionId, splitId: outcome.split.id });
      return showMadeSplit(services.store, outcome);
    }),
  'pairs.getSplit': ({ splitId }, { store }) => {
    const split = getSplit(store, splitId);
    if (!split) throw notFound('split', splitId);
    return showSplit(split);
  },
  'pairs.balance': ({ projectId, ...part }, { store }) => showBalance(store, part, getChoices(store, projectId).settings),
  'pairs.subsample': ({ task, projectId, versionId, splitId }, services) =>
    run(services, { task, versionId, title: 'Leaving out examples of the more frequent label', unit: 'rows' }, async (options) => {
      const split = splitId === null ? null : getSplit(services.store, splitId);
      const { ratio, seed, keepNearTogether } = split ? readSplitSettings(split) : { ratio: null, seed: null, keepNearTogether: true };
      const version = await subsampleDataset(services.store, { versionId, splitId, seed: seed ?? 0 }, options);
      services.emit('datasets.changed', { projectId });
      const again = split && { versionId: version.id, seed: seed ?? 0, evaluation: { ratio: ratio ?? 0 }, keepNearTogether };
      const made = again ? await splitDataset(services.store, again, options) : null;
      choose(services, projectId, { versionId: version.id, splitId: made?.split.id ?? null });
      return showVersion(version);
    }),
  'pairs.report': ({ task, versionId, splitId }, services) =>
    run(services, { task, versionId, title: 'Looking at the quality', unit: 'rows' }, (options) =>
      reportOf(services.store, { versionId, splitId }, options),
    ),
};

interface Work {
  readonly task: string;
  readonly versionId: number;
  readonly title: string;
  readonly unit: Task['unit'];
}

/** As a task of the project that the version belongs to. */
function run<T>(services: Services, { task: id, versionId, title, unit }: Work, work: (options: WorkOptions) => Promise<T>): Promise<T> {
  return services.tasks.run({ id, projectId: projectOf(services, versionId), title, unit }, (task) => work(optionsOf(task)));
}

function optionsOf({ signal, report }: TaskHandle): WorkOptions {
  return {
    signal,
    onProgress: ({ rows, share, rowsPerSecond, msLeft }) => report({ done: rows, share, perSecond: rowsPerSecond, msLeft }),
  };
}

function withoutProgress<Stage extends string>({ signal }: WorkOptions): WorkOptions<Stage> {
  return { signal };
}

function projectOf({ store }: Services, versionId: number): number {
  const { datasetId } = requireVersion(store, versionId);
  const dataset = getDataset(store, datasetId);
  if (!dataset) throw notFound('dataset', datasetId);
  return dataset.projectId;
}

type DataChoice = ReturnType<typeof getChoices>['data'];

function choose({ store, emit }: Services, projectId: number, data: DataChoice): void {
  setChoices(store, projectId, { data });
  emit('choices.changed', { projectId });
}

/** What was to be trained on becomes its next version, whose rows are not divided yet. */
function replaceChosen(services: Services, before: number, after: number): void {
  const projectId = projectOf(services, after);
  services.emit('datasets.changed', { projectId });
  if (getChoices(services.store, projectId).data?.versionId === before) choose(services, projectId, { versionId: after, splitId: null });
}
