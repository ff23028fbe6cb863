import { expect, it } from 'vitest';
import { SettingsError } from '#contract/errors.ts';
import { checkSampling, DEFAULT_SAMPLING, samplingRecord } from '#engine/generate/sampling.ts';

it.each([
  [{ temperature: 0 }, 'temperature must be above 0 (for the most likely token every time, choose greedy); it is 0.'],
  [{ temperature: Number.NaN }, 'temperature must be above 0 (for the most likely token every time, choose greedy); it is NaN.'],
  [{ topK: 2.5 }, 'top_k must be a whole number of at least 1, or 0 for all tokens; it is 2.5.'],
  [{ topP: 0 }, 'top_p must be above 0 and at most 1; it is 0.'],
  [{ topP: 1.1 }, 'top_p must be above 0 and at most 1; it is 1.1.'],
  [{ minP: -0.1 }, 'min_p must be from 0 to 1; it is -0.1.'],
  [{ repetitionPenalty: 0 }, 'repetition_penalty must be above 0; it is 0.'],
  [{ maxNewTokens: 0 }, 'max_new_tokens must be a whole number of at least 1; it is 0.'],
])('%o is refused in one sentence', (change, message) => {
  expect(() => checkSampling({ ...DEFAULT_SAMPLING, ...change })).toThrow(
    new SettingsError(message, { field: message.split(' ')[0] ?? '' }),
  );
});

it('the defaults and the ends of the ranges can be used', () => {
  expect(() => checkSampling(DEFAULT_SAMPLING)).not.toThrow();
  expect(() => checkSampling({ ...DEFAULT_SAMPLING, topP: 1, minP: 1, topK: 1, maxNewTokens: 1 })).not.toThrow();
});

it('a record has the standard names, and of a greedy choice only what matters to it', () => {
  expect(samplingRecord({ ...DEFAULT_SAMPLING, greedy: true })).toEqual({ do_sample: false, max_new_tokens: 256, repetition_penalty: 1 });
  expect(samplingRecord(DEFAULT_SAMPLING)).toMatchObject({ do_sample: true, temperature: 0.7, top_k: 0, top_p: 0.95, min_p: 0 });
});
