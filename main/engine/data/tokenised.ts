/**
 * @file What tokenisation hands to training: token ids only, one object per row that was kept. Sequences are whole here;
 * truncation to `max_length` happens when a batch is built (see `#engine/text/truncate-sequence.ts`).
 */

/** One KTO example: a prompt, a completion and whether that completion is desirable. */
export interface TokenisedExample {
  /** 1-based row of the file this came from; both halves of an unpaired pair carry the same number. */
  readonly row: number;
  /** Prompt token ids, shape `[P]`; empty when the row has no prompt. */
  readonly promptIds: Int32Array;
  /** Completion token ids with the end-of-sequence token, shape `[C]`, C ≥ 1. */
  readonly completionIds: Int32Array;
  /** `true` = desirable. */
  readonly label: boolean;
}

/** One DPO pair: a prompt and the two completions that were compared. */
export interface TokenisedPair {
  /** 1-based row of the file this came from. */
  readonly row: number;
  /** Prompt token ids, shape `[P]`; empty when the row has no prompt. */
  readonly promptIds: Int32Array;
  /** Preferred completion, shape `[C]`, C ≥ 1. */
  readonly chosenIds: Int32Array;
  /** Rejected completion, shape `[R]`, R ≥ 1. */
  readonly rejectedIds: Int32Array;
}

export type TokenisedRow = TokenisedExample | TokenisedPair;

/** Tells a pair from an example without another tag field on every row. */
export function isTokenisedPair(row: TokenisedRow): row is TokenisedPair {
  return 'chosenIds' in row;
}
