/** @file Every gradient rule against finite differences of the reference interpreter. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gradients } from '#engine/graph/gradient.ts';
import { makeGraph } from '#engine/graph/graph.ts';
import type { Node } from '#engine/graph/node.ts';
import { input, mul, sumAll } from '#engine/graph/operations.ts';
import { evaluate } from '#engine/graph/reference.ts';
import type { Value } from '#engine/graph/reference-rules.ts';
import { makeOpCase, opNames } from '#test/support/op-cases.ts';

/** Central differences in double precision: the error is about STEP² times the third derivative. */
const STEP = 1e-4;
const TOLERANCE = 1e-5;

describe('the gradient rule agrees with finite differences for', () => {
  it.each(opNames)('%s', (name) => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 31 }), (seed) => {
        const { node, feeds: drawn, differentiable } = makeOpCase(name, seed);
        const feeds = { ...drawn, weights: unevenWeights(node, drawn) };
        const loss = sumAll(mul(node, input('weights', node.shape)));
        const results = gradients(loss, differentiable);
        const graph = makeGraph({ loss, ...Object.fromEntries(results.flatMap((g, i) => (g ? [[`g${i}`, g]] : []))) });
        const values = evaluate(graph, feeds);
        expect(results).toHaveLength(differentiable.length);
        differentiable.forEach((x, i) => {
          const expected = finiteDifference(loss, feeds, (x.attributes as { name: string }).name);
          const got = results[i] ? (values[`g${i}`] as Value).data : new Float64Array(expected.length);
          expected.forEach((value, k) =>
            expect(Math.abs((got[k] as number) - value)).toBeLessThanOrEqual(TOLERANCE * (1 + Math.abs(value))),
          );
        });
      }),
      { numRuns: 25, seed: 7, endOnFailure: true },
    );
  });
});

/** Every element of the result counts differently, so that no wrong gradient cancels out. */
function unevenWeights(node: Node, feeds: Readonly<Record<string, Value>>): Value {
  const { dims, data } = evaluate(makeGraph({ node }), feeds)['node'] as Value;
  return { dims, data: data.map((_, i) => 0.5 + ((i * 7) % 5) / 4) };
}

function finiteDifference(loss: Node, feeds: Readonly<Record<string, Value>>, name: string): number[] {
  const graph = makeGraph({ loss });
  const { dims, data } = feeds[name] as Value;
  const at = (k: number, delta: number) => {
    const moved = data.with(k, (data[k] as number) + delta);
    return (evaluate(graph, { ...feeds, [name]: { dims, data: moved } })['loss'] as Value).data[0] as number;
  };
  return Array.from(data, (_, k) => (at(k, STEP) - at(k, -STEP)) / (2 * STEP));
}
