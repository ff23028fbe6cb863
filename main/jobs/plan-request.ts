/** @file What `prospect plan` is asked, and what it answers. Plain data. */
import type { EngineChoice, EngineName } from '#contract/engines.ts';
import type { ChosenPlan, MemoryEstimate } from '#engine/train/memory-estimate.ts';
import type { MemoryPlan } from '#engine/train/memory-plan.ts';

export interface PlanRequest {
  readonly modelDir: string;
  readonly dataFile: string;
  /** Settings as the person wrote them (snake_case). */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly adapterInitDir: string | null;
  readonly cacheDir: string;
  /** Null for 70 % of what is free. */
  readonly memoryBudgetBytes: number | null;
  /** Also run a chunk of one micro-batch, to know the time; opens the model's weights. */
  readonly dryRun: boolean;
  readonly badRows: 'skip' | 'stop';
  /** What computes; if nothing is said, the fastest that has been tested on this machine, or the processor. */
  readonly engine?: EngineChoice | null | undefined;
}

export interface PlanTime {
  /** Of an average optimizer step. */
  readonly secondsPerStep: number;
  /** Before the first step, if no reference log-probability is known from an earlier run. */
  readonly secondsReferences: number;
  /** Without evaluations. */
  readonly secondsTotal: number;
  /** Speed of the dry run's matrix products. */
  readonly gflops: number;
}

export interface PlanReport {
  readonly method: 'kto' | 'dpo';
  readonly trainRows: number;
  readonly steps: number;
  readonly longestRowTokens: number;
  readonly trainableParameters: number;
  /** The fastest plan that fits, or the most frugal one. */
  readonly memory: MemoryPlan;
  /** Bytes. */
  readonly estimate: MemoryEstimate;
  readonly budgetBytes: number;
  readonly freeBytes: number;
  readonly fits: boolean;
  /** What the plan needs on a device, and what that has; null (or left out by earlier versions) where the processor computes. */
  readonly deviceMemory?: ChosenPlan['device'];
  /** All plans, fastest first. */
  readonly alternatives: readonly { readonly memory: MemoryPlan; readonly estimate: MemoryEstimate }[];
  readonly engine: EngineName;
  /** The library behind it, with its version. */
  readonly backend: string;
  /** Name of what it computes on, where that is known. */
  readonly device: string | null;
  /** Why it is not the engine that was to be expected, as sentences. */
  readonly engineNotes: readonly string[];
  /** Null without a dry run. */
  readonly time: PlanTime | null;
}
