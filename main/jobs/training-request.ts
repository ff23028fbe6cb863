/** @file What a training job is asked to do, and what it tells while doing it. Plain data: it crosses process borders. */
import type { EngineChoice, EngineName } from '#contract/engines.ts';
import type { ComputeDtype } from '#engine/graph/compute-dtype.ts';

export interface TrainingRequest {
  /** Hugging Face model folder. */
  readonly modelDir: string;
  /** JSONL (or a JSON array) of examples or pairs. */
  readonly dataFile: string;
  /** Rows to evaluate on; null: `eval_ratio` of the prompts of `dataFile` are held out (none if it is 0). */
  readonly evalDataFile: string | null;
  readonly outDir: string;
  /** Settings as the person wrote them (snake_case), not yet resolved. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** PEFT adapter folder to start from; it is then the reference model too. */
  readonly adapterInitDir: string | null;
  /** Continue from the newest valid checkpoint in `outDir`. */
  readonly resume: boolean;
  /** Where converted weights and their hashes are kept. */
  readonly cacheDir: string;
  /** Memory the run may use, bytes; null for 70 % of what is free when it begins. It never changes the numbers. */
  readonly memoryBudgetBytes: number | null;
  /** Rows that cannot be used: leave them out (they are listed), or stop at the first. */
  readonly badRows: 'skip' | 'stop';
  /** Prompts to answer before training and at each evaluation (at each checkpoint, where there is none); null for none. */
  readonly probePromptsFile: string | null;
  /** As for {@link ScoreRequest}; a resumed run goes on with the engine it was begun with. */
  readonly engine?: EngineChoice | null | undefined;
  /** What products with frozen weights are computed in; null for float32, or what a resumed run was begun with. */
  readonly dtype?: ComputeDtype | null | undefined;
}

export type Phase = 'Preparing data' | 'Loading model' | 'Caching reference log-probabilities' | 'Training' | 'Evaluating' | 'Saving';

export type JobEvent =
  /** Work of a phase, in its unit (rows, bytes, steps, batches); `total` is null while unknown. */
  | {
      readonly kind: 'progress';
      readonly phase: Phase;
      readonly done: number;
      readonly total: number | null;
      readonly unit: 'rows' | 'bytes' | 'steps' | 'batches';
    }
  /** A plain sentence the person should read. */
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'warning'; readonly text: string }
  /** Before training: what is about to run. */
  | {
      readonly kind: 'plan';
      readonly method: 'kto' | 'dpo';
      readonly trainRows: number;
      readonly evalRows: number;
      readonly droppedRows: number;
      readonly truncatedRows: number;
      readonly steps: number;
      readonly stepsDone: number;
      readonly trainableParameters: number;
      readonly longestRowTokens: number;
      /** What computes it, and the name of its device where that is known. */
      readonly engine: EngineName;
      readonly device: string | null;
    }
  /** TRL's log entry of one step. */
  | { readonly kind: 'log'; readonly entry: Readonly<Record<string, number>> }
  | { readonly kind: 'evaluation'; readonly entry: Readonly<Record<string, number>> }
  /** An answer to a probe prompt after `step` steps; 0: before training. */
  | { readonly kind: 'sample'; readonly step: number; readonly prompt: string; readonly answer: string }
  | { readonly kind: 'checkpoint'; readonly step: number; readonly dir: string }
  /** The run was stopped and can be resumed from `checkpointDir` (null: nothing had been computed yet that is worth keeping). */
  | { readonly kind: 'stopped'; readonly step: number; readonly checkpointDir: string | null }
  | { readonly kind: 'finished'; readonly step: number; readonly outDir: string; readonly trainLoss: number };

export interface ScoreRequest {
  readonly modelDir: string;
  readonly adapterDir: string | null;
  readonly dataFile: string;
  readonly maxLength: number | null;
  readonly cacheDir: string;
  /** What computes; if nothing is said, the fastest that has been tested on this machine, or the processor. */
  readonly engine?: EngineChoice | null | undefined;
}

/** Log-probability of a completion: nats, summed over its tokens. */
export interface CompletionScore {
  readonly logp: number;
  readonly tokens: number;
}

/** One line of `prospect score`; `row` counts from 0. */
export type RowScore =
  | ({ readonly row: number } & CompletionScore)
  | { readonly row: number; readonly chosen: CompletionScore; readonly rejected: CompletionScore };
