/** @file What the window's process and a job's process tell each other; both check what arrives. */
import { z } from 'zod';
import { EngineChoice, EngineName } from '#contract/engines.ts';
import { failureSchema } from '#processes/failure.ts';
import type { JobEvent, TrainingRequest } from './training-request.ts';

const path = z.string().min(1);

const trainingRequest = z.object({
  modelDir: path,
  dataFile: path,
  evalDataFile: path.nullable(),
  outDir: path,
  settings: z.record(z.string(), z.unknown()),
  adapterInitDir: path.nullable(),
  resume: z.boolean(),
  cacheDir: path,
  memoryBudgetBytes: z.number().positive().nullable(),
  badRows: z.enum(['skip', 'stop']),
  probePromptsFile: path.nullable(),
  engine: EngineChoice.nullish(),
}) satisfies z.ZodType<TrainingRequest>;

const phase = z.enum(['Preparing data', 'Loading model', 'Caching reference log-probabilities', 'Training', 'Evaluating', 'Saving']);
const count = z.number().int().nonnegative();
const entry = z.record(z.string(), z.number());

const jobEvent = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('progress'),
    phase,
    done: z.number(),
    total: z.number().nullable(),
    unit: z.enum(['rows', 'bytes', 'steps', 'batches']),
  }),
  z.object({ kind: z.literal('note'), text: z.string() }),
  z.object({ kind: z.literal('warning'), text: z.string() }),
  z.object({
    kind: z.literal('plan'),
    method: z.enum(['kto', 'dpo']),
    trainRows: count,
    evalRows: count,
    droppedRows: count,
    truncatedRows: count,
    steps: count,
    stepsDone: count,
    trainableParameters: count,
    longestRowTokens: count,
    engine: EngineName,
    device: z.string().nullable(),
  }),
  z.object({ kind: z.literal('log'), entry }),
  z.object({ kind: z.literal('evaluation'), entry }),
  z.object({ kind: z.literal('sample'), step: count, prompt: z.string(), answer: z.string() }),
  z.object({ kind: z.literal('checkpoint'), step: count, dir: path }),
  z.object({ kind: z.literal('stopped'), step: count, checkpointDir: path.nullable() }),
  z.object({ kind: z.literal('finished'), step: count, outDir: path, trainLoss: z.number() }),
]) satisfies z.ZodType<JobEvent>;

/** To the job. `pause` keeps everything in memory; `stop` saves a checkpoint; both take effect after the chunk that is being computed. */
export const toJobSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('train'), request: trainingRequest }),
  z.object({ type: z.literal('pause') }),
  z.object({ type: z.literal('resume') }),
  z.object({ type: z.literal('stop') }),
]);
export type ToJob = z.infer<typeof toJobSchema>;

/** From the job. Events come in batches, at most ten a second. */
export const fromJobSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('events'), events: z.array(jobEvent) }),
  z.object({ type: z.literal('paused') }),
  z.object({ type: z.literal('resumed') }),
  /** A sign of life between chunks. */
  z.object({ type: z.literal('heartbeat'), residentBytes: count, peakResidentBytes: count }),
  z.object({ type: z.literal('done') }),
  z.object({ type: z.literal('failed'), error: failureSchema }),
]);
export type FromJob = z.infer<typeof fromJobSchema>;
