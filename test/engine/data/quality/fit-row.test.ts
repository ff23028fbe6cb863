import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitRow } from '#engine/data/quality/fit-row.ts';
import { tokenExample } from '#test/support/dataset-rows.ts';
import { tokeniseDataset } from '#engine/text/tokenise-dataset.ts';
import type { TextTokenizer } from '#engine/text/tokenizer.ts';
import { truncateSequence } from '#engine/text/truncate-sequence.ts';

const length = fc.nat(12);
const limit = fc.record({
  maxLength: fc.option(fc.integer({ min: 1, max: 14 })),
  truncationMode: fc.constantFrom('keep_start' as const, 'keep_end' as const),
});

describe('fitRow', () => {
  it('drops and cuts the rows that tokenising drops and cuts, by as many tokens', async () => {
    await fc.assert(
      fc.asyncProperty(length, length, limit, async (prompt, answer, limits) => {
        const row = tokenExample(new Array<number>(prompt).fill(1), new Array<number>(answer).fill(1));
        const options = { ...limits, tokenizer: {} as TextTokenizer, file: 'rows.jsonl', vocabSize: 2 };
        const { rows, report } = await tokeniseDataset([row], options);
        const fit = fitRow({ prompt, answers: [answer] }, limits);
        expect(fit.fit === 'dropped').toBe(rows.length === 0);
        expect(fit.fit === 'cut').toBe(report.truncated.length === 1);
        const [kept] = rows;
        if (kept === undefined) return;
        const { ids, completionStart } = truncateSequence({ ...limits, promptIds: kept.promptIds, completionIds: kept.completionIds });
        expect(fit.lostAnswerTokens).toBe(answer - (ids.length - completionStart));
      }),
    );
  });

  it('counts what both answers of a pair lose', () => {
    expect(fitRow({ prompt: 4, answers: [2, 9] }, { maxLength: 5, truncationMode: 'keep_start' })).toEqual({
      fit: 'cut',
      lostAnswerTokens: 9,
    });
    expect(fitRow({ prompt: 4, answers: [2, 9] }, { maxLength: 5, truncationMode: 'keep_end' })).toEqual({
      fit: 'cut',
      lostAnswerTokens: 4,
    });
  });
});
