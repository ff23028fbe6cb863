/**
 * @file Whole KTO and DPO runs on a WebGPU device: the same adapter as on the processor, and every node of every pass on the device. Nothing is
 * copied to the host but results, so a weight or an activation that came back inside a step would show here; and weights go there once. In one file,
 * because a process compiles every shader anew.
 */
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { onnxRuntimeBackend } from '#backends/onnxruntime/onnxruntime-backend.ts';
import type { WeightRange } from '#engine/graph/backend.ts';
import { bufferLimit } from '#engines/buffer-limit.ts';
import type { LoraParameters } from '#engine/train/row-pass.ts';
import { OUTPUTS } from '#engine/train/step-graph.ts';
import { adapterDifference } from '#test/support/adapter-difference.ts';
import { goldenDpoRun, goldenKtoRun, runGolden } from '#test/support/golden-run.ts';
import { bytesOfNamed, meteredTraffic } from '#test/support/metered-traffic.ts';
import type { Traffic } from '#test/support/metered-traffic.ts';
import { readProfiles } from '#test/support/profile.ts';
import { softwareGpuEnvironment } from '#test/support/software-gpu.ts';
import { skippedFor } from '#test/support/skipped-for.ts';
import { smallDeviceTests } from '#test/support/small-device-tests.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { whyNoWebGpu } from '#test/support/webgpu-device.ts';

/** Relative to a tensor's largest value, after all steps; AdamW makes the most of every rounding. */
const ADAPTER = 1e-3;

const IS_WHOLE = process.env['PROSPECT_WHOLE_RUNS'] === '1';
/** Of a software device (the first may be all warm-up); PROSPECT_WHOLE_RUNS=1 takes its time. */
const STEPS = IS_WHOLE ? undefined : 2;

const uploads = vi.hoisted((): number[] => []);
vi.mock('#backends/device/read-weight.ts', async (importOriginal) => {
  const { readWeight } = await importOriginal<{ readWeight: (range: WeightRange) => Promise<Float32Array> }>();
  return {
    readWeight: (range: WeightRange) => {
      uploads.push(range.byteOffset);
      return readWeight(range);
    },
  };
});

const missing = await whyNoWebGpu();

describe.skipIf(missing !== null)(`On WebGPU${skippedFor(missing)}`, () => {
  it.each([
    ['KTO, gradients row by row', () => goldenKtoRun('kto_default'), {}],
    [
      'KTO, z0 beforehand and layers recomputed',
      () => goldenKtoRun('kto_weighted'),
      { rowGradients: false, recompute: true, headGroups: 2 },
    ],
    ['DPO', () => goldenDpoRun('sigmoid'), {}],
  ] as const)('%s gives the adapter of the processor, without leaving the device', async (_, makeRun, memory) => {
    const run = await makeRun();
    const profileTo = join(await temporaryFolder(), 'profile');
    uploads.splice(0);
    const traffic = meteredTraffic(onnxRuntimeBackend({ provider: 'webgpu', profileTo }));
    const got = await runGolden(run, traffic.backend, { memory, steps: STEPS });
    const expected = await runGolden(run, onnxRuntimeBackend({ threads: 1 }), { memory, steps: STEPS });
    expect(adapterDifference(got.parameters, expected.parameters)).toBeLessThan(ADAPTER);

    const nodes = await readProfiles(profileTo);
    expect(nodes.length).toBeGreaterThan(500);
    expect(nodes.filter(({ provider }) => provider !== 'WebGpuExecutionProvider')).toEqual([]);
    expect(nodes.filter(({ op }) => op.startsWith('Memcpy'))).toEqual([]);
    expectLittleTraffic(traffic, got.parameters);
  });

  it('a software device of one gigabyte a buffer tells so', async () => {
    const limit = await bufferLimit('onnx:webgpu', onnxRuntimeBackend({ provider: 'webgpu' }));

    const isSoftware = 'VK_DRIVER_FILES' in softwareGpuEnvironment();
    expect(limit === 2 ** 30 || !isSoftware).toBe(true);
    expect(await bufferLimit('onnx:cpu', onnxRuntimeBackend())).toBeNull();
  });

  smallDeviceTests(onnxRuntimeBackend({ provider: 'webgpu' }), { steps: 2, few: !IS_WHOLE });
});

/** Each weight once for all sessions of the run; then only adapters and rows in, a few values a row and gradients out. */
function expectLittleTraffic({ passes, weightsOfGraphs }: Traffic, parameters: LoraParameters): void {
  expect(weightsOfGraphs.length).toBeGreaterThan(1); // reference, training, and evaluation where there is one
  expect(new Set(weightsOfGraphs.flat()).size).toBeGreaterThan(15);
  expect(uploads).toHaveLength(new Set(weightsOfGraphs.flat()).size);
  expect(new Set(uploads).size).toBe(uploads.length);

  const adapterBytes = [...parameters.values()].reduce((sum, { length }) => sum + 4 * length, 0);
  const isGradient = (name: string) => name.startsWith(OUTPUTS.gradient(''));
  const training = passes.filter(({ returned }) => [...returned.keys()].some(isGradient));
  expect(training.length).toBeGreaterThan(0);
  for (const { fed, returned } of training) {
    const rows = (returned.get(OUTPUTS.logps) ?? 0) / 4;
    expect(bytesOfNamed(fed, (name) => parameters.has(name))).toBe(adapterBytes);
    expect([1, rows]).toContain(bytesOfNamed(returned, isGradient) / adapterBytes);
    expect(bytesOfNamed(returned, (name) => !isGradient(name))).toBeLessThanOrEqual(5 * 4 * rows);
  }
}
