/** @file The estimate follows what costs memory, and the plan that is chosen follows the estimate. */
import { describe, expect, it } from 'vitest';
import { onnxRuntimeBackend } from '#backends/onnxruntime/onnxruntime-backend.ts';
import { DEFAULT_LORA_CONFIG } from '#engine/adapter/lora-config.ts';
import { resolveTargetModules } from '#engine/adapter/target-modules.ts';
import type { WeightRange } from '#engine/graph/backend.ts';
import type { ModelConfig } from '#engine/model/model-config.ts';
import { linearModules, modelTensors } from '#engine/model/model-tensors.ts';
import { elementCount } from '#engine/tensor/tensor.ts';
import { gradientShape, heaviestBatch, trainingBatches } from '#engine/train/heaviest-batch.ts';
import { batchFlops, choosePlan, estimateMemory, memoryPlans, scoringFlops } from '#engine/train/memory-estimate.ts';
import type { EstimateOptions } from '#engine/train/memory-estimate.ts';
import { headGroupsFor } from '#engine/train/memory-plan.ts';
import type { MemoryPlan } from '#engine/train/memory-plan.ts';
import { resolveSettings } from '#engine/train/resolve-settings.ts';
import { onlyStream } from '#engine/train/row-groups.ts';
import { examples, pairs } from '#test/support/tiny-method.ts';

const CONFIG: ModelConfig = {
  architecture: 'llama',
  vocabSize: 4000,
  hiddenSize: 64,
  intermediateSize: 128,
  layerCount: 2,
  queryHeads: 4,
  keyValueHeads: 2,
  headDim: 16,
  rmsNormEps: 1e-6,
  maxPositions: 512,
  tieWordEmbeddings: false,
  qkvBias: false,
  outputBias: false,
  mlpBias: false,
  qkNorm: false,
  slidingWindows: [null, null],
  rope: { type: 'default', theta: 10_000 },
};

const PLAN: MemoryPlan = { chunkTokens: 1024, headGroups: 1, recompute: false, rowGradients: true };
const EMBEDDING = 'model.embed_tokens.weight';
const HEAD = 'lm_head.weight';

interface Changes {
  readonly method?: 'kto' | 'dpo';
  readonly config?: Partial<ModelConfig>;
  /** Of the micro-batch. */
  readonly rows?: number;
  readonly rank?: number;
  readonly rowTokens?: number;
}

/** Rows of about 40 tokens. */
function options({ method = 'kto', config: changed = {}, rows = 8, rank = 8, rowTokens = 1000 }: Changes = {}): EstimateOptions {
  const config = { ...CONFIG, ...changed };
  const { settings } = resolveSettings({ method, per_device_train_batch_size: rows });
  const long = (ids: Int32Array) => new Int32Array(20).fill(ids[0] as number);
  const data =
    method === 'kto'
      ? { method, rows: examples(rows).map((row) => ({ ...row, promptIds: long(row.promptIds), completionIds: long(row.completionIds) })) }
      : {
          method,
          rows: pairs(rows).map((row) => ({
            ...row,
            promptIds: long(row.promptIds),
            chosenIds: long(row.chosenIds),
            rejectedIds: long(row.rejectedIds),
          })),
        };
  return {
    backend: onnxRuntimeBackend(),
    config,
    weights: separateWeights(config),
    modules: resolveTargetModules({ ...DEFAULT_LORA_CONFIG, r: rank, targetModules: 'all-linear' }, linearModules(config)).modules,
    shape: gradientShape(settings),
    batch: heaviestBatch(trainingBatches(data, settings)),
    rowTokens,
  };
}

/** Every weight in a file of its own. */
function separateWeights(config: ModelConfig): Map<string, WeightRange> {
  return new Map(
    [...modelTensors(config)].map(([name, shape]) => [
      name,
      { file: name, dtype: 'float32', byteOffset: 0, byteLength: 4 * elementCount(shape), shape },
    ]),
  );
}

const estimate = (changes: Changes = {}, plan: Partial<MemoryPlan> = {}) => estimateMemory(options(changes), { ...PLAN, ...plan });
const withLayers = (layerCount: number) => ({ config: { layerCount, slidingWindows: Array.from({ length: layerCount }, () => null) } });

/** Whether each number is greater than the one before. */
const grows = (values: readonly number[]): boolean =>
  values.length > 1 && values.slice(1).every((value, i) => value > (values[i] as number));

describe.each(['kto', 'dpo'] as const)('the estimate of a %s run', (method) => {
  it('is the sum of its parts, all of them counted', () => {
    const { total, ...parts } = estimate({ method });
    expect(Object.values(parts).every((bytes) => Number.isInteger(bytes) && bytes > 0)).toBe(true);
    expect(total).toBe(Object.values(parts).reduce((sum, bytes) => sum + bytes));
  });

  it('grows with the rows of the micro-batch, as long as they are computed at once', () => {
    expect(grows([2, 4, 8, 16].map((rows) => estimate({ method, rows }, { chunkTokens: 4096 }).activations))).toBe(true);
  });

  it('grows with the tokens of a chunk', () => {
    expect(grows([64, 128, 256, 512].map((chunkTokens) => estimate({ method, rows: 16 }, { chunkTokens }).activations))).toBe(true);
  });

  it('grows with the layers', () => {
    const estimates = [2, 3, 4].map((layers) => estimate({ method, ...withLayers(layers) }));
    for (const part of ['activations', 'weights', 'adapter'] as const) expect(grows(estimates.map((one) => one[part]))).toBe(true);
  });

  it('keeps less where layers are computed again', () => {
    const deep = { method, rows: 16, ...withLayers(6) };
    const { activations } = estimate(deep, { recompute: true });
    expect(activations).toBeLessThan(0.6 * estimate(deep).activations);
  });

  it('keeps fewer logits where the head goes through groups', () => {
    const wide = { method, rows: 16, config: { vocabSize: 20_000 } };
    expect(grows([8, 4, 2, 1].map((headGroups) => estimate(wide, { headGroups }).activations))).toBe(true);
  });

  it('grows with the rank of the adapter and the tokens of all rows', () => {
    expect(grows([4, 8, 16].map((rank) => estimate({ method, rank }).adapter))).toBe(true);
    expect(estimate({ method, rowTokens: 2000 }).rows).toBe(2 * estimate({ method, rowTokens: 1000 }).rows);
  });
});

describe('the adapter of a KTO run', () => {
  it('has a gradient per row of the micro-batch, unless z0 is computed beforehand', () => {
    const parameters = options().modules.reduce((sum, { rank, inFeatures, outFeatures }) => sum + rank * (inFeatures + outFeatures), 0);
    // A and B, their gradient and two moments: four copies, and one per row
    expect(estimate({ rows: 8 }).adapter).toBe(4 * parameters * (4 + 8));
    expect(estimate({ rows: 8 }, { rowGradients: false }).adapter).toBe(4 * parameters * (4 + 1));
    expect(estimate({ method: 'dpo' }).adapter).toBe(4 * parameters * (4 + 1));
  });

  it('needs less memory in two passes than in one', () => {
    expect(estimate({ rows: 16 }, { rowGradients: false }).total).toBeLessThan(estimate({ rows: 16 }).total);
  });
});

describe('weights', () => {
  it('are counted as they lie in the files', () => {
    const expected = [...modelTensors(CONFIG).values()].reduce((sum, shape) => sum + 4 * elementCount(shape), 0);
    expect(estimate().weights).toBe(expected);
  });

  it('that are tied are counted once', () => {
    const given = options();
    const embedding = given.weights.get(EMBEDDING) as WeightRange;
    const tied = { ...given, weights: new Map([...given.weights, [HEAD, embedding]]) };
    expect(given.weights.has(HEAD)).toBe(true);
    expect(estimateMemory(given, PLAN).weights - estimateMemory(tied, PLAN).weights).toBe(embedding.byteLength);
  });
});

describe('the plan', () => {
  const given = options({ rows: 16, config: { vocabSize: 20_000 } });
  const plans = memoryPlans(given.config.vocabSize, given.shape);
  const estimates = plans.map((plan) => estimateMemory(given, plan));
  const totals = estimates.map(({ total }) => total);
  const least = Math.min(...totals);

  it('is the fastest one where there is memory enough', () => {
    expect(choosePlan(given, Infinity)).toEqual({ memory: plans[0], estimate: estimates[0], fits: true, device: null });
    expect(plans[0]).toMatchObject({ chunkTokens: 1024, recompute: false, rowGradients: true });
  });

  it('is the first that fits, to the byte', () => {
    for (const [i, total] of totals.entries()) {
      const first = totals.findIndex((other) => other <= total);
      expect(choosePlan(given, total)).toEqual({ memory: plans[first], estimate: estimates[first], fits: true, device: null });
      expect(first).toBeLessThanOrEqual(i);
    }
  });

  it('is the most frugal one where none fits', () => {
    const frugal = totals.indexOf(least);
    expect(choosePlan(given, least - 1)).toEqual({ memory: plans[frugal], estimate: estimates[frugal], fits: false, device: null });
    expect(choosePlan(given, 0)).toMatchObject({ memory: plans[frugal], fits: false });
  });

  it('never gets slower with a larger budget', () => {
    const budgets = [...totals.toSorted((a, b) => a - b), Infinity];
    const chosen = budgets.map((budget) => totals.indexOf(choosePlan(given, budget).estimate.total));
    expect(chosen).toEqual(chosen.toSorted((a, b) => b - a));
    expect(new Set(chosen).size).toBeGreaterThan(3);
  });

  it('has a group of the head for as many logits as fit', () => {
    expect(headGroupsFor(20_000, 64)).toBe(1);
    expect(headGroupsFor(2 ** 17, 1024)).toBe(4);
    expect(plans.every(({ headGroups, chunkTokens }) => headGroups === headGroupsFor(20_000, chunkTokens))).toBe(true);
  });

  it('of DPO has nothing to decide about gradients by row', () => {
    const { shape } = options({ method: 'dpo' });
    expect(memoryPlans(1000, shape)).toHaveLength(plans.length / 2);
    expect(memoryPlans(1000, shape).every(({ rowGradients }) => rowGradients)).toBe(true);
  });
});

describe.each(['kto', 'dpo'] as const)('the operations of a %s micro-batch', (method) => {
  const given = options({ method });

  it('are fewer for scoring than for the gradient, whatever the plan', () => {
    for (const plan of memoryPlans(given.config.vocabSize, given.shape)) {
      expect(scoringFlops(given, given.batch, plan)).toBeGreaterThan(0);
      expect(scoringFlops(given, given.batch, plan)).toBeLessThan(batchFlops(given, given.batch, plan));
    }
  });

  it('are more where layers are computed again', () => {
    const again = batchFlops(given, given.batch, { ...PLAN, recompute: true }) / batchFlops(given, given.batch, PLAN);
    expect(again).toBeGreaterThan(1.05);
    expect(again).toBeLessThan(1.5);
  });

  it('add up over rows of the same length', () => {
    // To a hundredth: the adapter and a few sums by row are there once, and both halves are cut to their own longest row.
    const share = scoringFlops(given, given.batch.slice(0, 4), PLAN) / scoringFlops(given, given.batch, PLAN);
    expect(share).toBeCloseTo(0.5, 2);
  });
});

describe('z0 beforehand', () => {
  it('costs operations of its own, unless there are no partners', () => {
    const given = options();
    const alone = { ...given, shape: { ...given.shape, partner: false } };
    const two = { ...PLAN, rowGradients: false };
    const gradient = batchFlops(alone, onlyStream(given.batch, 'policy'), two);
    const z0 = scoringFlops(given, onlyStream(given.batch, 'partner'), two);
    expect(z0).toBeGreaterThan(0);
    expect(batchFlops(given, given.batch, two)).toBe(gradient + z0);
  });
});
