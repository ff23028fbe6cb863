/** @file What a plan says, what it refuses, and what it may use. */
import { freemem } from 'node:os';
import { beforeAll, describe, expect, it } from 'vitest';
import { onnxRuntimeBackend } from '#backends/onnxruntime/onnxruntime-backend.ts';
import { OutOfMemoryError } from '#contract/errors.ts';
import { parseRow } from '#engine/data/parse-row.ts';
import { linearModules } from '#engine/model/model-tensors.ts';
import { gradientShape } from '#engine/train/heaviest-batch.ts';
import { choosePlan, memoryPlans } from '#engine/train/memory-estimate.ts';
import type { EstimateOptions } from '#engine/train/memory-estimate.ts';
import type { MemoryPlan } from '#engine/train/memory-plan.ts';
import { resolveSettings } from '#engine/train/resolve-settings.ts';
import { freshAdapter } from '#jobs/initial-adapter.ts';
import { checkModel } from '#jobs/open-model.ts';
import { estimateOptions, planNote, planRun, refuseHopelessPlan } from '#jobs/plan-run.ts';
import type { RunPlan } from '#jobs/plan-run.ts';
import { prepareData } from '#jobs/prepare-data.ts';
import { BASE_MODEL, tokenExamples, tokenPairs } from '#test/support/training-runs.ts';

const GIB = 2 ** 30;
const FASTEST: MemoryPlan = { chunkTokens: 1024, headGroups: 1, recompute: false, rowGradients: true };

interface Changes {
  readonly memory?: Partial<MemoryPlan>;
  readonly fits?: boolean;
  readonly freeBytes?: number;
}

/** 5 GiB in all, 2 of them weights, of a budget of 6. */
function runPlan({ memory = {}, fits = true, freeBytes = 8 * GIB }: Changes = {}): RunPlan {
  const parts = { weights: 2 * GIB, activations: 2 * GIB, adapter: GIB / 2, rows: GIB / 4, runtime: GIB / 4 };
  return { memory: { ...FASTEST, ...memory }, estimate: { ...parts, total: 5 * GIB }, fits, budgetBytes: 6 * GIB, freeBytes };
}

describe('the note on a plan', () => {
  const NEEDS = "it then needs about 5.0 GiB of memory, of which 2.0 GiB are the model's weights. The results are the same.";

  it('is left out for the fastest plan', () => {
    expect(planNote(runPlan())).toBeNull();
    expect(planNote(runPlan({ memory: { headGroups: 4 } }))).toBeNull();
  });

  it.each([
    [{ chunkTokens: 256 }, 'chunks of 256 tokens'],
    [{ chunkTokens: 512, recompute: true }, 'chunks of 512 tokens and computing layers again in the backward pass'],
    [{ chunkTokens: 128, rowGradients: false }, 'chunks of 128 tokens and computing z0 beforehand'],
    [
      { chunkTokens: 64, recompute: true, rowGradients: false },
      'chunks of 64 tokens and computing layers again in the backward pass and computing z0 beforehand',
    ],
  ])('says what %j saves memory by', (memory, savings) => {
    expect(planNote(runPlan({ memory }))).toBe(`To stay within 6.0 GiB, the run saves memory by ${savings}; ${NEEDS}`);
  });

  it.each([
    [{ recompute: true }, 'computing layers again in the backward pass'],
    [{ rowGradients: false }, 'computing z0 beforehand'],
  ])('does not call full chunks a saving beside %j', (memory, savings) => {
    expect(planNote(runPlan({ memory }))).toBe(`To stay within 6.0 GiB, the run saves memory by ${savings}; ${NEEDS}`);
  });

  it('warns where even the most frugal plan is too large', () => {
    expect(planNote(runPlan({ memory: { chunkTokens: 64, recompute: true }, fits: false }))).toBe(
      "Even the most frugal plan needs about 5.0 GiB of memory, of which 2.0 GiB are the model's weights; the budget is 6.0 GiB. " +
        'The run may be slow or be stopped by the system.',
    );
  });
});

describe('a hopeless plan', () => {
  it('is one whose private memory is more than is free', () => {
    const refused = () => refuseHopelessPlan(runPlan({ fits: false, freeBytes: 3 * GIB - 1 }));
    expect(refused).toThrow(OutOfMemoryError);
    expect(refused).toThrow(
      "This run needs at least 3.0 GiB of memory besides the model's weights, and 3.0 GiB are free. " +
        'Close other programs, lower per_device_train_batch_size or max_length, or use a smaller model.',
    );
    expect(refused).toThrow(expect.objectContaining({ details: { neededBytes: 3 * GIB, availableBytes: 3 * GIB - 1 } }) as Error);
  });

  it('is not one that fits its budget, nor one for which only the weights are too large', () => {
    expect(() => refuseHopelessPlan(runPlan({ fits: false, freeBytes: 3 * GIB }))).not.toThrow();
    expect(() => refuseHopelessPlan(runPlan({ freeBytes: GIB }))).not.toThrow();
  });
});

describe.each(['kto', 'dpo'] as const)('of a %s run', (method) => {
  const { settings } = resolveSettings({ method, per_device_train_batch_size: 4, eval_ratio: 0.25 });
  let options: EstimateOptions;
  let rowTokens: number;

  beforeAll(async () => {
    const rows = (method === 'kto' ? tokenExamples(12) : tokenPairs(12)).map((row, i) => parseRow(row, { file: 'rows.jsonl', row: i + 1 }));
    const place = { modelDir: BASE_MODEL, vocabSize: 259, startedAt: new Date(0), badRows: 'stop' as const };
    const data = await prepareData({ file: 'rows.jsonl', rows }, null, { settings, ...place });
    const model = await checkModel(BASE_MODEL);
    const { modules } = freshAdapter({ dir: BASE_MODEL, linear: linearModules(model.config) }, settings);
    options = estimateOptions(onnxRuntimeBackend(), model, modules, { data, settings });
    rowTokens = options.rowTokens;
  });

  it('the estimate knows every weight as float32, the rows, and how gradients are computed', () => {
    const bytes = [...options.weights.values()].map(({ byteLength, shape }) => byteLength === 4 * shape.reduce((a, b) => a * b, 1));
    expect(bytes.length).toBeGreaterThan(18);
    expect(bytes.every(Boolean)).toBe(true);
    expect(options.shape).toEqual(gradientShape(settings));
    expect(options.batch).toHaveLength(4);
    // 12 rows of at least 5 tokens each, held-out ones included
    expect(rowTokens).toBeGreaterThan(12 * 5);
  });

  it('70 % of what is free is the budget, unless another is given', () => {
    const before = freemem();
    const plan = planRun(options, null);
    expect(plan.budgetBytes).toBe(Math.floor(0.7 * plan.freeBytes));
    expect(Math.abs(plan.freeBytes - before)).toBeLessThan(before / 2);
    expect(planRun(options, 123_456_789).budgetBytes).toBe(123_456_789);
  });

  it('the plan is the fastest that fits the budget', () => {
    const [fastest] = memoryPlans(options.config.vocabSize, options.shape);
    expect(planRun(options, 1e12)).toMatchObject({ memory: fastest, fits: true });
    expect(planRun(options, 1)).toMatchObject({ ...choosePlan(options, 1), fits: false, budgetBytes: 1 });
  });
});
