/** @file How the next token is chosen: the settings, with Transformers' meaning, and what they may be. */
import { SettingsError } from '#contract/errors.ts';

export interface Sampling {
  readonly maxNewTokens: number;
  /** Always the most likely token; temperature, topK, topP and minP do not matter then. */
  readonly greedy: boolean;
  readonly temperature: number;
  /** Only the k most likely tokens; 0 for all. */
  readonly topK: number;
  /** Only the most likely tokens that together have this probability; 1 for all. */
  readonly topP: number;
  /** Only tokens with at least this share of the most likely one's probability; 0 for all. */
  readonly minP: number;
  /** Logits of tokens that were there before (prompt included) are divided by it, or multiplied where they are negative; 1 for none. */
  readonly repetitionPenalty: number;
}

/** Cuts off what a small model says by mistake only, and leaves the rest as it was trained. */
export const DEFAULT_SAMPLING: Sampling = {
  maxNewTokens: 256,
  greedy: false,
  temperature: 0.7,
  topK: 0,
  topP: 0.95,
  minP: 0,
  repetitionPenalty: 1,
};

/** The settings under their standard names, as records keep them. Those that a greedy choice does not look at are left out. */
export function samplingRecord(sampling: Sampling): Record<string, number | boolean> {
  const { greedy, maxNewTokens, temperature, topK, topP, minP, repetitionPenalty } = sampling;
  const common = { do_sample: !greedy, max_new_tokens: maxNewTokens, repetition_penalty: repetitionPenalty };
  return greedy ? common : { ...common, temperature, top_k: topK, top_p: topP, min_p: minP };
}

interface Rule {
  readonly field: string;
  readonly allowed: string;
  readonly isAllowed: (value: number) => boolean;
}

const RULES: Readonly<Record<Exclude<keyof Sampling, 'greedy'>, Rule>> = {
  maxNewTokens: { field: 'max_new_tokens', allowed: 'a whole number of at least 1', isAllowed: (n) => Number.isInteger(n) && n >= 1 },
  temperature: { field: 'temperature', allowed: 'above 0 (for the most likely token every time, choose greedy)', isAllowed: (t) => t > 0 },
  topK: { field: 'top_k', allowed: 'a whole number of at least 1, or 0 for all tokens', isAllowed: (k) => Number.isInteger(k) && k >= 0 },
  topP: { field: 'top_p', allowed: 'above 0 and at most 1', isAllowed: (p) => p > 0 && p <= 1 },
  minP: { field: 'min_p', allowed: 'from 0 to 1', isAllowed: (p) => p >= 0 && p <= 1 },
  repetitionPenalty: { field: 'repetition_penalty', allowed: 'above 0', isAllowed: (penalty) => penalty > 0 },
};

/** @throws {SettingsError} naming the first setting that can't be */
export function checkSampling(sampling: Sampling): void {
  for (const [key, { field, allowed, isAllowed }] of Object.entries(RULES)) {
    const value = sampling[key as keyof typeof RULES];
    if (Number.isFinite(value) && isAllowed(value)) continue;
    throw new SettingsError(`${field} must be ${allowed}; it is ${value}.`, { field });
  }
}
