/** @file One operation on one random shape, forward and backward: a backend against the reference interpreter. */
import { expect } from 'vitest';
import type { Backend } from '#engine/graph/backend.ts';
import { gradients } from '#engine/graph/gradient.ts';
import { makeGraph } from '#engine/graph/graph.ts';
import { mul, sumAll } from '#engine/graph/operations.ts';
import { evaluate, tensorFromValue } from '#engine/graph/reference.ts';
import type { Value } from '#engine/graph/reference-rules.ts';
import { makeOpCase } from '#test/support/op-cases.ts';
import type { opNames } from '#test/support/op-cases.ts';

/** @param tolerance - of the largest value of a result, or of one */
export async function expectAgreement(
  backend: Backend,
  name: (typeof opNames)[number],
  { seed, tolerance }: { readonly seed: number; readonly tolerance: number },
): Promise<void> {
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
    value.data.forEach((v, k) => expect(Math.abs(Number(got[output]?.data[k]) - v)).toBeLessThanOrEqual(tolerance * largest));
  }
}
