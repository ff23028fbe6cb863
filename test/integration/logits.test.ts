/** @file Logits of every supported architecture against transformers, on tiny random models. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSafetensorsHeader } from '#io/safetensors/read-header.ts';
import { readTensorAsFloat32 } from '#io/safetensors/read-tensor.ts';
import { compileLogits } from '#test/support/compile-logits.ts';
import { loadModel } from '#test/support/load-model.ts';

const FOLDER = join(import.meta.dirname, '../golden/logits');
/** Relative to the largest logit; weights are exact in float32 however they are stored, so only the order of sums differs. */
const TOLERANCE = 2e-5;

const VARIANTS = ['llama_gqa_bf16', 'llama3_rope_tied', 'llama_linear_rope_bias', 'mistral_window', 'qwen2_tied_bias', 'qwen3_qknorm'];

describe('logits agree with transformers for', () => {
  it.each(VARIANTS)('%s', async (variant) => {
    const dir = join(FOLDER, variant);
    const expected = JSON.parse(await readFile(join(dir, 'expected.json'), 'utf8')) as {
      input_ids: number[];
      greedy_prompt_tokens: number;
      greedy_new_tokens: number[];
    };
    const model = await loadModel(dir);
    const reference = await readTensorAsFloat32(await readSafetensorsHeader(join(dir, 'expected_logits.safetensors')), 'logits');
    const logits = await compileLogits(model);

    const got = await logits.run(expected.input_ids);
    const largest = reference.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const worst = got.reduce((most, value, i) => Math.max(most, Math.abs(value - (reference[i] as number))), 0);
    expect(got).toHaveLength(reference.length);
    expect(worst / largest).toBeLessThanOrEqual(TOLERANCE);

    // The greedy continuation, token by token from scratch.
    const ids = expected.input_ids.slice(0, expected.greedy_prompt_tokens);
    for (const token of expected.greedy_new_tokens) {
      const last = (await logits.run(ids)).slice(-model.config.vocabSize);
      expect(last.indexOf(Math.max(...last))).toBe(token);
      ids.push(token);
    }
    await logits.release();
  });
});
