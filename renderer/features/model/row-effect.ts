/** @file What a limit does to rows, told from how many there are of each length. */
import type { LengthCounts, LengthReport } from '#contract/models.ts';

export interface RowEffect {
  /** Rows that lose the end of their answer. */
  readonly cut: number;
  /** Rows whose prompt alone fills the limit. */
  readonly dropped: number;
  readonly total: number;
}

/** @param limit - tokens; prompt and answer together are cut to it */
export function effectOf({ sequenceCounts, promptCounts, sequence }: LengthReport, limit: number): RowEffect {
  const dropped = countFrom(promptCounts, limit);
  // Whatever is dropped is longer than the limit, too: its answer has at least one token.
  return { cut: countFrom(sequenceCounts, limit + 1) - dropped, dropped, total: sequence.count };
}

/** Rows of at least so many tokens. */
function countFrom(counts: LengthCounts, least: number): number {
  return counts.reduce((sum, [tokens, rows]) => (tokens >= least ? sum + rows : sum), 0);
}
