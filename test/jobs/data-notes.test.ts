import { describe, expect, it } from 'vitest';
import type { TokenisationReport } from '#engine/text/tokenisation-report.ts';
import { dataNotes, skippedNote } from '#jobs/data-notes.ts';

const nothing: TokenisationReport = {
  kept: 3,
  dropped: [],
  truncated: [],
  prefixMismatches: [],
  longestTokens: 9,
  meanPromptTokens: 1,
  meanCompletionTokens: 1,
};
const notes = (report: Partial<TokenisationReport>, { skipped = [] as readonly string[], where = '' } = {}) =>
  dataNotes({ rows: [], hash: '', report: { ...nothing, ...report }, skipped }, where);

describe('dataNotes', () => {
  it('has nothing to say about rows that came through whole', () => {
    expect(notes({})).toEqual([]);
  });

  it('names what was dropped, cut, skipped or merged, one or many', () => {
    const dropped = [{ row: 3, reason: 'too long' }];
    const truncated = [1, 2].map((row) => ({
      row,
      side: 'chosen' as const,
      promptTokens: 4,
      completionTokens: 9,
      keptCompletionTokens: 5,
    }));
    expect(notes({ dropped, truncated, prefixMismatches: [7] }, { skipped: ['Row 9 is odd.'], where: ' of the evaluation set' })).toEqual([
      '1 row of the evaluation set was skipped: Row 9 is odd.',
      '1 row of the evaluation set was dropped: row 3 (too long).',
      '2 answers of the evaluation set were cut to max_length: row 1 (5 of 9 chosen tokens kept); row 2 (5 of 9 chosen tokens kept).',
      "In 1 row of the evaluation set the tokenizer merges the end of the prompt with the answer, which shifts the answer's tokens as it does in TRL: row 7.",
    ]);
  });

  it('names the first few of many', () => {
    const dropped = Array.from({ length: 8 }, (_, i) => ({ row: i + 1, reason: 'r' }));
    expect(notes({ dropped })).toEqual(['8 rows were dropped: row 1 (r); row 2 (r); row 3 (r); row 4 (r); row 5 (r); and 3 more.']);
  });
});

describe('skippedNote', () => {
  it('joins sentences without doubling their full stops', () => {
    expect(skippedNote('/data/d.jsonl', ['Row 1 is odd.', 'Row 2 is odd.'])).toBe(
      '2 rows of d.jsonl were skipped: Row 1 is odd; Row 2 is odd.',
    );
  });
});
