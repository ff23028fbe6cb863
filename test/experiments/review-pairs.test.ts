import { describe, expect, it } from 'vitest';
import { desirable, readPairs, undesirable, withNoise } from './review-pairs.ts';
import { suggestWeights } from './suggested-weights.ts';
import { cutAsTrl08 } from './trl-08-rows.ts';

const pairs = readPairs('reviewer2-eval-paired');

describe('noise', () => {
  it('exchanges the answers of just that share of the pairs, the same ones each time', () => {
    const noisy = withNoise(pairs, 0.2, 7);
    const exchanged = noisy.filter((pair, i) => pair.chosen === pairs[i]?.rejected && pair.rejected === pairs[i]?.chosen);
    expect(exchanged).toHaveLength(20);
    expect(noisy.filter((pair, i) => pair.chosen === pairs[i]?.chosen)).toHaveLength(80);
    expect(withNoise(pairs, 0.2, 7)).toEqual(noisy);
    expect(withNoise(pairs, 0, 7)).toEqual(pairs);
  });
});

describe('the weights of the helper', () => {
  it('raise the rarer label to between 1 and 4/3 of the other', () => {
    const rows = [...pairs.slice(0, 10).map(desirable), ...pairs.slice(10).map(undesirable)];
    expect(suggestWeights(rows)).toEqual({ desirable_weight: 10.48 });
    expect(suggestWeights(rows.map(({ label, ...row }) => ({ ...row, label: !label })))).toEqual({
      undesirable_weight: expect.any(Number) as number,
    });
  });
});

describe('rows cut as TRL 0.8 did', () => {
  it('lose their answers where the limits are swapped, and keep them where rows fit', async () => {
    const swapped = (await cutAsTrl08(pairs, 'kto', { maxLength: 64, maxPromptLength: 128 })) as { completion_ids: number[] }[];
    expect(swapped).toHaveLength(200);
    expect(swapped.filter(({ completion_ids: ids }) => ids.length < 10).length).toBeGreaterThan(20);
    const roomy = (await cutAsTrl08(pairs, 'dpo', { maxLength: 512, maxPromptLength: 128 })) as {
      chosen_ids: number[];
      prompt_ids: number[];
    }[];
    expect(roomy).toHaveLength(100);
    for (const { chosen_ids: ids, prompt_ids: prompt } of roomy) expect([ids.at(-1), prompt[0]]).toEqual([2, 1]);
  });
});
