/** @file The gradient of every operation, written with operations: given the cotangent of the result, the cotangents of the inputs. */
import type { Node, NodeOf } from './node.ts';
import { inputOf } from './node.ts';
import {
  add,
  barrier,
  cast,
  concat,
  div,
  equal,
  expandLike,
  gather,
  gatherElements,
  gatherRows,
  greater,
  matMul,
  mul,
  neg,
  reduceMean,
  reduceSum,
  reshape,
  rotaryEmbedding,
  scalar,
  scale,
  scatterAdd,
  scatterElementsAdd,
  sigmoid,
  slice,
  softmax,
  sqrt,
  sub,
  sumToShapeOf,
  transpose,
} from './operations.ts';
import type { OpName } from './op.ts';
import { pullBack } from './gradient.ts';
import { dimAt } from './shape.ts';
import type { Dim } from './shape.ts';
import { InternalError } from '#contract/errors.ts';

/**
 * @param node - the operation that was applied
 * @param dy - cotangent of its result, of the result's shape
 * @param needs - whether the cotangent of input `index` will be used; rules may skip work for those that are not
 * @returns cotangent per input, or null where there is none
 */
export type GradientRule<Name extends OpName> = (
  node: NodeOf<Name>,
  dy: Node,
  needs: (index: number) => boolean,
) => readonly (Node | null)[];

const none = () => [];

/** For y = f(x) elementwise. */
const unary = <Name extends OpName>(derivative: (x: Node, y: Node) => Node): GradientRule<Name> => {
  return (node, dy) => [mul(dy, derivative(inputOf(node, 0), node as unknown as Node))];
};

export const gradientRules: { readonly [Name in OpName]: GradientRule<Name> } = {
  Input: none,
  Parameter: none,
  Constant: none,

  Add: (node, dy) => node.inputs.map((x) => sumToShapeOf(dy, x)),
  Sub: (node, dy, needs) => [
    needs(0) ? sumToShapeOf(dy, inputOf(node, 0)) : null,
    needs(1) ? neg(sumToShapeOf(dy, inputOf(node, 1))) : null,
  ],
  Mul: (node, dy, needs) => {
    const [a, b] = [inputOf(node, 0), inputOf(node, 1)];
    return [needs(0) ? sumToShapeOf(mul(dy, b), a) : null, needs(1) ? sumToShapeOf(mul(dy, a), b) : null];
  },
  Div: (node, dy, needs) => {
    const [a, b] = [inputOf(node, 0), inputOf(node, 1)];
    return [needs(0) ? sumToShapeOf(div(dy, b), a) : null, needs(1) ? sumToShapeOf(neg(div(mul(dy, a), mul(b, b))), b) : null];
  },
  Neg: (_, dy) => [neg(dy)],
  Exp: unary((_, y) => y),
  Log: (node, dy) => [div(dy, inputOf(node, 0))],
  Sqrt: (node, dy) => [div(dy, scale(sqrt(inputOf(node, 0)), 2))],
  Sigmoid: unary((_, y) => mul(y, sub(scalar(1), y))),
  Softplus: unary((x) => sigmoid(x)),
  Relu: unary((x) => cast(greater(x, scalar(0)), 'float32')),
  Equal: none,
  Greater: none,
  Cast: (node, dy) => [inputOf(node, 0).dtype === 'float32' && node.dtype === 'float32' ? dy : null],

  // C = α·op(A)·op(B); with C̄ = dy: dA = α·dy·op(B)ᵀ and dB = α·op(A)ᵀ·dy, transposed back where A or B came in transposed.
  MatMul: (node, dy, needs) => {
    const [a, b] = [inputOf(node, 0), inputOf(node, 1)];
    const { transA, transB, alpha } = node.attributes;
    const da = () => (transA ? matMul(b, dy, { transA: transB, transB: true, alpha }) : matMul(dy, b, { transB: !transB, alpha }));
    const db = () => (transB ? matMul(dy, a, { transA: true, transB: transA, alpha }) : matMul(a, dy, { transA: !transA, alpha }));
    return [needs(0) ? sumToShapeOf(da(), a) : null, needs(1) ? sumToShapeOf(db(), b) : null];
  },

  ReduceSum: (node, dy) => [expandLike(keepAxes(node, dy), inputOf(node, 0))],
  ReduceMean: (node, dy) => {
    const x = inputOf(node, 0);
    return [expandLike(mul(keepAxes(node, dy), reciprocalCount(x, node.attributes.axes)), x)];
  },
  // Where several elements share the maximum, each gets an equal part.
  ReduceMax: (node, dy) => {
    const x = inputOf(node, 0);
    const isMax = cast(equal(x, keepAxes(node, node)), 'float32');
    const ties = reduceSum(isMax, node.attributes.axes, { keepDims: true });
    return [mul(isMax, div(keepAxes(node, dy), ties))];
  },
  Softmax: (node, dy) => {
    const weighted = mul(dy, node);
    return [sub(weighted, mul(node, reduceSum(weighted, [-1], { keepDims: true })))];
  },
  ReduceLogSumExp: (node, dy) => [mul(softmax(inputOf(node, 0)), dy)],
  ArgMax: none,

  Reshape: (node, dy) => [reshape(dy, inputOf(node, 0).shape)],
  Transpose: (node, dy) => [
    transpose(
      dy,
      node.attributes.permutation.map((_, axis) => node.attributes.permutation.indexOf(axis)),
    ),
  ],
  Expand: (node, dy) => [sumToShapeOf(dy, inputOf(node, 0)), null],
  Concat: (node, dy, needs) => {
    const { axis } = node.attributes;
    let start = 0;
    return node.inputs.map((x, index) => {
      if (!node.inputs.some((_, later) => later >= index && needs(later))) return null;
      const end = start + numeric(dimAt(x.shape, axis));
      const part = needs(index) ? slice(dy, axis, start, end) : null;
      start = end;
      return part;
    });
  },
  Slice: (node, dy) => {
    const x = inputOf(node, 0);
    const { axis, start, end } = node.attributes;
    const zeros = (from: number, to: number) => (from === to ? [] : [expandLike(scalar(0), slice(x, axis, from, to))]);
    return [concat([...zeros(0, start), dy, ...zeros(end, numeric(dimAt(x.shape, axis)))], axis)];
  },

  Gather: (node, dy) => [scatterAdd(dy, inputOf(node, 1), inputOf(node, 0)), null],
  ScatterAdd: (node, dy) => [gather(dy, inputOf(node, 1)), null, null],
  GatherElements: (node, dy) => [scatterElementsAdd(dy, inputOf(node, 1), inputOf(node, 0)), null],
  ScatterElementsAdd: (node, dy) => [gatherElements(dy, inputOf(node, 1)), null, null],

  // y = x·r·w with r = (mean(x²)+ε)^-½: dx = r·(g − x·r²·mean(g·x)), g = dy·w.
  RMSNormalization: (node, dy, needs) => {
    const [x, weight] = [inputOf(node, 0), inputOf(node, 1)];
    const r = div(scalar(1), sqrt(add(reduceMean(mul(x, x), [-1], { keepDims: true }), scalar(node.attributes.epsilon)))); // [..., 1]
    const g = mul(dy, weight); // [..., D]
    const slope = mul(mul(r, r), reduceMean(mul(g, x), [-1], { keepDims: true })); // [..., 1]
    return [needs(0) ? mul(r, sub(g, mul(x, slope))) : null, needs(1) ? sumToShapeOf(mul(dy, mul(x, r)), weight) : null];
  },
  // A rotation's transpose is the rotation back. The tables are functions of positions and get no gradient.
  RotaryEmbedding: (node, dy) => [rotaryEmbedding(dy, inputOf(node, 1), neg(inputOf(node, 2)), node.attributes.headDim), null, null],

  StopGradient: none,
  GatherRows: (node, dy) => [gatherRows(dy, inputOf(node, 2), inputOf(node, 1)), null, null],
  Barrier: (_, dy) => [dy, null],
  Linearised: (node, dy) => [null, mul(dy, inputOf(node, 2)), null],
  Recompute: (node, dy) => {
    const { body, outputIndex } = node.attributes.region;
    const restarted = node.inputs.slice(1).map((x) => barrier(x, dy));
    const value = body(restarted)[outputIndex] as Node;
    return [null, ...pullBack(value, dy, restarted)];
  },
};

/** `value`, of a reduction's result shape, with the reduced axes back as ones. */
function keepAxes(node: NodeOf<'ReduceSum' | 'ReduceMean' | 'ReduceMax'>, value: Node): Node {
  const { axes, keepDims } = node.attributes;
  return keepDims
    ? value
    : reshape(
        value,
        inputOf(node, 0).shape.map((dim, axis) => (axes.includes(axis) ? 1 : dim)),
      );
}

/** 1 / (number of elements averaged), counted at run time when a dimension is symbolic. */
function reciprocalCount(x: Node, axes: readonly number[]): Node {
  const dims = axes.map((axis) => dimAt(x.shape, axis));
  if (dims.every((dim) => typeof dim === 'number')) return scalar(1 / dims.reduce<number>((product, dim) => product * dim, 1));
  const ones = expandLike(scalar(1), x);
  return div(scalar(1), reduceSum(ones, axes, { keepDims: true }));
}

/** Splitting along a symbolic axis is not needed by any graph here; refusing is better than a wrong gradient. */
function numeric(dim: Dim): number {
  if (typeof dim !== 'number') throw new InternalError(`The gradient of Concat or Slice needs the size of its axis; ${dim} is symbolic.`);
  return dim;
}
