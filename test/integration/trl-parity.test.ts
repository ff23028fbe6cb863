/** @file Whole training runs against TRL 1.13: every logged metric of every step, and the adapter that comes out. */
import { describe, expect, it } from 'vitest';
import { onnxRuntimeBackend } from '#backends/onnxruntime/onnxruntime-backend.ts';
import { loraInputName } from '#engine/model/lora.ts';
import { DPO_LOSS_TYPES } from '#engine/train/dpo-losses.ts';
import type { MemoryPlan } from '#engine/train/memory-plan.ts';
import { readAdapterFolder } from '#io/adapter-folder.ts';
import { goldenDpoRun, goldenKtoRun, runGolden } from '#test/support/golden-run.ts';
import type { Entry, GoldenRun } from '#test/support/golden-run.ts';

/** TRL's own float32 sums differ by this much from any other order of summation; the loop itself adds nothing. */
const EXACT = 1e-5;
const METRIC = 1e-4;
const ADAPTER = 2e-4;

describe.each(['kto_default', 'kto_weighted', 'kto_apo_zero_unpaired'])('the KTO run %s', (name) => {
  // Memory is saved in ways that must not change the numbers; a chunk of 30 tokens holds one row.
  it.each([
    {},
    { chunkTokens: 30 },
    { headGroups: 3 },
    { recompute: true, chunkTokens: 60, headGroups: 2 },
    { rowGradients: false, chunkTokens: 60 },
  ])('reproduces TRL with the memory plan %o', async (memory) => {
    await expect(expectSameRun(await goldenKtoRun(name), memory)).resolves.toBeUndefined();
  });
});

describe('the DPO run', () => {
  it.each(DPO_LOSS_TYPES)('%s reproduces TRL', async (lossType) => {
    await expect(expectSameRun(await goldenDpoRun(lossType), { chunkTokens: 64 })).resolves.toBeUndefined();
  });
});

async function expectSameRun(run: GoldenRun, memory: Partial<MemoryPlan>): Promise<void> {
  const { logs, evaluation, parameters } = await runGolden(run, onnxRuntimeBackend({ threads: 1 }), { memory });
  const expected = run.log.filter((entry) => 'loss' in entry);
  expect(logs).toHaveLength(expected.length);
  expected.forEach((entry, i) => compare(logs[i] as Entry, entry));
  compare(evaluation, run.log.find((entry) => 'eval_loss' in entry) as Entry);

  const final = await readAdapterFolder(run.final);
  for (const [module, { loraA, loraB }] of final.tensors) {
    compareTensor(parameters.get(loraInputName(module, 'lora_A')) as Float32Array, loraA.data);
    compareTensor(parameters.get(loraInputName(module, 'lora_B')) as Float32Array, loraB.data);
  }
}

function compare(got: Entry, expected: Entry): void {
  for (const [key, value] of Object.entries(expected)) {
    if (key.includes('runtime') || key.includes('per_second')) continue;
    const tolerance = ['loss', 'grad_norm', 'learning_rate'].includes(key) ? EXACT : METRIC;
    expect(got).toHaveProperty([key]);
    // A reward is beta times the difference of two log-probabilities of up to 56, which float32 resolves to 4e-6.
    const scale = Math.max(Math.abs(value), key.includes('rewards/') ? 5e-3 : 0);
    expect(Math.abs((got[key] as number) - value), `${key}: got ${got[key]}, expected ${value}`).toBeLessThanOrEqual(tolerance * scale);
  }
  const extra = Object.keys(got).filter((key) => !(key in expected));
  expect(extra).toEqual([]);
}

function compareTensor(got: Float32Array, expected: Float32Array): void {
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-12);
  const worst = expected.reduce((most, value, i) => Math.max(most, Math.abs(value - (got[i] as number))), 0);
  expect(worst / largest).toBeLessThanOrEqual(ADAPTER);
}
