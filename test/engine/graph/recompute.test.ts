/** @file A recomputed region gives the gradients of the plain one, on the reference interpreter and on ONNX Runtime, and is really computed again. */
import { describe, expect, it, test } from 'vitest';
import { onnxRuntimeBackend } from '#backends/onnxruntime/onnxruntime-backend.ts';
import { InternalError } from '#contract/errors.ts';
import { gradients } from '#engine/graph/gradient.ts';
import { makeGraph, topologicalOrder } from '#engine/graph/graph.ts';
import type { Graph } from '#engine/graph/graph.ts';
import type { Node } from '#engine/graph/node.ts';
import { add, input, matMul, mul, rmsNormalization, silu, stopGradient, sub, sumAll } from '#engine/graph/operations.ts';
import { recompute } from '#engine/graph/recompute.ts';
import { evaluate, tensorFromValue } from '#engine/graph/reference.ts';
import type { Value } from '#engine/graph/reference-rules.ts';

const WIDTH = 4;
const TOKENS = 3;
/** Relative to the largest number; the two graphs differ in nothing but what is computed twice. */
const FLOAT64 = 1e-12;
/** float32 against float64 on sums of a dozen terms of size one. */
const FLOAT32 = 1e-5;

/** x, target `[T, D]`, T known only when the graph runs; two layers' factors and the norm's weight, all `[D, D]` but the last `[D]`. */
const NAMES = ['x', 'target', 'a0', 'b0', 'a1', 'b1', 'norm'] as const;
type Inputs = Readonly<Record<(typeof NAMES)[number], Node>>;
const DIFFERENTIATED = ['x', 'a0', 'b0', 'a1', 'b1'] as const;

const FEEDS: Readonly<Record<string, Value>> = Object.fromEntries(
  NAMES.map((name, i) => {
    const dims = name === 'norm' ? [WIDTH] : [name === 'x' || name === 'target' ? TOKENS : WIDTH, WIDTH];
    const data = Float64Array.from(
      { length: dims.reduce((product, dim) => product * dim) },
      (_, k) => Math.round(64 * Math.sin(1 + k * (i + 1.3))) / 64,
    );
    return [name, { dims, data }];
  }),
);

/** The wrapping of regions: recomputed, or left as they are. */
type Wrap = typeof recompute;
const asItIs: Wrap = (body, inputs) => body(inputs);

/** Two layers of the form x + silu(norm(x)·Aᵀ)·Bᵀ, cut into regions in different ways. */
const MODELS: Readonly<Record<string, (wrap: Wrap, inputs: Inputs) => Node>> = {
  'a region per layer': (wrap, { x, a0, b0, a1, b1, norm }) => only(wrap(layer(norm), [only(wrap(layer(norm), [x, a0, b0])), a1, b1])),
  'both layers in one region': (wrap, { x, a0, b0, a1, b1, norm }) =>
    only(wrap(([u, c0, d0, c1, d1]) => layer(norm)([only(layer(norm)([u, c0, d0] as Node[])), c1, d1] as Node[]), [x, a0, b0, a1, b1])),
  'a region inside a region': (wrap, { x, a0, b0, a1, b1, norm }) =>
    only(
      wrap(([u, c0, d0, c1, d1]) => layer(norm)([only(wrap(layer(norm), [u, c0, d0] as Node[])), c1, d1] as Node[]), [x, a0, b0, a1, b1]),
    ),
  'regions with a second, detached result': (wrap, { x, a0, b0, a1, b1, norm }) => {
    const [h, kept] = wrap(twoResults(norm), [x, a0, b0]) as [Node, Node];
    const [y] = wrap(twoResults(norm), [add(h, stopGradient(kept)), a1, b1]) as [Node, Node];
    return y;
  },
  'a region with two results that are both differentiated': (wrap, { x, a0, b0, a1, b1, norm }) => {
    const [h, kept] = wrap(twoResults(norm), [x, a0, b0]) as [Node, Node];
    return only(wrap(layer(norm), [add(h, kept), a1, b1]));
  },
};

function layer(norm: Node): (inputs: readonly Node[]) => readonly Node[] {
  return (inputs) => [twoResults(norm)(inputs)[0] as Node];
}

/** The layer's result and its inner activation; `[T, D]` each. */
function twoResults(norm: Node): (inputs: readonly Node[]) => readonly Node[] {
  return ([x, a, b]) => {
    const inner = silu(matMul(rmsNormalization(x as Node, norm, 1e-5), a as Node, { transB: true })); // [T, D]
    return [add(x as Node, matMul(inner, b as Node, { transB: true })), inner];
  };
}

const only = ([node]: readonly Node[]): Node => node as Node;

/** Loss and gradients of a model, whose regions are recomputed or not. */
function trainingGraph(model: string, wrap: Wrap): Graph {
  const shape = (name: string) => (name === 'norm' ? [WIDTH] : [name === 'x' || name === 'target' ? 'T' : WIDTH, WIDTH]);
  const inputs = Object.fromEntries(NAMES.map((name) => [name, input(name, shape(name))])) as Inputs;
  const error = sub((MODELS[model] as (typeof MODELS)[string])(wrap, inputs), inputs.target);
  const loss = sumAll(mul(error, error));
  const results = gradients(
    loss,
    DIFFERENTIATED.map((name) => inputs[name]),
  );
  return makeGraph({ loss, ...Object.fromEntries(DIFFERENTIATED.map((name, i) => [`gradient/${name}`, results[i] as Node])) });
}

async function runOnnx(graph: Graph): Promise<Record<string, Value>> {
  const executable = await onnxRuntimeBackend({ threads: 1 }).compile(graph, new Map());
  const outputs = await executable.run(Object.fromEntries(Object.entries(FEEDS).map(([name, value]) => [name, tensorFromValue(value)])));
  await executable.release();
  return Object.fromEntries(Object.entries(outputs).map(([name, { dims, data }]) => [name, { dims, data: Float64Array.from(data) }]));
}

/** Of all outputs, the largest difference relative to the largest number of its output. */
function worstGap(got: Record<string, Value>, expected: Record<string, Value>): number {
  const gaps = Object.entries(expected).map(([name, { data }]) => {
    const largest = data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    return data.reduce((most, value, k) => Math.max(most, Math.abs(value - (got[name]?.data[k] ?? Infinity))), 0) / largest;
  });
  return Math.max(...gaps);
}

const sigmoids = (nodes: readonly Node[]): Node[] => nodes.filter(({ op }) => op === 'Sigmoid');

describe.each(Object.keys(MODELS))('%s', (model) => {
  const expected = evaluate(trainingGraph(model, asItIs), FEEDS);

  it('gives the same loss and gradients on the reference interpreter', () => {
    expect(worstGap(evaluate(trainingGraph(model, recompute), FEEDS), expected)).toBeLessThanOrEqual(FLOAT64);
    expect(Object.values(expected).every(({ data }) => data.some((value) => Math.abs(value) > 0.1))).toBe(true);
  });

  it('gives the same loss and gradients on ONNX Runtime', async () => {
    expect(worstGap(await runOnnx(trainingGraph(model, recompute)), expected)).toBeLessThanOrEqual(FLOAT32);
    expect(worstGap(await runOnnx(trainingGraph(model, asItIs)), expected)).toBeLessThanOrEqual(FLOAT32);
  });

  it('computes its inner values again, and not before a gradient has arrived', () => {
    const { outputs, order } = trainingGraph(model, recompute);
    const first = new Set(topologicalOrder([outputs['loss'] as Node]));
    expect(sigmoids([...first])).toHaveLength(2);
    const again = sigmoids(order).filter((node) => !first.has(node));
    expect(again.length).toBeGreaterThanOrEqual(2);
    for (const node of again) expect(topologicalOrder([node]).some(({ op }) => op === 'Barrier')).toBe(true);
    // The plain graph keeps what it has.
    expect(sigmoids(trainingGraph(model, asItIs).order)).toHaveLength(2);
  });
});

test('a region that ignores one of its inputs is refused', () => {
  const [x, unused] = [input('x', [2]), input('unused', [2])];
  const squared = recompute(([u]) => [mul(u as Node, u as Node)], [x, unused]);
  expect(() => gradients(sumAll(only(squared)), [x])).toThrow(InternalError);
});
