/** @file A device with too little memory for a micro-batch, on WebGPU. */
import { describe } from 'vitest';
import { onnxRuntimeBackend } from '#backends/onnxruntime/onnxruntime-backend.ts';
import { skippedFor } from '#test/support/skipped-for.ts';
import { smallDeviceTests } from '#test/support/small-device-tests.ts';
import { whyNoWebGpu } from '#test/support/webgpu-device.ts';

const missing = await whyNoWebGpu();

describe.skipIf(missing !== null)(`On WebGPU${skippedFor(missing)}`, () => {
  smallDeviceTests(onnxRuntimeBackend({ provider: 'webgpu' }), { steps: 1 });
});
