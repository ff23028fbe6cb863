/** @file Answers the requests about runs side by side. */
import { join } from 'node:path';
import type { comparisonsRequests } from '#contract/comparisons.ts';
import { answerMissing, readAnswers, showAnswers } from '#comparisons/answers.ts';
import { setComparisonChoices } from '#comparisons/choices.ts';
import { addRun, comparableRuns, partnerOf } from '#comparisons/chosen-runs.ts';
import { measureModels, readMeasured } from '#comparisons/measure-models.ts';
import { openComparison, showComparison } from '#comparisons/open-comparison.ts';
import { reportOf } from '#comparisons/report-of.ts';
import { saveVotes } from '#comparisons/save-votes.ts';
import { settingsOfRuns } from '#comparisons/settings-of-runs.ts';
import { showMeasured } from '#comparisons/show-measured.ts';
import type { ComparisonSurroundings } from '#comparisons/surroundings.ts';
import { contestOf, readVoting, takeBackVote, vote } from '#comparisons/voting.ts';
import { showVersion } from '#datasets/show-version.ts';
import { writeFileAtomically } from '#io/atomic-write.ts';
import { notFound } from '#store/not-found.ts';
import { getRun } from '#store/runs.ts';
import type { HandlersOf } from './handlers.ts';
import type { Services } from './services.ts';

export const comparisonsHandlers: HandlersOf<typeof comparisonsRequests> = {
  'comparisons.get': ({ projectId }, { store }) => showComparison(store, projectId),
  'comparisons.choose': ({ projectId, changes }, services) => {
    setComparisonChoices(services.store, projectId, changes);
    return changed(services, projectId, showComparison(services.store, projectId));
  },
  'comparisons.add': ({ projectId, runId }, services) => {
    addRun(services.store, projectId, runId);
    return changed(services, projectId, showComparison(services.store, projectId));
  },
  'comparisons.findPartner': ({ runId }, { store }) => {
    const run = getRun(store, runId);
    if (!run) throw notFound('run', runId);
    const completed = comparableRuns(store, run.projectId).filter(({ status }) => status === 'completed');
    return run.status === 'completed' ? (partnerOf(run, completed)?.id ?? null) : null;
  },
  'comparisons.readSettings': ({ runIds }, { store }) => settingsOfRuns(store, runIds),
  'comparisons.read': async ({ projectId }, services) => {
    const comparison = openComparison(services.store, projectId);
    return showMeasured(comparison, await readMeasured(aroundOf(services), comparison));
  },
  'comparisons.measure': ({ task: id, projectId }, services) =>
    services.tasks.run({ id, projectId, title: 'Measuring runs', unit: 'pairs' }, async (task) => {
      const comparison = openComparison(services.store, projectId);
      try {
        await measureModels(aroundOf(services), comparison, task);
        return showMeasured(comparison, await readMeasured(aroundOf(services), comparison));
      } finally {
        changed(services, projectId, null);
      }
    }),
  'comparisons.listAnswers': async ({ projectId }, services) => {
    const comparison = openComparison(services.store, projectId);
    return showAnswers(comparison, await readAnswers(aroundOf(services), comparison));
  },
  'comparisons.answer': ({ task: id, projectId }, services) =>
    services.tasks.run({ id, projectId, title: 'Answering prompts', unit: 'prompts' }, async (task) => {
      const comparison = openComparison(services.store, projectId);
      try {
        await answerMissing(aroundOf(services), comparison, task);
        return showAnswers(comparison, await readAnswers(aroundOf(services), comparison));
      } finally {
        changed(services, projectId, null);
      }
    }),
  'comparisons.getVoting': ({ reveal, ...contest }, services) => readVoting(aroundOf(services), contestOf(contest), reveal),
  'comparisons.vote': ({ key, choice, ...contest }, services) => vote(aroundOf(services), contestOf(contest), { key, choice }),
  'comparisons.takeBack': (contest, services) => takeBackVote(aroundOf(services), contestOf(contest)),
  'comparisons.saveVotes': ({ kind, name, ...contest }, services) => {
    const { version, rows } = saveVotes(services.store, contestOf(contest), { kind, name });
    services.emit('datasets.changed', { projectId: contest.projectId });
    return changed(services, contest.projectId, { version: showVersion(version), rows });
  },
  'comparisons.report': ({ projectId, format }, services) => reportOf(aroundOf(services), { projectId, format, madeAt: now(services) }),
  'comparisons.saveReport': async ({ projectId, format, path }, services) => {
    const { text } = await reportOf(aroundOf(services), { projectId, format, madeAt: now(services) });
    await writeFileAtomically(path, text);
    return undefined;
  },
};

function aroundOf({ store, dataDir, spawnInquiry }: Services): ComparisonSurroundings {
  return { store, cacheDir: join(dataDir, 'cache'), spawnInquiry };
}

function now({ clock }: Services): string {
  return new Date(clock()).toISOString();
}

function changed<T>({ emit }: Services, projectId: number, value: T): T {
  emit('comparisons.changed', { projectId });
  return value;
}
