/** @file What main would answer about models and settings; the fields and presets are the real ones. */
import { Choices, type ChoiceChanges } from '#contract/choices.ts';
import type { LengthReport, ModelReport } from '#contract/models.ts';
import type { RunPreview } from '#contract/settings.ts';
import type { StepName } from '#contract/steps.ts';
import { describeSettings } from '#setup/describe-settings.ts';
import { engineList } from './engine-answers.ts';
import { fakeClient, type Answers, type FakeClient } from './fake-client.ts';
import { stepsOf } from './steps.ts';

export const REPORT: ModelReport = {
  dir: '/models/tiny',
  problem: null,
  architecture: 'LlamaForCausalLM',
  shape: { layers: 2, hiddenSize: 64, attentionHeads: 4, keyValueHeads: 2, headDim: 16, vocabulary: 320, contextTokens: 512 },
  parameters: 5_242_880,
  mappedBytes: 10_485_760,
  linearModules: ['q_proj', 'v_proj'],
  weightFiles: 1,
  diskBytes: 10_500_000,
  bytesByDtype: { F16: 10_485_760 },
  copyBytes: 0,
  tokenizer: { problem: null, vocabulary: 320, hasChatTemplate: true },
  licence: { name: 'apache-2.0', file: 'README.md' },
};

const summary = (max: number) => ({
  count: 10,
  mean: 50,
  min: 10,
  p50: 50,
  p95: 90,
  p99: max,
  max,
  bins: Array.from({ length: 10 }, (_, index) => ({ from: index * 10, below: (index + 1) * 10, count: 1 })),
});

/** Ten rows: of 5, 15 … 95 tokens, whose prompts are a fifth of that. */
export const LENGTHS: LengthReport = {
  rows: 10,
  sequence: summary(95),
  prompt: summary(19),
  answer: summary(76),
  sequenceCounts: Array.from({ length: 10 }, (_, index) => [5 + 10 * index, 1] as const),
  promptCounts: Array.from({ length: 10 }, (_, index) => [1 + 2 * index, 1] as const),
  uncounted: 0,
  firstProblem: null,
};

export const PREVIEW: RunPreview = {
  method: 'kto',
  trainRows: 2000,
  steps: 1000,
  epochs: 8,
  batchSize: 16,
  gradientAccumulationSteps: 1,
  learningRate: 5e-4,
  longestRowTokens: 464,
  trainableParameters: 3584,
  computesOn: { engine: 'onnx:cpu', title: 'Processor', device: 'A processor, 8 threads', backend: 'onnxruntime 1.30.0 (cpu)' },
  engineNotes: [],
  memory: { total: 3e8, weights: 1e7, activations: 5e7, adapter: 1e5, rows: 1e6, runtime: 2.4e8 },
  freeBytes: 8e9,
  budgetBytes: 5.6e9,
  fits: true,
  diskBytes: 4e6,
  freeDiskBytes: 5e10,
  seconds: { step: 0.12, references: 6, total: 126 },
};

export interface SetupClient extends FakeClient {
  readonly choices: () => Choices;
}

/** A main with one project. */
export function setupClient(step: StepName, given: Partial<Choices> = {}, answers: Answers = {}): SetupClient {
  sessionStorage.setItem('project', '1');
  sessionStorage.setItem('step of project 1', step);
  let choices = Choices.parse(given);
  const client = fakeClient({
    'projects.list': () => [{ id: 1, name: 'Reviews', notes: '', createdAt: 0, updatedAt: 0 }],
    'app.getPreferences': () => ({ theme: 'auto', showAdvancedSettings: false, offline: false }),
    'steps.list': () => stepsOf({}),
    'choices.get': () => choices,
    'choices.set': ({ changes }: { changes: ChoiceChanges }) => {
      choices = Choices.parse({ ...choices, ...changes });
      queueMicrotask(() => client.tell('choices.changed', { projectId: 1 }));
      return choices;
    },
    'adapters.list': () => [],
    'models.list': () => [],
    'models.inspect': () => REPORT,
    'models.measureLengths': () => LENGTHS,
    'hub.getAccess': () => ({ url: 'https://huggingface.co', offlineBecause: null }),
    'hub.listDownloads': () => [],
    'settings.describe': () => describeSettings(),
    'settings.check': () => ({ problem: null, warnings: [], resolved: {} }),
    'settings.preview': ({ method }) => ({ ...PREVIEW, method }),
    'engines.list': () => engineList(),
    'probePrompts.propose': () => ['Review my paper.', 'Is this figure clear?'],
    'runs.list': () => [],
    ...answers,
  });
  return Object.assign(client, { choices: () => choices });
}
