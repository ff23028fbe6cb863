/** @file The main job on the data that ships: KTO and DPO on the same pairs, then the same questions to the base model and both adapters. */
import { join } from 'node:path';
import type { RunLive } from '#contract/run-progress.ts';
import type { NewRuns, RunMethod } from '#contract/runs.ts';
import type { Progress } from '#cli/progress-text.ts';
import { createActivityList } from '#host/activity-list.ts';
import type { SpawnJob } from '#jobs/job-process.ts';
import { RunSupervisor } from '#runs/supervisor.ts';
import { openStore } from '#store/open-store.ts';
import { compareAnswers, heldOutPrompts } from './compare-answers.ts';
import type { DemoResult } from './demo-report.ts';
import { prepareProject } from './prepare-project.ts';
import { trainRun } from './train-run.ts';

export interface DemoOptions {
  /** The window's; the project stays in it. */
  readonly dataFolder: string;
  readonly resourcesDir: string;
  readonly spawnJob: SpawnJob;
  /** Optimizer steps of each run. */
  readonly steps: number;
  /** The blog's, unless a test has no time for it. */
  readonly learningRate?: number;
  /** Held-out prompts to answer; 100 pairs are held out in any case. */
  readonly prompts: number;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
  readonly say: (line: string) => void;
}

const SEED = 42;
const HELD_OUT_PROMPTS = 100;
/** Of the blog whose bot this is, but for its truncation, which emptied the answers (docs/experiments.md), and its length. */
const BLOG = {
  beta: 0.1,
  learning_rate: 5e-4,
  lr_scheduler_type: 'cosine',
  optim: 'paged_adamw_32bit',
  lora_r: 8,
  lora_alpha: 16,
  target_modules: ['q_proj', 'v_proj'],
  max_length: 512,
  seed: SEED,
} as const;
/** Sixteen answers a step for both. */
const BATCH: Readonly<Record<RunMethod, number>> = { kto: 16, dpo: 8 };

/** @throws {AppError} with one sentence; whatever was made so far stays in the project */
export async function runDemo(options: DemoOptions): Promise<DemoResult> {
  const { dataFolder, resourcesDir, spawnJob, signal, onProgress, say } = options;
  const store = openStore(dataFolder);
  const cacheDir = join(dataFolder, 'cache');
  const logger = { info: () => undefined, warn: () => undefined, error: (message: string) => say(message) };
  const surroundings = { store, cacheDir, spawnJob, clock: Date.now, nowMs: () => performance.now(), logger };
  const unheard = { emit: () => undefined, activity: createActivityList() };
  const runs = new RunSupervisor({ ...surroundings, ...unheard, engineChoice: () => 'auto' });
  try {
    const made = await prepareProject(store, {
      dataDir: join(resourcesDir, 'reviewer2'),
      heldOutPrompts: HELD_OUT_PROMPTS,
      seed: SEED,
      signal,
      onProgress: ({ stage, rows }) => onProgress({ label: stage, done: rows, total: null, unit: 'rows' }),
    });
    say(`${made.pairs} pairs imported, ${made.examples} examples when unpaired; ${made.heldOutPairs} pairs held out by prompt.`);
    const modelDir = join(resourcesDir, 'starter-model');
    const train = (method: RunMethod) => {
      const request = newRun(method, {
        ...options,
        projectId: made.project.id,
        modelDir,
        versionId: made.versionId,
        splitId: made.splitId,
      });
      return trainRun(request, { store, runs, signal, onLive: (live) => onProgress(liveProgress(method, live)) });
    };
    const kto = await train('kto');
    const dpo = await train('dpo');
    const prompts = heldOutPrompts(store, made.splitId, options.prompts);
    const onAnswer = (name: string, done: number) =>
      onProgress({ label: `Held-out prompts answered by ${name}`, done, total: prompts.length, unit: 'rows' });
    const asking = { modelDir, cacheDir, prompts, seed: SEED, signal, onAnswer };
    const answers = await compareAnswers({ base: null, kto: kto.folder, dpo: dpo.folder }, asking);
    say(`The project “${made.project.name}” is in ${dataFolder}; npm start opens it.`);
    return { kto, dpo, answers, prompts };
  } finally {
    await runs.close();
    store.close();
  }
}

interface NewRunParts extends Pick<DemoOptions, 'steps' | 'learningRate'> {
  readonly projectId: number;
  readonly modelDir: string;
  readonly versionId: number;
  readonly splitId: number;
}

function newRun(method: RunMethod, parts: NewRunParts): NewRuns {
  const { steps, learningRate = BLOG.learning_rate, projectId, modelDir, versionId, splitId } = parts;
  const rhythm = {
    max_steps: steps,
    logging_steps: Math.max(1, Math.round(steps / 40)),
    eval_steps: Math.ceil(steps / 3),
    save_steps: steps,
  };
  const settings = {
    ...BLOG,
    target_modules: [...BLOG.target_modules],
    learning_rate: learningRate,
    per_device_train_batch_size: BATCH[method],
    ...rhythm,
  };
  return {
    projectId,
    methods: [method],
    settings,
    modelFolder: modelDir,
    adapterId: null,
    probePrompts: null,
    data: { versionId, splitId },
  };
}

function liveProgress(method: RunMethod, { phase, done, total, unit }: RunLive): Progress {
  return { label: `${method.toUpperCase()}: ${phase}`, done, total, unit };
}
