/** @file Whole runs on TensorFlow.js's WebAssembly device. */
import { describe } from 'vitest';
import { loadTfjs } from '#backends/tfjs/load-tfjs.ts';
import { tfjsBackend } from '#backends/tfjs/tfjs-backend.ts';
import { smallDeviceTests } from '#test/support/small-device-tests.ts';
import { tfjsGoldenTests } from '#test/support/tfjs-golden-tests.ts';

const loaded = await loadTfjs('wasm');

describe('TensorFlow.js on WebAssembly', () => {
  tfjsGoldenTests(loaded);
  smallDeviceTests(tfjsBackend(loaded), { steps: 2 });
});
