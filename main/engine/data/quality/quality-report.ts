/** @file What a dataset is made of, in numbers. */
import type { DistinctCount } from './distinct-n.ts';
import type { LengthSummary } from './length-tally.ts';
import type { RepeatedPrompt } from './repeated-prompts.ts';
import type { ScriptShare } from './script-tally.ts';

export interface PlacedRow {
  /** From 0, in the order the rows were added. */
  readonly index: number;
  /** The row's number in its file. */
  readonly row: number;
}

export interface LongRow extends PlacedRow {
  /** Prompt and longer answer. */
  readonly tokens: number;
}

export interface QualityReport {
  readonly rows: number;
  readonly examples: number;
  readonly pairs: number;
  /** Of examples; `share` of desirable among them, null if there are none. */
  readonly labels: { readonly desirable: number; readonly undesirable: number; readonly share: number | null };
  readonly distinctPrompts: number;
  /** Lengths in tokens; of answers each of a pair's two counts, of sequences prompt and answer together. Null without a tokenizer. */
  readonly tokens: TokenLengths | null;
  /** The same in characters, of rows that are text. */
  readonly characters: { readonly prompt: LengthSummary; readonly answer: LengthSummary };
  readonly repeatedPrompts: readonly RepeatedPrompt[];
  readonly scripts: { readonly prompts: readonly ScriptShare[]; readonly answers: readonly ScriptShare[] };
  /** Over all answers of text, and over those of each label (a pair's chosen answer is desirable). */
  readonly distinctN: {
    readonly all: readonly DistinctCount[];
    readonly desirable: readonly DistinctCount[];
    readonly undesirable: readonly DistinctCount[];
  };
}

export interface TokenLengths {
  readonly prompt: LengthSummary;
  readonly answer: LengthSummary;
  readonly sequence: LengthSummary;
  /** Answers by label: a method may learn length where the two differ. */
  readonly answerByLabel: { readonly desirable: LengthSummary; readonly undesirable: LengthSummary };
  /** Rows that `max_length` cuts, and the answer tokens that lose. */
  readonly cut: { readonly rows: number; readonly lostAnswerTokens: number; readonly first: readonly PlacedRow[] };
  /** Rows that are not trained on: their prompt alone fills `max_length`, or an answer has no tokens of its own. */
  readonly dropped: { readonly rows: number; readonly first: readonly PlacedRow[] };
  /** Rows whose tokens could not be counted. */
  readonly uncounted: { readonly rows: number; readonly first: readonly PlacedRow[] };
  /** The longest first. */
  readonly longest: readonly LongRow[];
}
