/** @file Operations and bytes of graphs small enough to count by hand. A float32 or int32 element has 4 bytes. */
import { describe, expect, it } from 'vitest';
import { InternalError } from '#contract/errors.ts';
import { dimSizes, matMulFlops, peakBytes } from '#engine/graph/cost.ts';
import { makeGraph } from '#engine/graph/graph.ts';
import type { Node } from '#engine/graph/node.ts';
import {
  add,
  barrier,
  exp,
  greater,
  input,
  matMul,
  mul,
  neg,
  parameter,
  reduceSum,
  reshape,
  stopGradient,
  sumAll,
} from '#engine/graph/operations.ts';

const sizes = (known: Readonly<Record<string, number>> = {}) => new Map(Object.entries(known));

describe('dimSizes', () => {
  const graph = makeGraph({ y: matMul(input('x', ['T', 3]), input('w', [3, 'D'])) });

  it('reads named dimensions from the dims of what is fed', () => {
    const dims: Readonly<Record<string, readonly number[]>> = { x: [7, 3], w: [3, 5] };
    expect([...dimSizes(graph, (name) => dims[name])]).toEqual([
      ['T', 7],
      ['D', 5],
    ]);
  });

  it('leaves out those of inputs that are not fed', () => {
    expect([...dimSizes(graph, (name) => (name === 'x' ? [7, 3] : undefined))]).toEqual([['T', 7]]);
  });
});

describe('matMulFlops', () => {
  const flops = (y: Node, known: Readonly<Record<string, number>>) => matMulFlops(makeGraph({ y }), sizes(known));
  const known = { T: 7, U: 2, n: 3, G: 5 };

  it.each([
    ['[T, 3]·[3, 5]', matMul(input('x', ['T', 3]), parameter('w', [3, 5])), 2 * 7 * 3 * 5],
    ['[T, 3]·[5, 3]ᵀ', matMul(input('x', ['T', 3]), parameter('w', [5, 3]), { transB: true }), 2 * 7 * 3 * 5],
    ['[T, 3]ᵀ·[T, 5]', matMul(input('x', ['T', 3]), input('y', ['T', 5]), { transA: true }), 2 * 7 * 3 * 5],
    ['[T, 8*n]·[8*n, 2]', matMul(input('x', ['T', '8*n']), input('y', ['8*n', 2])), 2 * 7 * (8 * 3) * 2],
    ['[T, 4]·[T+U, 4]ᵀ', matMul(input('q', ['T', 4]), input('k', ['T+U', 4]), { transB: true }), 2 * 7 * 4 * (7 + 2)],
    ['[G*n, T, 4]·[G*n, 4, 6]', matMul(input('q', ['G*n', 'T', 4]), input('k', ['G*n', 4, 6])), 2 * (5 * 3) * 7 * 4 * 6],
    ['[G, T, 4]·[4, 6]', matMul(input('q', ['G', 'T', 4]), parameter('w', [4, 6])), 2 * 5 * 7 * 4 * 6],
  ])('counts two operations per multiply-add of %s', (_what, product, expected) => {
    expect(flops(product, known)).toBe(expected);
  });

  it('adds up all products, and counts nothing else', () => {
    const x = input('x', ['T', 3]);
    const inner = exp(matMul(x, parameter('a', [3, 5]))); // [T, 5]
    expect(flops(add(x, matMul(inner, parameter('b', [5, 3]))), known)).toBe(2 * (2 * 7 * 3 * 5));
    expect(flops(sumAll(exp(x)), known)).toBe(0);
  });

  it('refuses a dimension whose size is not known', () => {
    const product = matMul(input('x', ['T', '8*n']), input('y', ['8*n', 2]));
    expect(() => flops(product, { T: 7 })).toThrow(InternalError);
    expect(() => flops(product, { T: 7 })).toThrow('The size of dimension n is not known.');
  });
});

describe('peakBytes', () => {
  const peak = (outputs: Readonly<Record<string, Node>>, known: Readonly<Record<string, number>> = {}) => {
    const graph = makeGraph(outputs);
    return peakBytes(graph, graph.order, sizes(known));
  };
  /** 4 elements: 16 bytes. */
  const x = () => input('x', [4]);
  const square = () => parameter('w', [2, 2]);

  it('does not count inputs and parameters', () => {
    expect(peak({ y: matMul(input('x', [2, 2]), square()) })).toBe(16);
    expect(peak({ y: input('x', [1000]) })).toBe(0);
  });

  it('lets an elementwise operation write over its input', () => {
    expect(peak({ y: neg(exp(neg(exp(x())))) })).toBe(16);
  });

  it('gives every product a buffer of its own', () => {
    const first = matMul(input('x', [2, 2]), square());
    expect(peak({ y: matMul(matMul(first, square()), square()) })).toBe(32);
  });

  it('does not write over an input of the graph, nor over one of another size', () => {
    expect(peak({ y: exp(x()) })).toBe(16);
    // [2] beside [2, 2], which the sum needs whole
    expect(peak({ y: add(exp(input('row', [2])), input('x', [2, 2])) })).toBe(8 + 16);
  });

  it('keeps a value until its last use', () => {
    const kept = exp(x());
    const chain = neg(exp(neg(exp(kept)))); // in one buffer, beside what is kept
    expect(peak({ y: add(kept, chain) })).toBe(32);
    expect(peak({ y: chain })).toBe(16);
  });

  it('needs a second buffer where both sides are the same value', () => {
    const twice = exp(x());
    expect(peak({ y: mul(twice, twice) })).toBe(32);
  });

  it('costs nothing for views, whose buffer lives as long as they do', () => {
    const values = exp(x());
    const view = stopGradient(reshape(values, [2, 2]));
    expect(peak({ y: neg(view) })).toBe(16);
    expect(peak({ y: add(matMul(matMul(view, square()), square()), view) })).toBe(16 * 3);
    expect(peak({ y: exp(reshape(x(), [2, 2])) })).toBe(16);
  });

  it('keeps outputs, also those that are views', () => {
    const a = exp(x());
    expect(peak({ a, y: neg(a) })).toBe(32);
    expect(peak({ a: reshape(a, [2, 2]), y: neg(a) })).toBe(32);
  });

  it('frees what nobody needs any more', () => {
    const sum = (name: string) => sumAll(exp(input(name, [100])));
    // 400 bytes at a time, beside one sum and then the next
    expect(peak({ y: add(sum('a'), sum('b')) })).toBe(400 + 4 + 4);
  });

  it('depends on the order', () => {
    const big = (name: string) => exp(input(name, [100]));
    const [a, b] = [big('a'), big('b')];
    const [sumA, sumB] = [reduceSum(a, [0]), reduceSum(b, [0])];
    const y = add(sumA, sumB);
    const graph = makeGraph({ y });
    const leaves = graph.order.filter(({ op }) => op === 'Input');
    expect(peakBytes(graph, [...leaves, a, sumA, b, sumB, y], sizes())).toBe(408);
    expect(peakBytes(graph, [...leaves, a, b, sumA, sumB, y], sizes())).toBe(804);
  });

  it('counts a byte for a bool, and sizes that are known only when the graph runs', () => {
    const [left, right] = [input('x', ['T', '2*n']), input('y', ['T', '2*n'])];
    expect(peak({ y: greater(left, right) }, { T: 5, n: 3 })).toBe(30);
    expect(peak({ y: exp(left) }, { T: 5, n: 3 })).toBe(120);
  });

  it('lets a barrier pass its value on without a copy', () => {
    expect(peak({ y: barrier(exp(x()), input('after', [1])) })).toBe(16);
  });
});
