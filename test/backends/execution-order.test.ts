/** @file The order that ONNX Runtime is assumed to run nodes in. */
import { describe, expect, it } from 'vitest';
import { executionOrder } from '#backends/onnxruntime/execution-order.ts';
import { gradients } from '#engine/graph/gradient.ts';
import { makeGraph, neededInputs } from '#engine/graph/graph.ts';
import type { Graph } from '#engine/graph/graph.ts';
import type { Node } from '#engine/graph/node.ts';
import { add, exp, input, matMul, mul, neg, relu, sigmoid, silu, sumAll } from '#engine/graph/operations.ts';
import { recompute } from '#engine/graph/recompute.ts';

const x = input('x', ['T', 4]);
const weight = input('w', [4, 4]);

/** A layer that is computed again in the backward pass, and its gradient. */
function training(): Graph {
  const [y] = recompute(([u, w]) => [add(u as Node, silu(matMul(u as Node, w as Node)))], [x, weight]) as [Node];
  const loss = sumAll(mul(y, y));
  return makeGraph({ loss, gradient: gradients(loss, [weight])[0] as Node });
}

const diamond = (): Graph => {
  const a = exp(x);
  return makeGraph({ y: add(mul(neg(a), sigmoid(a)), a) });
};

const needing = (): Graph => {
  const a = exp(x);
  return makeGraph({ a, b: neg(a) });
};

describe.each([
  ['a diamond', diamond()],
  ['a training step with a recomputed layer', training()],
  ['two outputs, one of which the other needs', needing()],
  ['one node as two outputs', makeGraph({ a: x, b: x })],
])('of %s', (_what, graph) => {
  const order = executionOrder(graph);

  it('every needed node comes once', () => {
    expect(order).toHaveLength(graph.order.length);
    expect(new Set(order)).toEqual(new Set(graph.order));
  });

  it('inputs come before their users', () => {
    const place = new Map(order.map((node, i) => [node, i]));
    const late = order.filter((node, i) => neededInputs(node).some((needed) => (place.get(needed) ?? Infinity) >= i));
    expect(late).toEqual([]);
  });
});

describe('execution order', () => {
  it('computes everything for the last output first', () => {
    const [first, shared, last] = [exp(x), relu(x), sigmoid(x)];
    const graph = makeGraph({ a: neg(first), b: add(shared, shared), c: mul(last, shared) });
    const ops = executionOrder(graph).map(({ op }) => op);
    expect(ops).toEqual(['Input', 'Sigmoid', 'Relu', 'Mul', 'Add', 'Exp', 'Neg']);
    expect(graph.order.map(({ op }) => op)).toEqual(['Input', 'Exp', 'Neg', 'Relu', 'Add', 'Sigmoid', 'Mul']);
  });

  it('of two inputs computes the one that was written last first', () => {
    const [early, late] = [exp(x), relu(x)];
    const ops = (y: Node) => executionOrder(makeGraph({ y })).map(({ op }) => op);
    expect(ops(add(early, late))).toEqual(['Input', 'Relu', 'Exp', 'Add']);
    // Both branches reach the sum; what is shared is not computed twice.
    expect(ops(add(neg(early), early))).toEqual(['Input', 'Exp', 'Neg', 'Add']);
  });

  it('survives a chain that a recursive walk would not', () => {
    let y = x;
    for (let i = 0; i < 20_000; i++) y = neg(y);
    expect(executionOrder(makeGraph({ y }))).toHaveLength(20_001);
  });
});
