/** @file Every TensorFlow.js rule, forward and backward, against the reference interpreter on random shapes; on each device of this machine. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadTfjs } from '#backends/tfjs/load-tfjs.ts';
import { tfjsBackend } from '#backends/tfjs/tfjs-backend.ts';
import { expectAgreement } from '#test/support/op-agreement.ts';
import { opNames } from '#test/support/op-cases.ts';
import { repeatedIndexTests } from '#test/support/repeated-index-tests.ts';

/** float32 against float64 on a few dozen terms of size one. */
const tolerance = 5e-5;
const loaded = await loadTfjs('wasm');
const backend = tfjsBackend(loaded);

describe('TensorFlow.js on WebAssembly agrees with the reference interpreter for', () => {
  it.each(opNames)('%s', async (name) => {
    expect.hasAssertions();
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 2 ** 31 }), (seed) => expectAgreement(backend, name, { seed, tolerance })),
      { numRuns: 12, seed: 11, endOnFailure: true },
    );
  });

  repeatedIndexTests(backend);

  it('all of them without leaving a tensor behind', () => {
    expect(loaded.tf.memory().numTensors).toBe(0);
  });
});
