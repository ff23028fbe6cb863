/** @file Every lowering of the CPU table, forward and backward, against the reference interpreter on random shapes. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { onnxRuntimeBackend } from '#backends/onnxruntime/onnxruntime-backend.ts';
import { expectAgreement } from '#test/support/op-agreement.ts';
import { opNames } from '#test/support/op-cases.ts';
import { repeatedIndexTests } from '#test/support/repeated-index-tests.ts';

/** float32 against float64 on a few dozen terms of size one. */
const tolerance = 5e-5;
const backend = onnxRuntimeBackend({ threads: 1 });

describe('ONNX Runtime on the CPU agrees with the reference interpreter for', () => {
  it.each(opNames)('%s', async (name) => {
    expect.hasAssertions();
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 2 ** 31 }), (seed) => expectAgreement(backend, name, { seed, tolerance })),
      { numRuns: 12, seed: 11, endOnFailure: true },
    );
  });
});

describe('ONNX Runtime on the CPU adds up', () => {
  repeatedIndexTests(onnxRuntimeBackend({ threads: 4 }), { repeats: 15 }); // more than a small machine would take by itself
});
