/** @file The vocabulary for writing models and losses: one function per operation, plus the few compositions everybody needs. */
import type { DType, Tensor } from '#engine/tensor/tensor.ts';
import { floatTensor } from '#engine/tensor/tensor.ts';
import { makeNode } from './node.ts';
import type { Node } from './node.ts';
import { dimAt, normaliseAxis, sameShape } from './shape.ts';
import type { Shape } from './shape.ts';

export const input = (name: string, shape: Shape, dtype: DType = 'float32'): Node => makeNode('Input', [], { name, dtype, shape });
export const parameter = (name: string, shape: Shape, { exact = false }: { readonly exact?: boolean } = {}): Node =>
  makeNode('Parameter', [], { name, shape, exact });
export const constant = (tensor: Tensor): Node => makeNode('Constant', [], { tensor });
export const scalar = (value: number): Node => constant(floatTensor([], [value]));

export const add = (a: Node, b: Node): Node => makeNode('Add', [a, b], {});
export const sub = (a: Node, b: Node): Node => makeNode('Sub', [a, b], {});
export const mul = (a: Node, b: Node): Node => makeNode('Mul', [a, b], {});
export const div = (a: Node, b: Node): Node => makeNode('Div', [a, b], {});
export const neg = (x: Node): Node => makeNode('Neg', [x], {});
export const exp = (x: Node): Node => makeNode('Exp', [x], {});
export const log = (x: Node): Node => makeNode('Log', [x], {});
export const sqrt = (x: Node): Node => makeNode('Sqrt', [x], {});
export const sigmoid = (x: Node): Node => makeNode('Sigmoid', [x], {});
export const softplus = (x: Node): Node => makeNode('Softplus', [x], {});
export const relu = (x: Node): Node => makeNode('Relu', [x], {});
export const equal = (a: Node, b: Node): Node => makeNode('Equal', [a, b], {});
export const greater = (a: Node, b: Node): Node => makeNode('Greater', [a, b], {});
export const cast = (x: Node, to: DType): Node => makeNode('Cast', [x], { to });
export const scale = (x: Node, factor: number): Node => (factor === 1 ? x : mul(x, scalar(factor)));
/** log σ(x) */
export const logSigmoid = (x: Node): Node => neg(softplus(neg(x)));
/** x · σ(x) */
export const silu = (x: Node): Node => mul(x, sigmoid(x));

export interface MatMulOptions {
  readonly transA?: boolean;
  readonly transB?: boolean;
  readonly alpha?: number;
}
export const matMul = (a: Node, b: Node, { transA = false, transB = false, alpha = 1 }: MatMulOptions = {}): Node =>
  makeNode('MatMul', [a, b], { transA, transB, alpha });

interface ReduceOptions {
  readonly keepDims?: boolean;
}
type Reduction = 'ReduceSum' | 'ReduceMean' | 'ReduceMax';
const reduce =
  (op: Reduction) =>
  (x: Node, axes: readonly number[], { keepDims = false }: ReduceOptions = {}): Node => {
    const sorted = axes.map((axis) => normaliseAxis(axis, x.shape.length)).toSorted((a, b) => a - b);
    return sorted.length === 0 ? x : makeNode(op, [x], { axes: sorted, keepDims });
  };
export const reduceSum = reduce('ReduceSum');
export const reduceMean = reduce('ReduceMean');
export const reduceMax = reduce('ReduceMax');
export const sumAll = (x: Node): Node =>
  reduceSum(
    x,
    x.shape.map((_, axis) => axis),
  ); // []
export const meanAll = (x: Node): Node =>
  reduceMean(
    x,
    x.shape.map((_, axis) => axis),
  ); // []
export const softmax = (x: Node): Node => makeNode('Softmax', [x], {});
export const reduceLogSumExp = (x: Node): Node => makeNode('ReduceLogSumExp', [x], {});
export const argMax = (x: Node): Node => makeNode('ArgMax', [x], {});

export const reshape = (x: Node, shape: Shape): Node => (sameShape(x.shape, shape) ? x : makeNode('Reshape', [x], { shape }));
export const transpose = (x: Node, permutation: readonly number[]): Node => makeNode('Transpose', [x], { permutation });
/** `x` broadcast to the shape of `like`. */
export const expandLike = (x: Node, like: Node): Node =>
  sameShape(x.shape, like.shape) ? x : makeNode('Expand', [x, like], { shape: like.shape });
export const concat = (inputs: readonly Node[], axis: number): Node => {
  const [first] = inputs;
  if (inputs.length === 1 && first) return first;
  return makeNode('Concat', inputs, { axis: normaliseAxis(axis, first?.shape.length ?? 0) });
};
export const slice = (x: Node, axis: number, start: number, end: number): Node => {
  const at = normaliseAxis(axis, x.shape.length);
  return start === 0 && end === dimAt(x.shape, at) ? x : makeNode('Slice', [x], { axis: at, start, end });
};

export const gather = (x: Node, index: Node): Node => makeNode('Gather', [x, index], {});
export const scatterAdd = (updates: Node, index: Node, like: Node): Node => makeNode('ScatterAdd', [updates, index, like], {});
export const gatherElements = (x: Node, index: Node): Node => makeNode('GatherElements', [x, index], {});
export const scatterElementsAdd = (updates: Node, index: Node, like: Node): Node =>
  makeNode('ScatterElementsAdd', [updates, index, like], {});
export const gatherRows = (x: Node, index: Node, inverse: Node): Node => makeNode('GatherRows', [x, index, inverse], {});

export const rmsNormalization = (x: Node, weight: Node, epsilon: number): Node => makeNode('RMSNormalization', [x, weight], { epsilon });
export const rotaryEmbedding = (x: Node, cos: Node, sin: Node, headDim: number): Node =>
  makeNode('RotaryEmbedding', [x, cos, sin], { headDim });

export const stopGradient = (x: Node): Node => makeNode('StopGradient', [x], {});
export const barrier = (x: Node, after: Node): Node => makeNode('Barrier', [x, after], {});

/** `value` with the gradient `slope` towards `x`; see op.ts. */
export const linearised = (value: Node, x: Node, slope: Node): Node => makeNode('Linearised', [value, x, slope], {});

/** Sums `x` over the axes along which a tensor shaped like `target` was broadcast to it. */
export function sumToShapeOf(x: Node, target: Node): Node {
  if (sameShape(x.shape, target.shape)) return x;
  const lead = x.shape.length - target.shape.length;
  const kept = reduceSum(
    x,
    Array.from({ length: lead }, (_, axis) => axis),
  );
  const axes = target.shape.flatMap((dim, axis) => (dim === 1 && kept.shape[axis] !== 1 ? [axis] : []));
  return reduceSum(kept, axes, { keepDims: true });
}
