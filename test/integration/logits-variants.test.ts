/** @file Logits against transformers for configurations off the beaten track: rare rope types, biases, windows, old config.json, tied weights. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ModelConfig } from '#engine/model/model-config.ts';
import { readSafetensorsHeader } from '#io/safetensors/read-header.ts';
import { readTensorAsFloat32 } from '#io/safetensors/read-tensor.ts';
import { compileLogits } from '#test/support/compile-logits.ts';
import { loadModel } from '#test/support/load-model.ts';

const FOLDER = join(import.meta.dirname, '../golden/logits-variants');
/** Relative to the largest logit, as in logits.test.ts: only the order of sums differs. */
const TOLERANCE = 2e-5;

/** By variant, settings without what makes it special: with these the logits must come out wrong, or nothing was compared. */
const VARIANTS: Readonly<Record<string, Partial<ModelConfig> | null>> = {
  llama_yarn: { rope: { type: 'default', theta: 10_000 } },
  llama_dynamic_rope: { rope: { type: 'default', theta: 10_000 } },
  llama_head_dim: { rope: { type: 'default', theta: 500 } },
  llama_attention_bias: { outputBias: false },
  mistral_full_attention: { slidingWindows: [16, 16] },
  qwen2_window_layers: { slidingWindows: [null, null] },
  qwen3_attention_bias: { qkvBias: false },
  // The file has one tensor for two places; another model has none to compare with.
  llama_tied_head_only: null,
  llama_old_config: { rope: { type: 'linear', theta: 10_000, factor: 2 } },
  qwen2_old_yarn: { rope: { type: 'default', theta: 1_000_000 } },
};

describe('the logits of', () => {
  it.each(Object.keys(VARIANTS))('%s agree with transformers', async (variant) => {
    const gaps = await relativeGaps(variant, {});
    expect(gaps.length).toBeGreaterThan(0);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(TOLERANCE);
  });

  const spoiled = Object.entries(VARIANTS).filter((entry): entry is [string, Partial<ModelConfig>] => entry[1] !== null);
  it.each(spoiled)('%s would not without what makes it special', async (variant, changes) => {
    const [gap] = await relativeGaps(variant, changes);
    expect(gap).toBeGreaterThan(100 * TOLERANCE);
  });
});

/** @returns by sequence, the largest difference relative to the largest logit */
async function relativeGaps(variant: string, changes: Partial<ModelConfig>): Promise<number[]> {
  const dir = join(FOLDER, variant);
  const { config, weights } = await loadModel(dir);
  const { sequences } = JSON.parse(await readFile(join(dir, 'expected.json'), 'utf8')) as { sequences: readonly (readonly number[])[] };
  const header = await readSafetensorsHeader(join(dir, 'expected_logits.safetensors'));
  const logits = await compileLogits({ config: { ...config, ...changes }, weights });
  const gaps: number[] = [];
  for (const [i, ids] of sequences.entries()) {
    const expected = await readTensorAsFloat32(header, `logits.${i}`);
    const got = await logits.run(ids);
    expect(got).toHaveLength(expected.length);
    const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    gaps.push(got.reduce((most, value, k) => Math.max(most, Math.abs(value - (expected[k] as number))), 0) / largest);
  }
  await logits.release();
  return gaps;
}
