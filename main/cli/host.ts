/** @file Everything the command line gets from the process it runs in, so that a test can be that process. */
import type { EngineName, EngineTest } from '#contract/engines.ts';
import type { GenerateEvent, GenerateRequest } from '#jobs/generate/generate-request.ts';
import type { PretrainJobEvent, PretrainRequest } from '#jobs/pretrain/pretrain-request.ts';
import type { EngineTable } from '#engines/list-engines.ts';
import type { PlanReport, PlanRequest } from '#jobs/plan-request.ts';
import type { JobEvent, RowScore, ScoreRequest, TrainingRequest } from '#jobs/training-request.ts';

/** The part of `process.stdout` and `process.stderr` that is used. */
export interface Output {
  /** @returns false when the reader is behind and `drain` will say when it has caught up */
  write(text: string): boolean;
  once(event: 'drain', listener: () => void): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** The part of `process.stdin` that is used. */
export interface Input {
  readonly isTTY?: boolean | undefined;
  /** Ends with the input, or when the signal is aborted. */
  lines(signal: AbortSignal): AsyncIterable<string>;
}

/** The work itself; loaded only when a command needs it, because the runtime behind it takes long to load. */
export interface CliJobs {
  train(request: TrainingRequest, options: { readonly signal: AbortSignal }): AsyncIterable<JobEvent>;
  plan(request: PlanRequest, options: { readonly signal: AbortSignal }): Promise<PlanReport>;
  pretrain(request: PretrainRequest, options: { readonly signal: AbortSignal }): AsyncIterable<PretrainJobEvent>;
  generate(request: GenerateRequest, options: { readonly signal: AbortSignal }): AsyncIterable<GenerateEvent>;
  /** Tests the named engines, then lists all. */
  engines(request: EnginesRequest, options: EnginesOptions): Promise<EngineTable>;
  score(request: ScoreRequest, options: { readonly signal: AbortSignal }): AsyncIterable<RowScore>;
}

export interface EnginesRequest {
  readonly cacheDir: string;
  readonly names: readonly EngineName[];
}

export interface EnginesOptions {
  readonly signal: AbortSignal;
  readonly onTested: (test: EngineTest) => void;
}

export interface CliHost {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly stdin: Input;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: string;
  readonly homeDir: string;
  /** Aborted when the command has to stop; its reason is a {@link StopReason}, or the AppError that is to be reported. */
  readonly signal: AbortSignal;
  /** Monotonic clock. */
  readonly nowMs: () => number;
  readonly jobs: CliJobs;
  /** What the person types to start the program; a command to copy begins with it. */
  readonly program: string;
}

/** EPIPE: nobody reads the output any more. */
export type StopReason = 'SIGINT' | 'SIGTERM' | 'EPIPE';
