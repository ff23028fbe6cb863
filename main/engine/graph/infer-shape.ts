/** @file Shape and type of every operation's result; wrong inputs are refused here, when the graph is made. */
import { ShapeError } from '#contract/errors.ts';
import type { DType } from '#engine/tensor/tensor.ts';
import type { Node } from './node.ts';
import type { OpAttributes, OpName } from './op.ts';
import { broadcastShapes, dimAt, productOfDims, sameShape, showShape, sumOfDims } from './shape.ts';
import type { Shape } from './shape.ts';

export interface Inferred {
  readonly shape: Shape;
  readonly dtype: DType;
}

type Rule<Name extends OpName> = (inputs: readonly Node[], attributes: OpAttributes[Name]) => Inferred;

const unary = (op: string) => (inputs: readonly Node[]) => {
  const [x] = take(op, inputs, 1);
  return { shape: x.shape, dtype: x.dtype };
};

const binary = (op: string) => (inputs: readonly Node[]) => {
  const [a, b] = take(op, inputs, 2);
  requireSame(op, a.dtype, b.dtype);
  return { shape: broadcastShapes(a.shape, b.shape), dtype: a.dtype };
};

const comparison = (op: string) => (inputs: readonly Node[]) => ({ shape: binary(op)(inputs).shape, dtype: 'bool' as const });

const reduce =
  (op: string) =>
  (inputs: readonly Node[], { axes, keepDims }: OpAttributes['ReduceSum']) => {
    const [x] = take(op, inputs, 1);
    for (const axis of axes) dimAt(x.shape, axis);
    const shape = x.shape.flatMap((dim, axis) => (axes.includes(axis) ? (keepDims ? [1] : []) : [dim]));
    return { shape, dtype: x.dtype };
  };

export const inferShapeRules: { readonly [Name in OpName]: Rule<Name> } = {
  Input: (_, { shape, dtype }) => ({ shape, dtype }),
  Parameter: (_, { shape }) => ({ shape, dtype: 'float32' }),
  Constant: (_, { tensor }) => ({ shape: tensor.dims, dtype: tensor.dtype }),

  Add: binary('Add'),
  Sub: binary('Sub'),
  Mul: binary('Mul'),
  Div: binary('Div'),
  Neg: unary('Neg'),
  Exp: unary('Exp'),
  Log: unary('Log'),
  Sqrt: unary('Sqrt'),
  Sigmoid: unary('Sigmoid'),
  Softplus: unary('Softplus'),
  Relu: unary('Relu'),
  Equal: comparison('Equal'),
  Greater: comparison('Greater'),
  Cast: (inputs, { to }) => ({ shape: take('Cast', inputs, 1)[0].shape, dtype: to }),

  MatMul: (inputs, { transA, transB }) => {
    const [a, b] = take('MatMul', inputs, 2);
    const [rows, innerA] = transA ? [dimAt(a.shape, -1), dimAt(a.shape, -2)] : [dimAt(a.shape, -2), dimAt(a.shape, -1)];
    const [innerB, columns] = transB ? [dimAt(b.shape, -1), dimAt(b.shape, -2)] : [dimAt(b.shape, -2), dimAt(b.shape, -1)];
    if (innerA !== innerB) {
      throw new ShapeError(
        `MatMul of ${showShape(a.shape)}${transA ? 'ᵀ' : ''} and ${showShape(b.shape)}${transB ? 'ᵀ' : ''}: ${innerA} against ${innerB}.`,
      );
    }
    return { shape: [...broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2)), rows, columns], dtype: 'float32' };
  },

  ReduceSum: reduce('ReduceSum'),
  ReduceMean: reduce('ReduceMean'),
  ReduceMax: reduce('ReduceMax'),
  Softmax: unary('Softmax'),
  ReduceLogSumExp: (inputs) => {
    const [x] = take('ReduceLogSumExp', inputs, 1);
    return { shape: [...x.shape.slice(0, -1), 1], dtype: x.dtype };
  },
  ArgMax: (inputs) => ({ shape: take('ArgMax', inputs, 1)[0].shape.slice(0, -1), dtype: 'int32' }),

  Reshape: (inputs, { shape }) => {
    const [x] = take('Reshape', inputs, 1);
    if (productOfDims(x.shape) !== productOfDims(shape)) {
      throw new ShapeError(`Reshape of ${showShape(x.shape)} to ${showShape(shape)} changes the number of elements.`);
    }
    return { shape, dtype: x.dtype };
  },
  Transpose: (inputs, { permutation }) => {
    const [x] = take('Transpose', inputs, 1);
    if (permutation.toSorted((a, b) => a - b).some((axis, i) => axis !== i) || permutation.length !== x.shape.length) {
      throw new ShapeError(`Transpose of ${showShape(x.shape)}: [${permutation.join(', ')}] is no permutation of its axes.`);
    }
    return { shape: permutation.map((axis) => dimAt(x.shape, axis)), dtype: x.dtype };
  },
  Expand: (inputs, { shape }) => {
    const [x, like] = take('Expand', inputs, 2);
    if (!sameShape(like.shape, shape) || !sameShape(broadcastShapes(x.shape, shape), shape)) {
      throw new ShapeError(`Expand of ${showShape(x.shape)} to ${showShape(shape)}, like ${showShape(like.shape)}.`);
    }
    return { shape, dtype: x.dtype };
  },
  Concat: (inputs, { axis }) => {
    const first = inputs[0];
    if (!first) throw new ShapeError('Concat needs at least one input.');
    for (const x of inputs) {
      requireSame('Concat', x.dtype, first.dtype);
      if (x.shape.length !== first.shape.length || x.shape.some((dim, i) => i !== axis && dim !== first.shape[i])) {
        throw new ShapeError(`Concat along axis ${axis} of ${inputs.map((input) => showShape(input.shape)).join(', ')}.`);
      }
    }
    return {
      shape: first.shape.map((dim, i) => (i === axis ? sumOfDims(inputs.map((x) => dimAt(x.shape, axis))) : dim)),
      dtype: first.dtype,
    };
  },
  Slice: (inputs, { axis, start, end }) => {
    const [x] = take('Slice', inputs, 1);
    const size = dimAt(x.shape, axis);
    if (typeof size !== 'number' || start < 0 || end > size || start > end) {
      throw new ShapeError(`Slice ${start}:${end} of axis ${axis} of ${showShape(x.shape)}.`);
    }
    return { shape: x.shape.map((dim, i) => (i === axis ? end - start : dim)), dtype: x.dtype };
  },

  Gather: (inputs) => {
    const [x, index] = take('Gather', inputs, 2);
    requireSame('Gather', index.dtype, 'int32');
    return { shape: [...index.shape, ...x.shape.slice(1)], dtype: x.dtype };
  },
  ScatterAdd: (inputs) => {
    const [updates, index, like] = take('ScatterAdd', inputs, 3);
    const expected = [...index.shape, ...like.shape.slice(1)];
    if (!sameShape(updates.shape, expected)) {
      throw new ShapeError(`ScatterAdd of updates ${showShape(updates.shape)}; expected ${showShape(expected)}.`);
    }
    return { shape: like.shape, dtype: updates.dtype };
  },
  GatherElements: (inputs) => {
    const [x, index] = take('GatherElements', inputs, 2);
    requireSame('GatherElements', index.dtype, 'int32');
    return { shape: index.shape, dtype: x.dtype };
  },
  ScatterElementsAdd: (inputs) => {
    const [updates, index, like] = take('ScatterElementsAdd', inputs, 3);
    if (!sameShape(updates.shape, index.shape)) {
      throw new ShapeError(`ScatterElementsAdd of updates ${showShape(updates.shape)} at indices ${showShape(index.shape)}.`);
    }
    return { shape: like.shape, dtype: updates.dtype };
  },

  RMSNormalization: (inputs) => {
    const [x, scale] = take('RMSNormalization', inputs, 2);
    if (!sameShape(scale.shape, x.shape.slice(-1))) {
      throw new ShapeError(`RMSNormalization of ${showShape(x.shape)} with scale ${showShape(scale.shape)}.`);
    }
    return { shape: x.shape, dtype: x.dtype };
  },
  RotaryEmbedding: (inputs, { headDim }) => {
    const [x, cos, sin] = take('RotaryEmbedding', inputs, 3);
    const table = [dimAt(x.shape, 0), headDim / 2];
    const width = dimAt(x.shape, 1);
    if (
      !sameShape(cos.shape, table) ||
      !sameShape(sin.shape, table) ||
      x.shape.length !== 2 ||
      typeof width !== 'number' ||
      width % headDim !== 0
    ) {
      throw new ShapeError(
        `RotaryEmbedding of ${showShape(x.shape)} with cos ${showShape(cos.shape)}, sin ${showShape(sin.shape)}, heads of ${headDim}.`,
      );
    }
    return { shape: x.shape, dtype: x.dtype };
  },

  StopGradient: unary('StopGradient'),
  GatherRows: (inputs) => {
    const [x, index, inverse] = take('GatherRows', inputs, 3);
    requireSame('GatherRows', index.dtype, 'int32');
    if (!sameShape(inverse.shape, x.shape.slice(0, -1)) || typeof x.shape.at(-1) !== 'number') {
      throw new ShapeError(`GatherRows of ${showShape(x.shape)} with an inverse of ${showShape(inverse.shape)}.`);
    }
    return { shape: [...index.shape, dimAt(x.shape, -1)], dtype: x.dtype };
  },
  Barrier: (inputs) => {
    const [x] = take('Barrier', inputs, 2);
    return { shape: x.shape, dtype: x.dtype };
  },
  Linearised: (inputs) => {
    const [value, x, slope] = take('Linearised', inputs, 3);
    if (!sameShape(x.shape, slope.shape) || !sameShape(value.shape, [dimAt(x.shape, 0), 1])) {
      throw new ShapeError(`Linearised value ${showShape(value.shape)} of ${showShape(x.shape)} with slope ${showShape(slope.shape)}.`);
    }
    return { shape: value.shape, dtype: value.dtype };
  },
  Recompute: (inputs) => {
    const x = inputs[0];
    if (!x) throw new ShapeError('Recompute needs its value.');
    return { shape: x.shape, dtype: x.dtype };
  },
};

function take<N extends 1 | 2 | 3>(
  op: string,
  inputs: readonly Node[],
  count: N,
): N extends 1 ? [Node] : N extends 2 ? [Node, Node] : [Node, Node, Node] {
  if (inputs.length !== count) throw new ShapeError(`${op} takes ${count} inputs, got ${inputs.length}.`);
  return [...inputs] as ReturnType<typeof take<N>>;
}

function requireSame(op: string, got: DType, expected: DType): void {
  if (got !== expected) throw new ShapeError(`${op} needs ${expected}, got ${got}.`);
}
