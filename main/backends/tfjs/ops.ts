/** @file Every operation of the graph over TensorFlow.js. Gradients come from the graph itself, so none of TensorFlow.js's are used. */
import type * as tfjs from '@tensorflow/tfjs-core';
import { InternalError } from '#contract/errors.ts';
import type { NodeOf } from '#engine/graph/node.ts';
import type { OpName } from '#engine/graph/op.ts';
import { elementCount } from '#engine/tensor/tensor.ts';

export type Tf = typeof tfjs;
type Tensor = tfjs.Tensor;
type Leaf = 'Input' | 'Parameter' | 'Constant';

/** What an operation gives is a tensor of its own, even where it is a view of its input. It runs inside a `tidy`. */
export type TfRule<Name extends OpName> = (tf: Tf, inputs: readonly Tensor[], node: NodeOf<Name>) => Tensor;
export type TfTable = { readonly [Name in Exclude<OpName, Leaf>]: TfRule<Name> };

/** Arity was checked when the node was made. */
const at = (inputs: readonly Tensor[], index: number): Tensor => inputs[index] as Tensor;

const unary =
  (apply: (tf: Tf) => (x: Tensor) => Tensor): TfRule<OpName> =>
  (tf, inputs) =>
    apply(tf)(at(inputs, 0));

const binary =
  (apply: (tf: Tf) => (a: Tensor, b: Tensor) => Tensor): TfRule<OpName> =>
  (tf, inputs) =>
    apply(tf)(at(inputs, 0), at(inputs, 1));

const reduction =
  (apply: (tf: Tf) => (x: Tensor, axes: number[], keepDims: boolean) => Tensor): TfRule<'ReduceSum' | 'ReduceMean' | 'ReduceMax'> =>
  (tf, inputs, { attributes }) =>
    apply(tf)(at(inputs, 0), [...attributes.axes], attributes.keepDims);

const identity = unary((tf) => (x) => tf.clone(x));

export const tfOps: TfTable = {
  Add: binary((tf) => tf.add),
  Sub: binary((tf) => tf.sub),
  Mul: binary((tf) => tf.mul),
  Div: binary((tf) => tf.div),
  Neg: unary((tf) => tf.neg),
  Exp: unary((tf) => tf.exp),
  Log: unary((tf) => tf.log),
  Sqrt: unary((tf) => tf.sqrt),
  Sigmoid: unary((tf) => tf.sigmoid),
  // log(1 + exp(−|x|)) + max(x, 0): the library's own loses digits on one of its backends.
  Softplus: unary((tf) => (x) => tf.add(tf.relu(x), tf.log(tf.add(tf.exp(tf.neg(tf.abs(x))), 1)))),
  Relu: unary((tf) => tf.relu),
  Equal: binary((tf) => tf.equal),
  Greater: binary((tf) => tf.greater),
  // One backend casts to bool by cutting off a byte.
  Cast: (tf, inputs, { attributes: { to } }) => (to === 'bool' ? tf.notEqual(at(inputs, 0), 0) : tf.cast(at(inputs, 0), to)),

  MatMul: (tf, inputs, { attributes: { transA, transB, alpha } }) => {
    const [a, b] = withSameLead(tf, at(inputs, 0), at(inputs, 1));
    const product =
      tf.getBackend() === 'wasm' ? wasmProduct(tf, [a, b], { transA, transB }) : nativeProduct(tf, [a, b], { transA, transB });
    return alpha === 1 ? product : tf.mul(product, alpha);
  },

  ReduceSum: reduction((tf) => tf.sum),
  ReduceMean: reduction((tf) => tf.mean),
  ReduceMax: reduction((tf) => tf.max),
  Softmax: unary((tf) => (x) => tf.softmax(x)),
  ReduceLogSumExp: unary((tf) => (x) => tf.logSumExp(x, -1, true)),
  ArgMax: unary((tf) => (x) => tf.argMax(x, -1)),

  Reshape: (tf, inputs, node) => tf.reshape(at(inputs, 0), reshapeTarget(node, at(inputs, 0))),
  Transpose: (tf, inputs, { attributes }) => tf.transpose(at(inputs, 0), [...attributes.permutation]),
  Expand: (tf, inputs) => tf.broadcastTo(at(inputs, 0), at(inputs, 1).shape),
  Concat: (tf, inputs, { attributes }) => tf.concat([...inputs], attributes.axis),
  Slice: (tf, inputs, { attributes: { axis, start, end } }) => {
    const x = at(inputs, 0);
    const begin = x.shape.map((_, i) => (i === axis ? start : 0));
    return tf.slice(x, begin, x.shape.with(axis, end - start));
  },

  Gather: (tf, inputs) => tf.gather(at(inputs, 0), asInt(tf, at(inputs, 1))),
  ScatterAdd: (tf, inputs) => {
    const [updates, index, like] = [at(inputs, 0), at(inputs, 1), at(inputs, 2)];
    const width = elementCount(like.shape.slice(1));
    return scatterRows(tf, { updates: tf.reshape(updates, [-1, width]), index: tf.reshape(index, [-1]), shape: like.shape });
  },
  GatherElements: (tf, inputs) => {
    const [x, index] = [at(inputs, 0), at(inputs, 1)];
    return tf.reshape(tf.gather(tf.reshape(x, [-1]), flatIndex(tf, index, x.shape.at(-1) as number)), index.shape);
  },
  ScatterElementsAdd: (tf, inputs) => {
    const [updates, index, like] = [at(inputs, 0), at(inputs, 1), at(inputs, 2)];
    const places = flatIndex(tf, index, like.shape.at(-1) as number);
    const flat = scatterRows(tf, { updates: tf.reshape(updates, [-1, 1]), index: places, shape: [like.size, 1] });
    return tf.reshape(flat, like.shape);
  },

  RMSNormalization: (tf, inputs, { attributes: { epsilon } }) => {
    const [x, scale] = [at(inputs, 0), at(inputs, 1)];
    const root = tf.sqrt(tf.add(tf.mean(tf.mul(x, x), -1, true), epsilon));
    return tf.mul(tf.div(x, root), scale);
  },
  RotaryEmbedding: (tf, inputs, { attributes: { headDim } }) => {
    const [x, cos, sin] = [at(inputs, 0), at(inputs, 1), at(inputs, 2)];
    const [tokens = 0, width = 0] = x.shape;
    const [heads, half] = [width / headDim, headDim / 2];
    const split = tf.reshape(x, [tokens, heads, headDim]);
    const [c, s] = [cos, sin].map((table) => tf.reshape(table, [tokens, 1, half])) as [Tensor, Tensor]; // [T, 1, H/2]
    const first = tf.slice(split, [0, 0, 0], [tokens, heads, half]);
    const second = tf.slice(split, [0, 0, half], [tokens, heads, half]);
    const rotated = [tf.sub(tf.mul(first, c), tf.mul(second, s)), tf.add(tf.mul(second, c), tf.mul(first, s))];
    return tf.reshape(tf.concat(rotated, 2), [tokens, width]);
  },

  StopGradient: identity,
  // A row of zeros stands before all others, so that −1, one up, is its index.
  GatherRows: (tf, inputs) => {
    const [x, index] = [at(inputs, 0), at(inputs, 1)];
    const width = x.shape.at(-1) as number;
    const rows = tf.concat([tf.zeros([1, width]), tf.reshape(x, [-1, width])], 0);
    return tf.gather(rows, tf.add(asInt(tf, index), tf.scalar(1, 'int32')));
  },
  // Nodes run in the graph's order, in which the second input comes before.
  Barrier: identity,
  Linearised: identity,
  Recompute: identity,
};

interface Transposed {
  readonly transA: boolean;
  readonly transB: boolean;
}

/**
 * A · Bᵀ as (B · Aᵀ)ᵀ where B, a weight, is the larger side: TensorFlow's processor kernel copies a transposed right side, which takes two to three times
 * as long as the product.
 */
function nativeProduct(tf: Tf, [a, b]: readonly [Tensor, Tensor], { transA, transB }: Transposed): Tensor {
  return !transA && transB && isLargerMatrix(b, a) ? tf.transpose(tf.matMul(b, a, false, true)) : tf.matMul(a, b, transA, transB);
}

/** WebAssembly's kernel is slow, up to eighteen times, for every side that is to be read transposed; so the smaller one is turned before. */
function wasmProduct(tf: Tf, [a, b]: readonly [Tensor, Tensor], { transA, transB }: Transposed): Tensor {
  const left = transA ? swapLastAxes(tf, a) : a;
  if (!transB) return tf.matMul(left, b);
  return isLargerMatrix(b, left) ? tf.transpose(tf.matMul(b, tf.transpose(left))) : tf.matMul(left, swapLastAxes(tf, b));
}

function isLargerMatrix(x: Tensor, than: Tensor): boolean {
  return x.rank === 2 && than.rank === 2 && (x.shape[0] ?? 0) > (than.shape[0] ?? 0);
}

function swapLastAxes(tf: Tf, x: Tensor): Tensor {
  const axes = x.shape.map((_, axis) => axis);
  return tf.transpose(x, [...axes.slice(0, -2), x.rank - 1, x.rank - 2]);
}

/** Leading axes broadcast by hand: WebAssembly's product gets it wrong where both sides have an axis of one. */
function withSameLead(tf: Tf, a: Tensor, b: Tensor): [Tensor, Tensor] {
  const [left, right] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
  if (left.join() === right.join()) return [a, b];
  const rank = Math.max(left.length, right.length);
  const lead = Array.from({ length: rank }, (_, i) => Math.max(left.at(i - rank) ?? 1, right.at(i - rank) ?? 1));
  return [tf.broadcastTo(a, [...lead, ...a.shape.slice(-2)]), tf.broadcastTo(b, [...lead, ...b.shape.slice(-2)])];
}

/** Adds rows that meet. @param scatter - updates `[n, width]`, index `[n]` */
function scatterRows(tf: Tf, { updates, index, shape }: { updates: Tensor; index: Tensor; shape: readonly number[] }): Tensor {
  const rows = shape[0] as number;
  const summed = tf.scatterND(tf.expandDims(asInt(tf, index), -1), updates, [rows, updates.shape[1] as number]);
  return tf.reshape(summed, [...shape]);
}

/** Where each element of `index` `[…, J]` lies in a table `[…, size]` that is laid out flat. */
function flatIndex(tf: Tf, index: Tensor, size: number): Tensor {
  const perRow = index.shape.at(-1) as number;
  const rows = tf.range(0, index.size / perRow, 1, 'int32');
  const starts = tf.reshape(tf.mul(rows, tf.scalar(size, 'int32')), [-1, 1]); // [rows, 1]
  return tf.reshape(tf.add(tf.reshape(asInt(tf, index), [-1, perRow]), starts), [-1]);
}

function asInt(tf: Tf, index: Tensor): Tensor1D {
  return tf.cast(index, 'int32') as Tensor1D;
}
type Tensor1D = tfjs.Tensor1D;

/** A symbolic dimension stays in place; the last one is worked out. */
function reshapeTarget({ attributes: { shape } }: NodeOf<'Reshape'>, x: Tensor): number[] {
  const last = shape.findLastIndex((dim) => typeof dim === 'string');
  return shape.map((dim, axis) => {
    if (typeof dim === 'number') return dim;
    if (axis === last) return -1;
    const kept = x.shape[axis];
    if (kept === undefined) throw new InternalError(`Reshape to [${shape.join(', ')}] keeps an axis that is not there.`);
    return kept;
  });
}
