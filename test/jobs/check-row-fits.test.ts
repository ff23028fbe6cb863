import { describe, expect, it } from 'vitest';
import { OutOfMemoryError } from '#contract/errors.ts';
import { checkRowFits } from '#jobs/check-row-fits.ts';

const GIBIBYTE = 2 ** 30;

describe('checkRowFits', () => {
  it('lets rows pass whose attention fits into the memory there is', () => {
    // (31 + 1) · 4096² · 4 bytes = 2 GiB
    expect(() => checkRowFits(4096, { queryHeads: 31 }, 2 * GIBIBYTE)).not.toThrow();
    expect(() => checkRowFits(1, { queryHeads: 31 })).not.toThrow();
  });

  it('refuses others with what they need and what there is', () => {
    const check = () => checkRowFits(4097, { queryHeads: 31 }, 2 * GIBIBYTE);
    expect(check).toThrow(OutOfMemoryError);
    expect(check).toThrow(
      'The longest row has 4097 tokens, and attention between them needs at least 2.0 GiB of memory; this machine has 2.0 GiB. ' +
        'Set max_length, or leave the row out.',
    );
  });
});
