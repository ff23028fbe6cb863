/** @file Runs: what the Train step starts, watches and keeps. */
import { z } from 'zod';
import { Shown } from './app.ts';
import { event, Nothing, request } from './define.ts';
import { ComputesOn } from './engines.ts';
import { AbsolutePath } from './files.ts';
import { ProbePrompts } from './probe-prompts.ts';
import { ProjectId } from './projects.ts';
import { LogLine, RunLive, RunSample, RunSteps } from './run-progress.ts';

export const RunId = z.int().positive();

export const RunMethod = z.enum(['kto', 'dpo']);
export type RunMethod = z.infer<typeof RunMethod>;

export const RunStatus = z.enum(['queued', 'running', 'paused', 'interrupted', 'stopped', 'completed', 'failed']);
export type RunStatus = z.infer<typeof RunStatus>;

/** Settings under their standard names, as the person gave them; what is left out has its default. */
const Settings = z.record(z.string(), z.json());

export const NewRuns = z.object({
  projectId: ProjectId,
  /** One run for each, on the same rows and in this order. */
  methods: z.array(RunMethod).min(1, 'Choose KTO, DPO or both.').max(2),
  settings: Settings,
  /** Absolute path of a Hugging Face model folder. */
  modelFolder: AbsolutePath,
  /** The adapter of the project that the runs go on from, which is their reference, too; null: a fresh one. */
  adapterId: z.int().positive().nullable().default(null),
  /** What is asked at every evaluation; null: the first different prompts of the held-out rows. */
  probePrompts: ProbePrompts.nullable().default(null),
  /** What is trained on; null: all rows of the newest version of the project's newest dataset. */
  data: z.object({ versionId: z.int().positive(), splitId: z.int().positive().nullable() }).nullable(),
});
export type NewRuns = z.infer<typeof NewRuns>;

/** Why a run ended before its time, and what can be done. */
export const RunProblem = z.object({
  code: z.string(),
  message: z.string(),
  /** What it is, in three words: "Out of memory". */
  title: z.string(),
  /** What to do, as sentences. */
  advice: z.array(z.string()),
});
export type RunProblem = z.infer<typeof RunProblem>;

/** A line of the history. */
export const RunSummary = z.object({
  id: RunId,
  projectId: ProjectId,
  name: z.string(),
  method: RunMethod,
  status: RunStatus,
  /** 1 is the next; null if it does not wait. */
  queuePosition: z.int().nullable(),
  /** Null if it was deleted since. */
  modelName: z.string().nullable(),
  dataName: z.string().nullable(),
  lastStep: z.int(),
  totalSteps: z.int().nullable(),
  /** Milliseconds of computing, without pauses. */
  computedMs: z.number(),
  createdAt: z.number(),
  startedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  /** The loss, thinned out to what a small picture can show; null is NaN. */
  sparkline: z.array(z.number().nullable()),
  lastLoss: z.number().nullable(),
  problem: RunProblem.nullable(),
  /** What came of it. */
  adapterId: z.int().nullable(),
});
export type RunSummary = z.infer<typeof RunSummary>;

export const RunDetails = RunSummary.extend({
  settings: Settings,
  modelFolder: z.string().nullable(),
  data: NewRuns.shape.data,
  /** What it went on from; `id` is null if that was deleted since. Null: it began with a fresh adapter. */
  initialAdapter: z.object({ id: z.int().nullable(), name: z.string() }).nullable(),
  folder: z.string(),
  computesOn: ComputesOn,
  checkpointSteps: z.array(z.int()),
  /** Only while its process runs. */
  live: RunLive.nullable(),
});
export type RunDetails = z.infer<typeof RunDetails>;

/** A plain sentence about a known pattern in the curves, shown below the charts of its group. */
export const RunHint = z.object({
  group: z.enum(['loss', 'rewards', 'kl', 'accuracy', 'optimizer']),
  kind: z.enum(['good', 'note', 'warning']),
  text: z.string(),
});
export type RunHint = z.infer<typeof RunHint>;

/** All values of one metric in a range of steps, as columns. */
export const RunSeries = z.object({
  key: z.string(),
  steps: z.array(z.int()),
  /** Null is NaN or infinite. */
  values: z.array(z.number().nullable()),
});
export type RunSeries = z.infer<typeof RunSeries>;

const One = z.object({ runId: RunId });
const OfProject = z.object({ projectId: ProjectId });

export const runsRequests = {
  /** Puts runs at the end of the queue; the first of all starts at once. */
  'runs.create': request(NewRuns, z.array(RunSummary)),
  /** Newest first. */
  'runs.list': request(OfProject, z.array(RunSummary)),
  'runs.get': request(One, RunDetails),
  /** One page of everything that was measured; `nextStep` is where the next page begins, null at the end. */
  'runs.readMetrics': request(
    z.object({ runId: RunId, fromStep: z.int().nonnegative() }),
    z.object({ series: z.array(RunSeries), nextStep: z.int().nullable() }),
  ),
  'runs.readLog': request(One, z.array(LogLine)),
  /** Answers to the project's probe prompts, by step. */
  'runs.listSamples': request(One, z.array(RunSample)),
  'runs.listHints': request(One, z.array(RunHint)),
  /** After the chunk that is being computed; everything stays in memory. */
  'runs.pause': request(One, Nothing),
  /** Goes on: at once if it is paused, else from its last checkpoint when its turn comes. */
  'runs.resume': request(One, Nothing),
  /** After the chunk that is being computed; a checkpoint is saved. What waits in the queue leaves it. */
  'runs.stop': request(One, Nothing),
  /** At once; the run and its files are deleted. */
  'runs.discard': request(One, Nothing),
  /** What {@link runs.delete} would delete. */
  'runs.describeFiles': request(One, z.object({ folder: z.string(), files: z.int(), bytes: z.number(), adapters: z.int() })),
  'runs.delete': request(z.object({ runId: RunId, deleteFiles: z.boolean() }), Nothing),
  'runs.reveal': request(One, Shown),
  /** Runs wait from the last time the program ran; none starts before it is said so. */
  'runs.isQueueHeld': request(Nothing, z.boolean()),
  'runs.startQueue': request(Nothing, Nothing),
};

export const runsEvents = {
  /** There is another run, or one has another status. */
  'runs.changed': event(OfProject),
  /** At most ten a second for each run. */
  'runs.progressed': event(
    z.object({
      runId: RunId,
      projectId: ProjectId,
      live: RunLive,
      /** New values, oldest first. */
      steps: z.array(RunSteps),
      /** The run went on from this step: what was measured after it is no longer true. */
      goesOnAfterStep: z.int().nullable(),
      lines: z.array(LogLine),
      samples: z.array(RunSample),
    }),
  ),
};
