/**
 * @file What tokenisation did to a dataset, row by row where something was lost: nothing is dropped or cut in silence.
 */

export interface DroppedRow {
  readonly row: number;
  /** Part of a sentence: "the prompt alone has 130 tokens and max_length is 128". */
  readonly reason: string;
}

export interface TruncatedRow {
  readonly row: number;
  readonly side: 'completion' | 'chosen' | 'rejected';
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** Completion tokens that will be trained on. */
  readonly keptCompletionTokens: number;
}

export interface TokenisationReport {
  /** Rows that will be trained on. */
  readonly kept: number;
  readonly dropped: readonly DroppedRow[];
  /** Sequences longer than `max_length`; they are cut when a batch is built. */
  readonly truncated: readonly TruncatedRow[];
  /** Rows in which tokens merged across the end of the prompt. */
  readonly prefixMismatches: readonly number[];
  /** Longest prompt + completion of a kept row, before truncation. */
  readonly longestTokens: number;
  /** Mean prompt length of the kept rows, in tokens. */
  readonly meanPromptTokens: number;
  /** Mean completion length of the kept rows (both sides of a pair), in tokens. */
  readonly meanCompletionTokens: number;
}
