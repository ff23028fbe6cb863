/** @file What main answers about runs side by side, for tests of the Compare step. */
import type { Comparison, Measured, MeasureSettings, SideBySide, Tally, Voting } from '#contract/comparisons.ts';
import type { RunSummary } from '#contract/runs.ts';
import { fakeClient, type Answers, type FakeClient } from './fake-client.ts';
import { stepsOf } from './steps.ts';

export function runAt(id: number, change: Partial<RunSummary> = {}): RunSummary {
  const method = id % 2 === 1 ? 'kto' : 'dpo';
  return {
    id,
    projectId: 1,
    name: `${method.toUpperCase()} ${Math.ceil(id / 2)}`,
    method,
    status: 'completed',
    queuePosition: null,
    modelName: 'tiny',
    dataName: 'Reviews, version 1',
    lastStep: 60,
    totalSteps: 60,
    computedMs: 6000,
    createdAt: 0,
    startedAt: 0,
    endedAt: 1,
    sparkline: [],
    lastLoss: 0.3,
    problem: null,
    adapterId: id,
    ...change,
  };
}

export const MEASURE_SETTINGS: MeasureSettings = {
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

export const COMPARISON: Comparison = {
  candidates: [2, 1].map((id) => ({ run: runAt(id), problem: null, partnerId: 3 - id })),
  chosen: [1, 2],
  offered: [
    { versionId: 5, splitId: 7, name: 'Held-out pairs of “Reviews”, version 1', pairs: 40, note: null },
    {
      versionId: 5,
      splitId: null,
      name: 'All pairs of “Reviews”, version 1',
      pairs: 400,
      note: 'KTO 1 was trained on most of these pairs.',
    },
  ],
  pairs: { versionId: 5, splitId: 7 },
  settings: MEASURE_SETTINGS,
};

export const UNMEASURED: Measured = { runIds: [1, 2], pairCount: 40, answerCount: 16, figures: [], verdict: null, missing: 3 };

export const MEASURED: Measured = {
  ...UNMEASURED,
  missing: 0,
  figures: [
    {
      key: 'rewards/accuracies',
      label: 'Chosen answer preferred',
      base: null,
      runs: [
        { value: 0.9, low: 0.769, high: 0.96 },
        { value: 0.875, low: 0.739, high: 0.945 },
      ],
    },
    {
      key: 'kl_per_token',
      label: 'KL from the base model, nats a token',
      base: { value: 0, low: null, high: null },
      runs: [{ value: -0.00042, low: -0.004, high: 0.003 }, null],
    },
  ],
  verdict: { text: 'The difference is within noise.', betterId: null },
};

const answer = (text: string | null) => ({ text, tokens: 12, isWhole: false });

export const SIDE_BY_SIDE: SideBySide = {
  runIds: [1, 2],
  prompts: [
    { prompt: 'What do you think?', base: answer('Well.'), runs: [answer('It is poor.'), answer(null)] },
    { prompt: 'And now?', base: answer(''), runs: [null, null] },
  ],
  missing: 2,
  more: 30,
};

export const TALLY: Tally = {
  firstWins: 2,
  secondWins: 1,
  equal: 1,
  share: { value: 0.67, low: 0.2, high: 0.94 },
  text: 'KTO 1 was better twice, DPO 1 once, and once they were equal.',
  unsaved: { pair: 3, example: 3 },
};

export const VOTING: Voting = {
  open: { key: 'k1', prompt: 'What do you think?', left: 'It is poor.', right: 'Lovely work.' },
  voted: 0,
  total: 2,
  alike: 1,
  canTakeBack: false,
  tally: null,
};

/** A main in whose only project these runs are compared. */
export function compareClient(answers: Answers = {}): FakeClient {
  return fakeClient({
    'projects.list': () => [{ id: 1, name: 'Reviews', notes: '', createdAt: 0, updatedAt: 0 }],
    'app.getPreferences': () => ({ theme: 'auto', showAdvancedSettings: false, offline: false }) as never,
    'steps.list': () => stepsOf({}),
    'tasks.list': () => [],
    'runs.readMetrics': ({ runId }) => ({
      series: [
        { key: 'loss', steps: [1, 2], values: [0.5, runId / 10] },
        { key: 'eval_loss', steps: [2], values: [0.4] },
        { key: 'epoch', steps: [1, 2], values: [0.1, 0.2] },
      ],
      nextStep: null,
    }),
    'comparisons.get': () => COMPARISON,
    'comparisons.choose': () => COMPARISON,
    'comparisons.read': () => UNMEASURED,
    'comparisons.readSettings': () => [
      { name: 'method', values: ['kto', 'dpo'], differs: true },
      { name: 'seed', values: ['42', '42'], differs: false },
    ],
    'comparisons.listAnswers': () => SIDE_BY_SIDE,
    'comparisons.getVoting': () => VOTING,
    ...answers,
  });
}
