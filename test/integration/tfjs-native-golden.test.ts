/** @file Whole runs on TensorFlow's native library, where it is installed. */
import { describe } from 'vitest';
import { loadTfjs } from '#backends/tfjs/load-tfjs.ts';
import { whyNoNativeTfjs } from '#test/support/native-tfjs.ts';
import { skippedFor } from '#test/support/skipped-for.ts';
import { tfjsBackend } from '#backends/tfjs/tfjs-backend.ts';
import { smallDeviceTests } from '#test/support/small-device-tests.ts';
import { tfjsGoldenTests } from '#test/support/tfjs-golden-tests.ts';

const missing = whyNoNativeTfjs();
const loaded = await loadTfjs(missing === null ? 'cpu' : 'wasm');

describe.skipIf(missing !== null)(`TensorFlow's native library${skippedFor(missing)}`, () => {
  tfjsGoldenTests(loaded);
  smallDeviceTests(tfjsBackend(loaded), { steps: 2 });
});
