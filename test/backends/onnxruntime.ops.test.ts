/** @file Every lowering of the CPU table, forward and backward, against the reference interpreter on random shapes. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { onnxRuntimeBackend } from '#backends/onnxruntime/onnxruntime-backend.ts';
import { gradients } from '#engine/graph/gradient.ts';
import { makeGraph } from '#engine/graph/graph.ts';
import { sumAll, mul } from '#engine/graph/operations.ts';
import { evaluate, tensorFromValue } from '#engine/graph/reference.ts';
import type { Value } from '#engine/graph/reference-rules.ts';
import { makeOpCase, opNames } from '#test/support/op-cases.ts';

/** float32 against float64 on a few dozen terms of size one. */
const TOLERANCE = 5e-5;
const backend = onnxRuntimeBackend({ threads: 1 });

describe('ONNX Runtime on the CPU agrees with the reference interpreter for', () => {
  it.each(opNames)('%s', async (name) => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 2 ** 31 }), async (seed) => {
        const { node, feeds, differentiable } = makeOpCase(name, seed);
        const results = gradients(sumAll(mul(node, node)), differentiable);
        const graph = makeGraph({ node, ...Object.fromEntries(results.flatMap((g, i) => (g ? [[`g${i}`, g]] : []))) });
        const expected = evaluate(graph, feeds);
        const executable = await backend.compile(graph, new Map());
        const tensors = Object.fromEntries(
          graph.inputs.map(({ attributes, dtype }) => [
            attributes.name,
            tensorFromValue(feeds[attributes.name] as Value, dtype === 'int32' ? 'int32' : 'float32'),
          ]),
        );
        const got = await executable.run(tensors);
        await executable.release();
        for (const [output, value] of Object.entries(expected)) {
          expect(got[output]?.dims).toEqual(value.dims);
          const largest = value.data.reduce((most, v) => Math.max(most, Math.abs(v)), 1);
          value.data.forEach((v, k) => expect(Math.abs(Number(got[output]?.data[k]) - v)).toBeLessThanOrEqual(TOLERANCE * largest));
        }
      }),
      { numRuns: 12, seed: 11, endOnFailure: true },
    );
  });
});
