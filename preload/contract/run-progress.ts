/** @file What is told of a run while it is under way. */
import { z } from 'zod';

export const RunPhase = z.enum([
  'Preparing data',
  'Loading model',
  'Caching reference log-probabilities',
  'Training',
  'Evaluating',
  'Saving',
]);
export type RunPhase = z.infer<typeof RunPhase>;

export const RunLive = z.object({
  phase: RunPhase,
  /** Work of the phase, in its unit; `total` is null while unknown. */
  done: z.number(),
  total: z.number().nullable(),
  unit: z.enum(['rows', 'bytes', 'steps', 'batches']),
  /** Units a second, of late; null while unknown. */
  perSecond: z.number().nullable(),
  /** Of this phase, except while training and evaluating: of the whole run. */
  remainingMs: z.number().nullable(),
  /** Of computing, over all times it was resumed. */
  computedMs: z.number(),
  step: z.int(),
  totalSteps: z.int().nullable(),
  tokensPerSecond: z.number().nullable(),
  /** Of its process. */
  residentBytes: z.number().nullable(),
  peakResidentBytes: z.number().nullable(),
  /** How long its process has said nothing; a large chunk takes a minute. */
  silentMs: z.number(),
  /** What was asked for and has not happened yet. */
  asked: z.enum(['pause', 'stop']).nullable(),
});
export type RunLive = z.infer<typeof RunLive>;

export const RunSteps = z.object({
  step: z.int(),
  /** By TRL's names; null is NaN or infinite. */
  values: z.record(z.string(), z.number().nullable()),
});
export type RunSteps = z.infer<typeof RunSteps>;

export const LogLine = z.object({
  at: z.number(),
  kind: z.enum(['info', 'warning', 'error']),
  text: z.string(),
});
export type LogLine = z.infer<typeof LogLine>;

/** The answer to a probe prompt at a step; step 0 is the model before training. */
export const RunSample = z.object({
  step: z.int().nonnegative(),
  prompt: z.string(),
  answer: z.string(),
});
export type RunSample = z.infer<typeof RunSample>;
