/** @file What generating is asked to do, and what it tells. Plain data. */
import type { Prompt } from '#engine/generate/parse-prompt.ts';
import type { Sampling } from '#engine/generate/sampling.ts';
import type { JsonValue } from '#engine/data/row.ts';

export interface GenerateRequest {
  readonly modelDir: string;
  /** PEFT adapter, or null for the base model. */
  readonly adapterDir: string | null;
  /** Prompts, or the file they are in. */
  readonly prompts: readonly Prompt[] | { readonly file: string };
  readonly sampling: Sampling;
  readonly seed: number;
  readonly cacheDir: string;
}

/** `prompt` counts from 0. */
export type GenerateEvent =
  /** What became certain of an answer. */
  | { readonly kind: 'text'; readonly prompt: number; readonly text: string }
  | {
      readonly kind: 'answer';
      readonly prompt: number;
      /** As it was given. */
      readonly promptValue: JsonValue;
      readonly answer: string;
      readonly tokens: number;
      readonly finishReason: 'stop' | 'length';
    };
