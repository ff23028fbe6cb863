/** @file Every lowering of the WebGPU table, forward and backward, against the reference interpreter on random shapes. */
import { describe, expect, it } from 'vitest';
import { onnxRuntimeBackend } from '#backends/onnxruntime/onnxruntime-backend.ts';
import { expectAgreement } from '#test/support/op-agreement.ts';
import { opNames } from '#test/support/op-cases.ts';
import { repeatedIndexTests } from '#test/support/repeated-index-tests.ts';
import { skippedFor } from '#test/support/skipped-for.ts';
import { whyNoWebGpu } from '#test/support/webgpu-device.ts';

/** float32 against float64 on a few dozen terms of size one; shaders may use approximations of exp and log. */
const tolerance = 2e-4;
/** A software device compiles every shader for a good part of a second, so few shapes. */
const SEEDS = [11, 12];

const missing = await whyNoWebGpu();
const backend = onnxRuntimeBackend({ provider: 'webgpu' });

describe.skipIf(missing !== null)(`ONNX Runtime on WebGPU${skippedFor(missing)} agrees with the reference interpreter for`, () => {
  it.each(opNames)('%s', async (name) => {
    expect.hasAssertions();
    for (const seed of SEEDS) await expectAgreement(backend, name, { seed, tolerance });
  });
});

/** Fewer updates show it where threads are many, and a device in software is slow. */
describe.skipIf(missing !== null)(`ONNX Runtime on WebGPU${skippedFor(missing)} adds up`, () => {
  repeatedIndexTests(backend, { updates: 2000, repeats: 2 });
});
