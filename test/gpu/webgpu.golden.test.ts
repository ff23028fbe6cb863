/**
 * @file Whole KTO and DPO runs on a WebGPU device: the same adapter as on the processor, and every node of every pass on the device. Nothing is
 * copied to the host but results, so a weight or an activation that came back inside a step would show here.
 */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { onnxRuntimeBackend } from '#backends/onnxruntime/onnxruntime-backend.ts';
import { adapterDifference } from '#test/support/adapter-difference.ts';
import { goldenDpoRun, goldenKtoRun, runGolden } from '#test/support/golden-run.ts';
import { readProfiles } from '#test/support/profile.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { skippedFor } from '#test/support/skipped-for.ts';
import { whyNoWebGpu } from '#test/support/webgpu-device.ts';

/** Relative to a tensor's largest value, after all steps; AdamW makes the most of every rounding. */
const ADAPTER = 1e-3;

/** Of a software device; PROSPECT_WHOLE_RUNS=1 takes its time. */
const STEPS = process.env['PROSPECT_WHOLE_RUNS'] === '1' ? undefined : 1;

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
    const got = await runGolden(run, onnxRuntimeBackend({ provider: 'webgpu', profileTo }), { memory, steps: STEPS });
    const expected = await runGolden(run, onnxRuntimeBackend({ threads: 1 }), { memory, steps: STEPS });
    expect(adapterDifference(got.parameters, expected.parameters)).toBeLessThan(ADAPTER);

    const nodes = await readProfiles(profileTo);
    expect(nodes.length).toBeGreaterThan(500);
    expect(nodes.filter(({ provider }) => provider !== 'WebGpuExecutionProvider')).toEqual([]);
    expect(nodes.filter(({ op }) => op.startsWith('Memcpy'))).toEqual([]);
  });
});
