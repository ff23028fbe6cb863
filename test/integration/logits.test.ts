/** @file Logits of every supported architecture against transformers, on tiny random models. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { onnxRuntimeBackend } from '#backends/onnxruntime/onnxruntime-backend.ts';
import { makeGraph } from '#engine/graph/graph.ts';
import { decoder } from '#engine/model/decoder.ts';
import { allLogits } from '#engine/model/head.ts';
import { noAdapters } from '#engine/model/lora.ts';
import { packTrees } from '#engine/model/pack-trees.ts';
import { distinctWindows, streamFeeds, streamInputs } from '#engine/model/stream-inputs.ts';
import { readSafetensorsHeader } from '#io/safetensors/read-header.ts';
import { readTensorAsFloat32 } from '#io/safetensors/read-tensor.ts';
import { loadModel } from '#test/support/load-model.ts';
import type { LoadedModel } from '#test/support/load-model.ts';

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
    const logits = await computeLogits(model);

    const got = await logits(expected.input_ids);
    const largest = reference.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const worst = got.reduce((most, value, i) => Math.max(most, Math.abs(value - (reference[i] as number))), 0);
    expect(got).toHaveLength(reference.length);
    expect(worst / largest).toBeLessThanOrEqual(TOLERANCE);

    // The greedy continuation, token by token from scratch.
    const ids = expected.input_ids.slice(0, expected.greedy_prompt_tokens);
    for (const token of expected.greedy_new_tokens) {
      const last = (await logits(ids)).slice(-model.config.vocabSize);
      expect(last.indexOf(Math.max(...last))).toBe(token);
      ids.push(token);
    }
  });
});

async function computeLogits({ config, weights }: LoadedModel): Promise<(ids: readonly number[]) => Promise<Float32Array>> {
  const inputs = streamInputs(config, 'policy');
  const { policy } = decoder(config, { inputs, adapters: noAdapters }, null);
  const executable = await onnxRuntimeBackend({ threads: 1 }).compile(makeGraph({ logits: allLogits(config, policy) }), weights);
  return async (ids) => {
    const packed = packTrees([[{ ids: Int32Array.from(ids), parent: null, stream: 'policy', row: 0 }]], distinctWindows(config), 1);
    const feeds = streamFeeds(config, 'policy', packed.policy, { treeCount: 1, rowCount: 1, longestRow: ids.length });
    return (await executable.run(feeds))['logits']?.data as Float32Array;
  };
}
