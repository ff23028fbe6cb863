/** @file The lowering that every provider understands: standard ONNX operations only. Provider tables replace single rules of it. */
import type { NodeOf } from '#engine/graph/node.ts';
import { inputOf } from '#engine/graph/node.ts';
import type { OpName } from '#engine/graph/op.ts';
import type { DType } from '#engine/tensor/tensor.ts';
import type { LoweringRule, LoweringTable } from './lowering.ts';
import type { OnnxWriter } from './onnx-writer.ts';

/** onnx.TensorProto.DataType */
const CAST_TARGETS: Readonly<Record<DType, number>> = { float32: 1, int32: 6, bool: 9 };

const same =
  (opType: string): LoweringRule<OpName> =>
  (writer, _node, inputs) =>
    writer.node(opType, inputs);

/** Softmax of the last axis; kept apart because two rules share it. */
const softmaxOf = (writer: OnnxWriter, x: string) => writer.node('Softmax', [x], { attributes: { axis: -1 } });

export const standardOps: LoweringTable = {
  Add: same('Add'),
  Sub: same('Sub'),
  Mul: same('Mul'),
  Div: same('Div'),
  Neg: same('Neg'),
  Exp: same('Exp'),
  Log: same('Log'),
  Sqrt: same('Sqrt'),
  Sigmoid: same('Sigmoid'),
  Softplus: same('Softplus'),
  Relu: same('Relu'),
  Equal: same('Equal'),
  Greater: same('Greater'),
  Cast: (writer, node, inputs) => writer.node('Cast', inputs, { attributes: { to: CAST_TARGETS[node.attributes.to] } }),

  MatMul: (writer, node, [a = '', b = '']) => {
    const { transA, transB, alpha } = node.attributes;
    const left = transA ? swapLastAxes(writer, a, inputOf(node, 0).shape.length) : a;
    const right = transB ? swapLastAxes(writer, b, inputOf(node, 1).shape.length) : b;
    const product = writer.node('MatMul', [left, right]);
    return alpha === 1 ? product : writer.node('Mul', [product, writer.scalar(alpha)]);
  },

  ReduceSum: reduce('ReduceSum'),
  ReduceMean: reduce('ReduceMean'),
  ReduceMax: reduce('ReduceMax'),
  Softmax: (writer, _node, [x = '']) => softmaxOf(writer, x),
  // log Σ exp x = max x − log max softmax(x): the softmax kernel is vectorised and the backward pass wants its result anyway.
  ReduceLogSumExp: (writer, _node, [x = '']) => {
    const top = reduceLast(writer, 'ReduceMax', x);
    return writer.node('Sub', [top, writer.node('Log', [reduceLast(writer, 'ReduceMax', softmaxOf(writer, x))])]);
  },
  ArgMax: (writer, _node, inputs) =>
    writer.node('Cast', [writer.node('ArgMax', inputs, { attributes: { axis: -1, keepdims: 0 } })], {
      attributes: { to: CAST_TARGETS.int32 },
    }),

  Reshape: (writer, node, [x = '']) => writer.node('Reshape', [x, writer.int64(reshapeTarget(node))]),
  Transpose: (writer, node, inputs) => writer.node('Transpose', inputs, { attributes: { perm: node.attributes.permutation } }),
  Expand: (writer, node, [x = '', like = '']) => {
    const { shape } = node.attributes;
    const numeric = shape.every((dim) => typeof dim === 'number');
    return writer.node('Expand', [x, numeric ? writer.int64(shape) : writer.node('Shape', [like])]);
  },
  Concat: (writer, node, inputs) => writer.node('Concat', inputs, { attributes: { axis: node.attributes.axis } }),
  Slice: (writer, node, [x = '']) => {
    const { axis, start, end } = node.attributes;
    return writer.node('Slice', [x, writer.int64([start]), writer.int64([end]), writer.int64([axis])]);
  },

  Gather: (writer, _node, inputs) => writer.node('Gather', inputs, { attributes: { axis: 0 } }),
  ScatterAdd: scatterRows(zerosLike, (writer, _node, index) => placesOf(writer, index)),
  GatherElements: (writer, _node, inputs) => writer.node('GatherElements', inputs, { attributes: { axis: -1 } }),
  ScatterElementsAdd: scatterElements(zerosLike),

  RMSNormalization: (writer, node, [x = '', scale = '']) => {
    const meanSquare = writer.node('ReduceMean', [writer.node('Mul', [x, x]), writer.int64([-1])], { attributes: { keepdims: 1 } });
    const root = writer.node('Sqrt', [writer.node('Add', [meanSquare, writer.scalar(node.attributes.epsilon)])]);
    return writer.node('Mul', [writer.node('Div', [x, root]), scale]);
  },
  RotaryEmbedding: (writer, node, [x = '', cos = '', sin = '']) => {
    const { headDim } = node.attributes;
    const width = inputOf(node, 0).shape[1] as number;
    const heads = writer.node('Reshape', [x, writer.int64([0, width / headDim, headDim])]); // [T, heads, H]
    const [c, s] = [cos, sin].map((table) => writer.node('Unsqueeze', [table, writer.int64([1])])) as [string, string]; // [T, 1, H/2]
    const half = (start: number) =>
      writer.node('Slice', [heads, writer.int64([start]), writer.int64([start + headDim / 2]), writer.int64([2])]);
    const [first, second] = [half(0), half(headDim / 2)];
    const rotatedFirst = writer.node('Sub', [writer.node('Mul', [first, c]), writer.node('Mul', [second, s])]);
    const rotatedSecond = writer.node('Add', [writer.node('Mul', [second, c]), writer.node('Mul', [first, s])]);
    const rotated = writer.node('Concat', [rotatedFirst, rotatedSecond], { attributes: { axis: 2 } });
    return writer.node('Reshape', [rotated, writer.int64([0, width])]);
  },

  StopGradient: (_writer, _node, [x = '']) => x,
  // The row of zeros is the last one, which is what ONNX's negative index −1 means.
  GatherRows: (writer, node, [x = '', index = '']) => {
    const width = inputOf(node, 0).shape.at(-1) as number;
    const rows = inputOf(node, 0).shape.length === 2 ? x : writer.node('Reshape', [x, writer.int64([-1, width])]);
    const zero = writer.constant({ dtype: 'float32', dims: [1, width], data: new Float32Array(width) });
    return writer.node('Gather', [writer.node('Concat', [rows, zero], { attributes: { axis: 0 } }), index], { attributes: { axis: 0 } });
  },
  // x + 0·(one element of the node to wait for)
  Barrier: (writer, _node, [x = '', after = '']) => {
    const flat = writer.node('Reshape', [after, writer.int64([-1])]);
    const element = writer.node('Gather', [flat, writer.int64([0], [])], { attributes: { axis: 0 } });
    return writer.node('Add', [x, writer.node('Mul', [element, writer.scalar(0)])]);
  },
  Linearised: (_writer, _node, [value = '']) => value,
  Recompute: (_writer, _node, [value = '']) => value,
};

/** Zeros of the shape of a value, made in the way that a provider does best. */
type MakeZeros = (writer: OnnxWriter, like: string) => string;

/** Indices [..., 1] say where along axis 0 each row goes. */
type MakePlaces = (writer: OnnxWriter, node: NodeOf<'ScatterAdd'>, index: string) => string;

export function placesOf(writer: OnnxWriter, index: string): string {
  return writer.node('Unsqueeze', [writer.node('Cast', [index], { attributes: { to: 7 } }), writer.int64([-1])]);
}

/** ScatterND adds rows that meet. */
export function scatterRows(zeros: MakeZeros, places: MakePlaces): LoweringRule<'ScatterAdd'> {
  return (writer, node, [updates = '', index = '', like = '']) =>
    writer.node('ScatterND', [zeros(writer, like), places(writer, node, index), updates], { attributes: { reduction: 'add' } });
}

export function scatterElements(zeros: MakeZeros): LoweringRule<'ScatterElementsAdd'> {
  return (writer, _node, [updates = '', index = '', like = '']) =>
    writer.node('ScatterElements', [zeros(writer, like), index, updates], { attributes: { axis: -1, reduction: 'add' } });
}

function reduce(opType: 'ReduceSum' | 'ReduceMean' | 'ReduceMax'): LoweringRule<'ReduceSum' | 'ReduceMean' | 'ReduceMax'> {
  return (writer, node, [x = '']) =>
    writer.node(opType, [x, writer.int64(node.attributes.axes)], { attributes: { keepdims: node.attributes.keepDims ? 1 : 0 } });
}

function reduceLast(writer: OnnxWriter, opType: 'ReduceMax', x: string): string {
  return writer.node(opType, [x, writer.int64([-1])], { attributes: { keepdims: 1 } });
}

function swapLastAxes(writer: OnnxWriter, x: string, rank: number): string {
  const perm = Array.from({ length: rank }, (_, axis) => axis);
  [perm[rank - 2], perm[rank - 1]] = [rank - 1, rank - 2];
  return writer.node('Transpose', [x], { attributes: { perm } });
}

function zerosLike(writer: OnnxWriter, like: string): string {
  return writer.node('ConstantOfShape', [writer.node('Shape', [like])]);
}

/** 0 keeps a symbolic dimension that stays in place; −1, allowed once, works the last one out. */
function reshapeTarget(node: NodeOf<'Reshape'>): number[] {
  const { shape } = node.attributes;
  const last = shape.findLastIndex((dim) => typeof dim === 'string');
  return shape.map((dim, axis) => (typeof dim === 'number' ? dim : axis === last ? -1 : 0));
}
