/**
 * @file Products in float16 as the processor rehearses them: it rounds both sides and the result to float16 and adds up in float32, which is what
 * CUDA's kernels do. How far that is from float32, for a product, for gradients, and for whole runs.
 */
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { onnxRuntimeBackend } from '#backends/onnxruntime/onnxruntime-backend.ts';
import { EngineError } from '#contract/errors.ts';
import { lowerGraph } from '#backends/onnxruntime/lowering.ts';
import { cpuOps } from '#backends/onnxruntime/ops-cpu.ts';
import type { WeightDtype, WeightRange, Weights } from '#engine/graph/backend.ts';
import { makeGraph } from '#engine/graph/graph.ts';
import { gather, input, matMul, parameter } from '#engine/graph/operations.ts';
import { float32ToFloat16 } from '#engine/tensor/convert-half.ts';
import { floatTensor } from '#engine/tensor/tensor.ts';
import { checkHalfSums } from '#engines/check-half-sums.ts';
import { openEngine } from '#engines/open-engine.ts';
import { openTrial, SMALL_TRIAL } from '#engines/trial.ts';
import { bytesOf } from '#test/support/safetensors-bytes.ts';
import { goldenDpoRun, goldenKtoRun, runGolden } from '#test/support/golden-run.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const half = onnxRuntimeBackend({ threads: 1, dtype: 'float16' });
const single = onnxRuntimeBackend({ threads: 1 });

/** Three roundings, each to one part in 2048 at most; and terms that cancel each other leave more of it. */
const PRODUCT = 8 / 2048;
const [WIDTH, OUT, TOKENS] = [64, 32, 4];

async function weightsOf(dtype: WeightDtype): Promise<Weights> {
  const values = Float32Array.from({ length: OUT * WIDTH }, (_, i) => Math.sin(1 + 3 * i) / 8);
  const file = join(await temporaryFolder(), 'weight');
  const halves = new Uint16Array(values.length);
  float32ToFloat16(values, halves);
  const bytes = dtype === 'float32' ? bytesOf(values) : bytesOf(halves);
  await writeFile(file, bytes);
  return new Map([['w', { file, dtype, shape: [OUT, WIDTH], byteOffset: 0, byteLength: bytes.length }]]);
}

async function product(backend: typeof half, weights: Weights, scale: number, { exact = false } = {}): Promise<Float32Array> {
  const weight = parameter('w', [OUT, WIDTH], { exact });
  const y = matMul(input('x', ['T', WIDTH]), weight, { transB: true });
  // Rows of the same weight may be taken beside the product.
  const executable = await backend.compile(makeGraph({ y, rows: gather(weight, input('ids', ['I'], 'int32')) }), weights);
  const x = Float32Array.from({ length: TOKENS * WIDTH }, (_, i) => scale * Math.cos(i));
  const ids = { dtype: 'int32', dims: [1], data: Int32Array.of(3) } as const;
  const results = await executable.run({ x: floatTensor([TOKENS, WIDTH], x), ids });
  await executable.release();
  expect(results['rows']?.data).toHaveLength(WIDTH);
  return results['y']?.data as Float32Array;
}

function relativeError(got: ArrayLike<number>, expected: Float32Array): number {
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return expected.reduce((worst, value, i) => Math.max(worst, Math.abs(value - (got[i] ?? Number.NaN))), 0) / largest;
}

describe('a product in float16', () => {
  it.each(['float32', 'float16'] as const)('of a weight stored as %s is rounded, and no more than that', async (dtype) => {
    const weights = await weightsOf(dtype);
    const [got, expected] = [await product(half, weights, 1), await product(single, weights, 1)];
    expect(got).not.toEqual(expected);
    expect(relativeError(got, expected)).toBeLessThan(PRODUCT);
  });

  // float16 ends at 65504 above and 6e-8 below.
  it.each([1e-12, 1e-7, 1e6, 1e20])('of values of size %s is as good as any other', async (scale) => {
    const weights = await weightsOf('float32');
    expect(relativeError(await product(half, weights, scale), await product(single, weights, scale))).toBeLessThan(PRODUCT);
  });

  it('is also right as a device with kernels for it is given it', async () => {
    const weights = await weightsOf('float32');
    const { file } = weights.get('w') as WeightRange;
    const graph = makeGraph({ y: matMul(input('x', ['T', WIDTH]), parameter('w', [OUT, WIDTH]), { transB: true }) });
    const lowering = { table: cpuOps, widening: 'per use', residence: 'per session', dtype: 'float16', half: 'computed' } as const;
    const { model } = lowerGraph(graph, weights, { ...lowering, folder: dirname(file) });
    const session = await InferenceSession.create(model, {
      extra: { session: { model_external_initializers_file_folder_path: dirname(file) } },
      logSeverityLevel: 3,
    });
    const x = Float32Array.from({ length: TOKENS * WIDTH }, (_, i) => Math.cos(i));
    const { y } = await session.run({ x: new Tensor('float32', x, [TOKENS, WIDTH]) });
    await session.release();
    expect(relativeError(y?.data as Float32Array, await product(single, weights, 1))).toBeLessThan(PRODUCT);
  });

  it('of zeros is zero', async () => {
    expect([...(await product(half, await weightsOf('float32'), 0))].every((value) => value === 0)).toBe(true);
  });

  it('is not used for a weight that is exact', async () => {
    const weights = await weightsOf('float32');
    expect(await product(half, weights, 1, { exact: true })).toEqual(await product(single, weights, 1));
  });
});

describe('a training step in float16', () => {
  it('gives gradients within a hundredth of those of float32', async () => {
    const folder = await temporaryFolder();
    const gradientsOf = async (backend: typeof half) => {
      const trial = await openTrial(backend, folder, SMALL_TRIAL);
      const { gradients } = await trial.run();
      await trial.release();
      return gradients;
    };
    const [got, expected] = [await gradientsOf(half), await gradientsOf(single)];
    const errors = [...expected].map(([name, values]) => relativeError(got.get(name) ?? [], values));
    expect(Math.max(...errors)).toBeGreaterThan(1e-5);
    expect(Math.max(...errors)).toBeLessThan(0.01);
  });

  it.each([
    ['KTO', () => goldenKtoRun('kto_default'), {}],
    ['KTO, z0 beforehand and layers recomputed', () => goldenKtoRun('kto_weighted'), { rowGradients: false, recompute: true }],
    ['DPO', () => goldenDpoRun('sigmoid'), {}],
  ] as const)('%s: losses and gradient norms of a whole run are those of float32 to three digits', async (_, makeRun, memory) => {
    const run = await makeRun();
    const [got, expected] = [await runGolden(run, half, { memory }), await runGolden(run, single, { memory })];
    for (const [i, { loss = Number.NaN, grad_norm: norm = Number.NaN }] of expected.logs.entries()) {
      if (Number.isNaN(norm)) continue; // the summary at the end
      expect(Math.abs((got.logs[i]?.['loss'] ?? Number.NaN) - loss)).toBeLessThan(5e-4);
      expect((got.logs[i]?.['grad_norm'] ?? Number.NaN) / norm).toBeCloseTo(1, 2);
    }
    expect(expected.logs.length).toBeGreaterThan(2);
    expect(Math.abs((got.evaluation['eval_loss'] ?? Number.NaN) - (expected.evaluation['eval_loss'] ?? Number.NaN))).toBeLessThan(5e-4);
  });
});

describe('an engine that is asked for float16', () => {
  it('is refused where it computes in float32 only', async () => {
    await expect(openEngine('onnx:cpu', 'float16')).rejects.toThrow(EngineError);
    await expect(openEngine('onnx:cpu', 'float16')).rejects.toThrow('computes in float32 only; float16 is for onnx:cuda and onnx:dml');
  });

  it('passes where its products add up in float32, and not where they stop at 2048', async () => {
    await expect(checkHalfSums('onnx:cuda', half)).resolves.toBeUndefined();
    const stops: typeof half = {
      ...half,
      compile: async () => ({ run: async () => ({ y: floatTensor([1, 1], [2048]) }), release: async () => undefined }),
    };
    await expect(checkHalfSums('onnx:dml', stops)).rejects.toThrow('it adds 32768 ones to 2048');
  });
});
