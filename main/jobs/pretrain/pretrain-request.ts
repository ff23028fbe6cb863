/** @file What a pretraining job is asked to do, and what it tells while doing it. Plain data. */

export interface PretrainRequest {
  /** JSON with `model` (the fields of config.json) and `training` (settings). */
  readonly configFile: string;
  /** Texts to learn from: records with `messages` or `text`. */
  readonly dataFile: string;
  /** Texts to evaluate on, or null. */
  readonly evalDataFile: string | null;
  /** The model's folder. */
  readonly outDir: string;
  /** Continue from the newest checkpoint in `outDir`. */
  readonly resume: boolean;
  /** Threads of one operation, or null for the number of cores. It never changes the numbers. */
  readonly threads: number | null;
}

export type PretrainJobEvent =
  | {
      readonly kind: 'progress';
      readonly phase: 'Reading texts' | 'Learning the tokenizer' | 'Tokenising' | 'Pretraining' | 'Evaluating';
      readonly done: number;
      readonly total: number | null;
      readonly unit: 'rows' | 'steps' | 'batches';
    }
  | {
      readonly kind: 'plan';
      readonly documents: number;
      readonly tokens: number;
      readonly evalDocuments: number;
      readonly cutDocuments: number;
      readonly vocabSize: number;
      readonly parameters: number;
      readonly steps: number;
      readonly stepsDone: number;
    }
  | { readonly kind: 'log'; readonly entry: Readonly<Record<string, number>> }
  | { readonly kind: 'evaluation'; readonly entry: Readonly<Record<string, number>> }
  | { readonly kind: 'checkpoint'; readonly step: number; readonly file: string }
  /** `checkpoint` is null if no step had been done. */
  | { readonly kind: 'stopped'; readonly step: number; readonly checkpoint: string | null }
  /** `sha256` of the model file. */
  | { readonly kind: 'finished'; readonly step: number; readonly outDir: string; readonly sha256: string };
