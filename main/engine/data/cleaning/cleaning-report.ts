/** @file What cleaning found in a dataset, and what the person may choose. */
import type { VerdictCode, Verdicts } from './verdicts.ts';

/** For one conflict, by its key: the side that is right, or neither. */
export type ConflictDecision = 'first' | 'second' | 'neither';

export interface CleaningChoices {
  /** merge: a row that says the same again is merged into the first. keep: every copy is trained on. */
  readonly duplicates: 'merge' | 'keep';
  /** near: rows that are equal after normalisation count as the same. exact: only equal rows do. */
  readonly compare: 'near' | 'exact';
  /** neither: all rows of a conflict are left out. majority: the side with more rows stays, on a tie neither. ask: pending until decided. */
  readonly conflicts: 'neither' | 'majority' | 'ask';
  readonly emptyAnswers: 'leave-out' | 'keep';
  /** Go before `conflicts`; keys are those of `Conflict`, which depend on the rows' texts only. */
  readonly decisions?: ReadonlyMap<number, ConflictDecision>;
}

export const DEFAULT_CHOICES: CleaningChoices = { duplicates: 'merge', compare: 'near', conflicts: 'ask', emptyAnswers: 'leave-out' };

export interface ConflictSide {
  readonly rows: number;
  /** Indices of the first rows that say so, at most five. */
  readonly firstIndices: readonly number[];
}

/** One prompt and completion labelled both ways (first: desirable), or one prompt's two answers preferred both ways. */
export interface Conflict {
  readonly key: number;
  readonly first: ConflictSide;
  readonly second: ConflictSide;
  /** Null while it is pending. */
  readonly decision: ConflictDecision | null;
}

export interface CleaningReport {
  readonly verdicts: Verdicts;
  readonly rows: number;
  readonly kept: number;
  /** Rows of each verdict. */
  readonly counts: Readonly<Record<VerdictCode, number>>;
  /** Indices of the first rows of each verdict, at most ten. */
  readonly samples: Readonly<Record<VerdictCode, readonly number[]>>;
  /** Merged rows by their label; both 0 for pairs. */
  readonly merged: { readonly desirable: number; readonly undesirable: number };
  /** Kept rows that stand for most rows, the most first, at most ten. */
  readonly mostRepeated: readonly { readonly index: number; readonly rows: number }[];
  readonly conflictCount: number;
  /** In the order of their first rows, pending ones first; at most as many as were asked for. */
  readonly conflicts: readonly Conflict[];
}
