/**
 * @file Decoding with a cache against the whole sequence computed anew, for every supported architecture: prompts of different lengths in one batch, rows that
 * leave and are taken again, prompts in parts.
 */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { GREEDY, generateAll, openGeneration } from '#test/support/generation.ts';
import { compileLogits } from '#test/support/compile-logits.ts';
import { loadModel } from '#test/support/load-model.ts';
import type { LoadedModel } from '#test/support/load-model.ts';

const GOLDEN = join(import.meta.dirname, '../golden');
/** Relative to the largest logit: only the order of sums differs. */
const TOLERANCE = 2e-5;

const MODELS = [
  ...['llama_gqa_bf16', 'llama3_rope_tied', 'llama_linear_rope_bias', 'mistral_window', 'qwen2_tied_bias', 'qwen3_qknorm'].map(
    (name) => `logits/${name}`,
  ),
  ...['llama_yarn', 'llama_head_dim', 'llama_attention_bias', 'mistral_full_attention', 'qwen2_window_layers', 'qwen3_attention_bias'].map(
    (name) => `logits-variants/${name}`,
  ),
];

/** Token ids without meaning, the same at every run. */
function ids(length: number, seed: number): number[] {
  return Array.from({ length }, (_, i) => 3 + ((i * i * 7 + 11 * i + 13 * seed) % 59));
}

describe('with a cache, logits are those of the whole sequence for', () => {
  it.each(MODELS)('%s', async (name) => {
    const model = await loadModel(join(GOLDEN, name));
    const session = await openGeneration(model);
    const whole = await compileLogits(model);
    const sequences = [ids(30, 1), ids(1, 2), ids(11, 3)].map((prompt, r) => [...prompt, ...ids(8, 10 + r)]);
    const promptLengths = [30, 1, 11];
    const batch = session.startBatch(3, null);
    const expectLogits = async (got: Float32Array[], lengths: readonly number[]) => {
      for (const [r, length] of lengths.entries()) {
        const expected = (await whole.run((sequences[r] as number[]).slice(0, length))).slice(-model.config.vocabSize);
        expect(gap(got[r] as Float32Array, expected), `sequence ${r} after ${length} tokens`).toBeLessThanOrEqual(TOLERANCE);
      }
    };
    await expectLogits(
      await batch.admit(sequences.map((sequence, r) => Int32Array.from(sequence.slice(0, promptLengths[r])))),
      promptLengths,
    );
    for (let step = 0; step < 8; step++) {
      const got = await batch.step(sequences.map((sequence, r) => sequence[(promptLengths[r] as number) + step] as number));
      await expectLogits(
        got,
        promptLengths.map((length) => length + step + 1),
      );
    }
    await session.release();
    await whole.release();
  });

  it('a prompt that is computed in parts, beside rows that left and came', async () => {
    const model = await loadModel(join(GOLDEN, 'logits/mistral_window'));
    const [session, whole] = [
      await openGeneration({ ...model, config: { ...model.config, maxPositions: 2048 } }),
      await compileLogits(model),
    ];
    const long = ids(1100, 5);
    const batch = session.startBatch(3, null);
    await batch.admit([ids(5, 1), ids(9, 2)].map((prompt) => Int32Array.from(prompt)));
    batch.leave(0); // the second is in row 0 now
    const [afterLong] = await batch.admit([Int32Array.from(long)]);
    const got = [await batch.step([4, 5]), await batch.step([6, 7])].at(-1) as Float32Array[];
    const expected = async (sequence: readonly number[]) => (await whole.run(sequence)).slice(-model.config.vocabSize);
    expect(gap(afterLong as Float32Array, await expected(long))).toBeLessThanOrEqual(TOLERANCE);
    expect(gap(got[0] as Float32Array, await expected([...ids(9, 2), 4, 6]))).toBeLessThanOrEqual(TOLERANCE);
    expect(gap(got[1] as Float32Array, await expected([...long, 5, 7]))).toBeLessThanOrEqual(TOLERANCE);
    await session.release();
    await whole.release();
  });
});

describe('greedy answers are those of the whole sequence computed anew', () => {
  it.each(['logits/qwen3_qknorm', 'logits/mistral_window'])(
    'for %s, with more prompts than rows and answers that end early',
    async (name) => {
      const model = await loadModel(join(GOLDEN, name));
      const session = await openGeneration(model);
      const prompts = Array.from({ length: 7 }, (_, i) => ids(3 + ((5 * i) % 17), i));
      const stopIds = new Set([7, 30, 45, 60, 100, 128, 160, 190, 222, 250]);
      const sampling = { ...GREEDY, maxNewTokens: 20 };
      // A cache for three rows: sequences of 18 + 20 tokens have room for 64.
      const { layerCount, keyValueHeads, headDim } = model.config;
      const cacheBytes = 3 * 64 * 2 * layerCount * keyValueHeads * headDim * 4;
      const got = await generateAll(session, prompts, { sampling, stopIds, cacheBytes });
      const expected = await greedyFromScratch(model, prompts, { stopIds, maxNewTokens: 20 });
      expect(got.map(({ ids: answer }) => answer)).toEqual(expected);
      const lengths = new Set(expected.map(({ length }) => length));
      expect(lengths.size).toBeGreaterThan(2);
      expect(got.map(({ reason }) => reason)).toEqual(expected.map((answer) => (stopIds.has(answer.at(-1) as number) ? 'stop' : 'length')));
      await session.release();
    },
  );
});

async function greedyFromScratch(
  model: LoadedModel,
  prompts: readonly (readonly number[])[],
  { stopIds, maxNewTokens }: { stopIds: ReadonlySet<number>; maxNewTokens: number },
): Promise<number[][]> {
  const whole = await compileLogits(model);
  const answers: number[][] = [];
  for (const prompt of prompts) {
    const answer: number[] = [];
    while (answer.length < maxNewTokens && !stopIds.has(answer.at(-1) ?? -1)) {
      const last = (await whole.run([...prompt, ...answer])).slice(-model.config.vocabSize);
      answer.push(last.indexOf(Math.max(...last)));
    }
    answers.push(answer);
  }
  await whole.release();
  return answers;
}

/** The largest difference, relative to the largest value. */
function gap(got: Float32Array, expected: Float32Array): number {
  expect(got).toHaveLength(expected.length);
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return got.reduce((most, value, i) => Math.max(most, Math.abs(value - (expected[i] as number))), 0) / largest;
}
