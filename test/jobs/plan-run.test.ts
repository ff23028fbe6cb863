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
  readonly device?: RunPlan['device'];
}

/** 5 GiB in all, 2 of them weights, of a budget of 6. */
function runPlan({ memory = {}, fits = true, freeBytes = 8 * GIB, device = null }: Changes = {}): RunPlan {
  const parts = { weights: 2 * GIB, activations: 2 * GIB, adapter: GIB / 2, rows: GIB / 4, runtime: GIB / 4 };
  return { memory: { ...FASTEST, ...memory }, estimate: { ...parts, total: 5 * GIB }, fits, budgetBytes: 6 * GIB, freeBytes, device };
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

describe('a plan for a device of its own', () => {
  const device = (memoryBytes: number | null, bufferBytes: number | null): RunPlan['device'] => ({
    needs: { weights: 4 * GIB, activations: 2 * GIB, largestWeight: GIB / 2, largestValue: GIB },
    limits: { memoryBytes, bufferBytes },
  });

  it.each([
    [5 * GIB, null, 'about 6.0 GiB in all (it has 5.0 GiB) and 1.0 GiB in one piece.'],
    [null, GIB / 2, 'about 6.0 GiB in all and 1.0 GiB in one piece (it allows 0.5 GiB).'],
  ])('warns where %s bytes of memory or %s in one piece are too little', (memoryBytes, bufferBytes, words) => {
    const note = planNote(runPlan({ fits: false, device: device(memoryBytes, bufferBytes) }));
    expect(note).toContain(words);
    expect(note).toContain('--engine onnx:cpu');
  });

  it('says what it saves memory for', () => {
    expect(planNote(runPlan({ memory: { chunkTokens: 256 }, device: device(8 * GIB, null) }))).toContain(
      "To stay within 6.0 GiB and the device's 8.0 GiB, the run saves memory by chunks of 256 tokens",
    );
  });

  it('is hopeless where the weights, or one of them, have no room, and not where the machine is short of memory', () => {
    const refused = (memoryBytes: number | null, bufferBytes: number | null) => () =>
      refuseHopelessPlan(runPlan({ fits: false, freeBytes: GIB, device: device(memoryBytes, bufferBytes) }));
    expect(refused(3 * GIB, null)).toThrow("The model's weights need 4.0 GiB on the device, which has 3.0 GiB.");
    expect(refused(8 * GIB, GIB / 4)).toThrow("The model's largest weight takes 0.5 GiB, and the device allows 0.3 GiB in one piece.");
    expect(refused(8 * GIB, GIB / 2)).not.toThrow();
    // A device that shares the machine's memory is short of it too.
    expect(refused(null, null)).toThrow('and 1.0 GiB are free');
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

  it('the plan follows the limits of a device', () => {
    const at = (memoryBytes: number | null, bufferBytes: number | null) =>
      planRun({ ...options, limits: { memoryBytes, bufferBytes } }, 1e12);
    const roomy = at(1e12, 1e12);
    expect(roomy).toMatchObject({ fits: true, memory: planRun(options, 1e12).memory });
    const { needs } = roomy.device as NonNullable<RunPlan['device']>;
    expect(needs.weights).toBe([...options.weights.values()].reduce((sum, { byteLength }) => sum + byteLength, 0));
    expect(needs.largestWeight).toBe(4 * 259 * 32);

    const tight = at(needs.weights + needs.activations, null); // a tenth of it is for others
    expect(tight.memory).not.toEqual(roomy.memory);
    expect(at(1, null).fits).toBe(false);
    expect(at(null, needs.largestValue).fits).toBe(true);
    expect(at(null, needs.largestWeight - 1).fits).toBe(false);
    // Its own memory spares the machine's.
    const host = { ...options, limits: { memoryBytes: 1e12, bufferBytes: null } };
    expect(planRun(host, roomy.estimate.total - roomy.estimate.activations).fits).toBe(true);
  });

  it('the plan is the fastest that fits the budget', () => {
    const [fastest] = memoryPlans(options.config.vocabSize, options.shape);
    expect(planRun(options, 1e12)).toMatchObject({ memory: fastest, fits: true });
    expect(planRun(options, 1)).toMatchObject({ ...choosePlan(options, 1), fits: false, budgetBytes: 1 });
  });
});
