import { describe, expect, it } from 'vitest';
import { SettingsError } from '#contract/errors.ts';
import { truncateSequence } from '#engine/text/truncate-sequence.ts';
import type { TruncationMode } from '#engine/text/truncate-sequence.ts';

function truncate(prompt: number[], completion: number[], maxLength: number | null, truncationMode: TruncationMode = 'keep_start') {
  const { ids, completionStart } = truncateSequence({
    promptIds: Int32Array.from(prompt),
    completionIds: Int32Array.from(completion),
    maxLength,
    truncationMode,
  });
  return { ids: [...ids], completionStart };
}

describe('truncateSequence', () => {
  it('joins prompt and completion when they fit', () => {
    expect(truncate([1, 2], [3, 4], 4)).toEqual({ ids: [1, 2, 3, 4], completionStart: 2 });
    expect(truncate([1, 2], [3, 4], null)).toEqual({ ids: [1, 2, 3, 4], completionStart: 2 });
  });

  it('drops the end of the completion under keep_start', () => {
    expect(truncate([1, 2], [3, 4, 5], 3)).toEqual({ ids: [1, 2, 3], completionStart: 2 });
  });

  it('leaves no completion under keep_start when the prompt fills max_length', () => {
    expect(truncate([1, 2, 3], [4], 3)).toEqual({ ids: [1, 2, 3], completionStart: 3 });
    expect(truncate([1, 2, 3], [4], 2)).toEqual({ ids: [1, 2], completionStart: 2 });
  });

  it('drops the start of the prompt under keep_end', () => {
    expect(truncate([1, 2, 3], [4, 5], 3, 'keep_end')).toEqual({ ids: [3, 4, 5], completionStart: 1 });
  });

  it('drops the start of the completion too under keep_end when it alone is too long', () => {
    expect(truncate([1], [2, 3, 4], 2, 'keep_end')).toEqual({ ids: [3, 4], completionStart: 0 });
  });

  it('takes an empty prompt', () => {
    expect(truncate([], [7, 8], 5)).toEqual({ ids: [7, 8], completionStart: 0 });
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses max_length %s', (maxLength) => {
    expect(() => truncate([1], [2], maxLength)).toThrow(SettingsError);
  });
});
