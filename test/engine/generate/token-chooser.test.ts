import { describe, expect, it } from 'vitest';
import { FormatError } from '#contract/errors.ts';
import { LogitsWarper } from '#engine/generate/logits-warper.ts';
import { DEFAULT_SAMPLING } from '#engine/generate/sampling.ts';
import type { Sampling } from '#engine/generate/sampling.ts';
import { TokenChooser } from '#engine/generate/token-chooser.ts';
import { Random } from '#engine/train/random.ts';

const LOGITS = [0.3, -1.2, 2.1, 1.9, -0.4, 0.8, -3, 1.1];

function chooser(sampling: Partial<Sampling>, { seed = 1, prompt = [] as number[] } = {}): TokenChooser {
  const all = { ...DEFAULT_SAMPLING, ...sampling };
  const random = Random.fromSeed(seed);
  return new TokenChooser(Int32Array.from(prompt), {
    sampling: all,
    warper: new LogitsWarper(all, LOGITS.length),
    random: () => random.uniform(),
  });
}

describe('sampled tokens', () => {
  it.each([
    ['as the model predicts', { temperature: 1, topP: 1 }, [0, 1, 2, 3, 4, 5, 6, 7]],
    ['cooled and cut off', { temperature: 0.6, topP: 0.9, topK: 5 }, [2, 3, 7]],
  ] as const)('come with the exact probabilities, %s', (_, sampling, left) => {
    const temperature = sampling.temperature;
    const weights = left.map((token) => Math.exp((LOGITS[token] as number) / temperature));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const draws = 40_000;
    const counts = new Map<number, number>();
    const own = chooser(sampling);
    for (let i = 0; i < draws; i++) {
      const token = own.choose(Float32Array.from(LOGITS));
      counts.set(token, (counts.get(token) ?? 0) + 1);
    }
    expect([...counts.keys()].toSorted((a, b) => a - b)).toEqual(left);
    const chiSquare = left.reduce<number>((sum, token, i) => {
      const expected = (draws * (weights[i] as number)) / total;
      return sum + ((counts.get(token) ?? 0) - expected) ** 2 / expected;
    }, 0);
    // The 99.9 % quantile for 7 degrees of freedom; for 2 it is 13.8.
    expect(chiSquare).toBeLessThan(left.length === 8 ? 24.3 : 13.8);
  });

  it('are the same for the same seed, and others for another', () => {
    const draw = (seed: number) => {
      const own = chooser({ temperature: 1, topP: 1 }, { seed });
      return Array.from({ length: 30 }, () => own.choose(Float32Array.from(LOGITS)));
    };
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });
});

describe('the greedy choice', () => {
  it('is the first of the most likely tokens, whatever the other settings', () => {
    expect(chooser({ greedy: true, temperature: 5, topK: 1 }).choose(Float32Array.of(0, 4, 4, -1))).toBe(1);
  });

  it('avoids what was in the prompt or chosen before, if repetition is penalised', () => {
    const own = chooser({ greedy: true, repetitionPenalty: 10 }, { prompt: [2] });
    const tokens = [0, 1, 2].map(() => own.choose(Float32Array.from(LOGITS)));
    expect(tokens).toEqual([3, 7, 5]);
  });
});

it('a prediction that is not a number is refused with what to do', () => {
  expect(() => chooser({ greedy: true }).choose(Float32Array.of(1, Number.NaN, 2))).toThrow(FormatError);
  expect(() => chooser({}).choose(Float32Array.of(1, Infinity, 2))).toThrow(
    /weights or the adapter's are damaged\. Download the model again/,
  );
});
