/** @file Every TensorFlow.js rule on TensorFlow's native library, where it is installed, against the reference interpreter on random shapes. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadTfjs } from '#backends/tfjs/load-tfjs.ts';
import type { LoadedTfjs } from '#backends/tfjs/load-tfjs.ts';
import { tfjsBackend } from '#backends/tfjs/tfjs-backend.ts';
import { whyNoNativeTfjs } from '#test/support/native-tfjs.ts';
import { expectAgreement } from '#test/support/op-agreement.ts';
import { opNames } from '#test/support/op-cases.ts';
import { repeatedIndexTests } from '#test/support/repeated-index-tests.ts';
import { skippedFor } from '#test/support/skipped-for.ts';

/** float32 against float64 on a few dozen terms of size one. */
const tolerance = 5e-5;
const missing = whyNoNativeTfjs();
const loaded = missing === null ? await loadTfjs('cpu') : null;

describe.skipIf(missing !== null)(`TensorFlow's native library${skippedFor(missing)} agrees with the reference interpreter for`, () => {
  it.each(opNames)('%s', async (name) => {
    const backend = tfjsBackend(loaded as LoadedTfjs);
    expect.hasAssertions();
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 2 ** 31 }), (seed) => expectAgreement(backend, name, { seed, tolerance })),
      { numRuns: 12, seed: 11, endOnFailure: true },
    );
  });
});

describe.skipIf(loaded === null)(`TensorFlow's native library${skippedFor(missing)} adds up`, () => {
  if (loaded !== null) repeatedIndexTests(tfjsBackend(loaded));
});
