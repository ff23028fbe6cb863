/** @file A device with too little memory for a micro-batch, on the processor. */
import { describe } from 'vitest';
import { onnxRuntimeBackend } from '#backends/onnxruntime/onnxruntime-backend.ts';
import { smallDeviceTests } from '#test/support/small-device-tests.ts';

describe('ONNX Runtime on the processor', () => {
  smallDeviceTests(onnxRuntimeBackend({ threads: 1 }));
});
