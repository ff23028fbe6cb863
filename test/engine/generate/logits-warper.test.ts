import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LogitsWarper } from '#engine/generate/logits-warper.ts';
import { DEFAULT_SAMPLING } from '#engine/generate/sampling.ts';
import type { Sampling } from '#engine/generate/sampling.ts';
import { penalise } from '#engine/generate/token-chooser.ts';
import { Random } from '#engine/train/random.ts';

interface Golden {
  readonly seen: readonly number[];
  readonly scores: readonly (readonly number[])[];
  readonly warped: readonly {
    readonly settings: Readonly<Record<string, number>>;
    readonly scores: number;
    readonly left: readonly number[];
    readonly probabilities: readonly number[];
  }[];
}

const golden = JSON.parse(await readFile(join(import.meta.dirname, '../../golden/generation/expected.json'), 'utf8')) as Golden;

/** The prediction in which many tokens have the same logit. */
const WITH_EQUALS = 3;

const ALL: Sampling = { ...DEFAULT_SAMPLING, temperature: 1, topK: 0, topP: 1, minP: 0 };

function fromGolden({
  temperature = 1,
  top_k = 0,
  top_p = 1,
  min_p = 0,
  repetition_penalty = 1,
}: Readonly<Record<string, number>>): Sampling {
  return { ...ALL, temperature, topK: top_k, topP: top_p, minP: min_p, repetitionPenalty: repetition_penalty };
}

const ascending = (a: number, b: number) => a - b;

/** @returns probability by token */
function warp(logits: Float32Array, sampling: Sampling): [number, number][] {
  const { tokens, weights, count, totalWeight } = new LogitsWarper(sampling, logits.length).warp(logits);
  return Array.from({ length: count }, (_, i) => [tokens[i] as number, (weights[i] as number) / totalWeight]);
}

describe('the tokens that are left', () => {
  it.each(golden.warped.map((each) => [JSON.stringify(each.settings), each.scores, each] as const))(
    'are those of transformers for %s on prediction %i',
    (_, which, { settings, left, probabilities }) => {
      const sampling = fromGolden(settings);
      const logits = Float32Array.from(golden.scores[which] as readonly number[]);
      penalise(logits, new Set(golden.seen), sampling.repetitionPenalty);
      const got = warp(logits, sampling);
      const [sorted, expected] = [got.map(([, probability]) => probability).toSorted(ascending), probabilities.toSorted(ascending)];
      expect(sorted).toHaveLength(expected.length);
      sorted.forEach((probability, i) => expect(probability).toBeCloseTo(expected[i] as number, 5));
      // Which of several equals top_p drops is up to the sort there.
      const isCertain = which !== WITH_EQUALS || sampling.topP === 1;
      expect(isCertain ? got.map(([token]) => token) : left).toEqual(left);
    },
  );

  it('are those of a plain sort for top_p on large vocabularies, flat and peaked', () => {
    const random = Random.fromSeed(3);
    for (const spread of [0.01, 1, 8, 40]) {
      for (const topP of [0.05, 0.5, 0.95, 0.9999]) {
        const logits = Float32Array.from({ length: 5000 }, () => spread * (random.uniform() + random.uniform() + random.uniform() - 1.5));
        const top = Math.max(...logits);
        const weights = [...logits].map((logit) => Math.exp(logit - top));
        const allowed = (1 - topP) * weights.reduce((sum, weight) => sum + weight, 0);
        const order = [...weights.keys()].toSorted((a, b) => (weights[a] as number) - (weights[b] as number));
        let [dropped, first] = [0, 0];
        while (first < 4999 && dropped + (weights[order[first] as number] as number) <= allowed)
          dropped += weights[order[first++] as number] as number;
        const expected = order.slice(first).toSorted(ascending);
        expect(warp(logits, { ...ALL, topP }).map(([token]) => token)).toEqual(expected);
      }
    }
  });

  it('always include the most likely one', () => {
    const logits = Float32Array.of(-3, 5, 5, -20);
    expect(warp(logits, { ...ALL, topP: 1e-9, temperature: 0.01 })).toEqual([[2, 1]]);
    expect(warp(logits, { ...ALL, minP: 1 })).toEqual([
      [1, 0.5],
      [2, 0.5],
    ]);
    expect(warp(Float32Array.of(1, 2), { ...ALL, topK: 1 })).toEqual([[1, 1]]);
    expect(warp(Float32Array.of(7), { ...ALL, topP: 0.5, minP: 0.5, topK: 3 })).toEqual([[0, 1]]);
  });
});
