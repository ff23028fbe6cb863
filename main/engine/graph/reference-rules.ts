/** @file What each operation means, as plainly as it can be written: loops over every element, in double precision. */
import { elementCount } from '#engine/tensor/tensor.ts';
import type { OpAttributes, OpName } from './op.ts';

/** All types are held as doubles: int32 exactly, bool as 0 and 1. */
export interface Value {
  readonly dims: readonly number[];
  readonly data: Float64Array;
}

type Computed = Exclude<OpName, 'Input' | 'Parameter' | 'Constant'>;
export type ReferenceRule<Name extends OpName> = (inputs: readonly Value[], attributes: OpAttributes[Name]) => Value;

const unary =
  (f: (x: number) => number) =>
  ([x]: readonly Value[]): Value => ({ dims: of(x).dims, data: of(x).data.map(f) });

const binary =
  (f: (a: number, b: number) => number) =>
  ([a, b]: readonly Value[]): Value => {
    const dims = broadcastDims(of(a).dims, of(b).dims);
    return build(dims, (at) => f(broadcastRead(of(a), at), broadcastRead(of(b), at)));
  };

/** Folds the elements that differ only along `axes`. */
const reduce =
  (f: (elements: readonly number[]) => number) =>
  ([x]: readonly Value[], { axes, keepDims }: OpAttributes['ReduceSum']): Value => {
    const kept = of(x).dims.map((dim, axis) => (axes.includes(axis) ? 1 : dim));
    const groups = Array.from({ length: elementCount(kept) }, (): number[] => []);
    forEachIndex(of(x).dims, (at, flat) =>
      groups[
        offset(
          kept,
          at.map((i, axis) => (axes.includes(axis) ? 0 : i)),
        )
      ]?.push(of(x).data[flat] as number),
    );
    const dims = keepDims ? kept : kept.filter((_, axis) => !axes.includes(axis));
    return { dims, data: Float64Array.from(groups, f) };
  };

const sum = (xs: readonly number[]): number => xs.reduce((total, x) => total + x, 0);
const mean = (xs: readonly number[]): number => sum(xs) / xs.length;
const max = (xs: readonly number[]): number => xs.reduce((most, x) => Math.max(most, x), -Infinity);
const logSumExp = (xs: readonly number[]): number => {
  const top = max(xs);
  return top + Math.log(sum(xs.map((x) => Math.exp(x - top))));
};
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** Rewrites each row of the last axis. */
const perRow = (x: Value, width: number, f: (row: readonly number[]) => readonly number[], dims: readonly number[]): Value => {
  const size = x.dims.at(-1) ?? 1;
  const rows = size === 0 ? 0 : x.data.length / size;
  const data = new Float64Array(rows * width);
  for (let row = 0; row < rows; row++) data.set(f([...x.data.subarray(row * size, (row + 1) * size)]), row * width);
  return { dims, data };
};

export const referenceRules: { readonly [Name in Computed]: ReferenceRule<Name> } & Partial<Record<OpName, unknown>> = {
  Add: binary((a, b) => a + b),
  Sub: binary((a, b) => a - b),
  Mul: binary((a, b) => a * b),
  Div: binary((a, b) => a / b),
  Neg: unary((x) => -x),
  Exp: unary(Math.exp),
  Log: unary(Math.log),
  Sqrt: unary(Math.sqrt),
  Sigmoid: unary(sigmoid),
  Softplus: unary((x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))),
  Relu: unary((x) => Math.max(x, 0)),
  Equal: binary((a, b) => (a === b ? 1 : 0)),
  Greater: binary((a, b) => (a > b ? 1 : 0)),
  Cast: ([x], { to }) => unary(to === 'bool' ? (v) => (v === 0 ? 0 : 1) : to === 'int32' ? Math.trunc : (v) => v)([of(x)]),

  MatMul: ([a, b], { transA, transB, alpha }) => {
    const A = transA ? swapLastAxes(of(a)) : of(a); // [..., M, K]
    const B = transB ? swapLastAxes(of(b)) : of(b); // [..., K, N]
    const inner = A.dims.at(-1) ?? 1;
    const dims = [...broadcastDims(A.dims.slice(0, -2), B.dims.slice(0, -2)), A.dims.at(-2) ?? 1, B.dims.at(-1) ?? 1];
    return build(dims, (at) => {
      const lead = at.slice(0, -2);
      let total = 0;
      for (let k = 0; k < inner; k++) {
        total += broadcastRead(A, [...lead, at.at(-2) as number, k]) * broadcastRead(B, [...lead, k, at.at(-1) as number]);
      }
      return alpha * total;
    });
  },

  ReduceSum: reduce(sum),
  ReduceMean: reduce(mean),
  ReduceMax: reduce(max),
  Softmax: ([x]) =>
    perRow(
      of(x),
      of(x).dims.at(-1) ?? 1,
      (row) => {
        const total = logSumExp(row);
        return row.map((v) => Math.exp(v - total));
      },
      of(x).dims,
    ),
  ReduceLogSumExp: ([x]) => perRow(of(x), 1, (row) => [logSumExp(row)], [...of(x).dims.slice(0, -1), 1]),
  ArgMax: ([x]) => perRow(of(x), 1, (row) => [row.indexOf(max(row))], of(x).dims.slice(0, -1)),

  Reshape: ([x], { shape }) => ({ dims: resolveDims(shape, of(x)), data: of(x).data }),
  Transpose: ([x], { permutation }) =>
    build(
      permutation.map((axis) => of(x).dims[axis] as number),
      (at) =>
        read(
          of(x),
          permutation.map((_, axis) => at[permutation.indexOf(axis)] as number),
        ),
    ),
  Expand: ([x, like]) => build(of(like).dims, (at) => broadcastRead(of(x), at)),
  Concat: (inputs, { axis }) => {
    const dims = of(inputs[0]).dims.map((dim, i) => (i === axis ? sum(inputs.map((x) => x.dims[axis] as number)) : dim));
    return build(dims, (at) => {
      let position = at[axis] as number;
      for (const x of inputs) {
        const size = x.dims[axis] as number;
        if (position < size) return read(x, at.with(axis, position));
        position -= size;
      }
      return Number.NaN;
    });
  },
  Slice: ([x], { axis, start, end }) =>
    build(of(x).dims.with(axis, end - start), (at) => read(of(x), at.with(axis, (at[axis] as number) + start))),

  Gather: ([x, index]) => gatherRows(of(x), of(index), 'wrap'),
  ScatterAdd: ([updates, index, like]) => {
    const width = elementCount(of(like).dims.slice(1));
    const data = new Float64Array(of(like).data.length);
    of(index).data.forEach((row, i) => {
      for (let k = 0; k < width; k++)
        data[row * width + k] = (data[row * width + k] as number) + (of(updates).data[i * width + k] as number);
    });
    return { dims: of(like).dims, data };
  },
  GatherElements: ([x, index]) => build(of(index).dims, (at) => read(of(x), at.with(-1, read(of(index), at)))),
  ScatterElementsAdd: ([updates, index, like]) => {
    const data = new Float64Array(of(like).data.length);
    forEachIndex(of(index).dims, (at, flat) => {
      const to = offset(of(like).dims, at.with(-1, of(index).data[flat] as number));
      data[to] = (data[to] as number) + (of(updates).data[flat] as number);
    });
    return { dims: of(like).dims, data };
  },

  RMSNormalization: ([x, scale], { epsilon }) =>
    perRow(
      of(x),
      of(x).dims.at(-1) ?? 1,
      (row) => {
        const r = 1 / Math.sqrt(mean(row.map((v) => v * v)) + epsilon);
        return row.map((v, i) => v * r * (of(scale).data[i] as number));
      },
      of(x).dims,
    ),
  RotaryEmbedding: ([x, cos, sin], { headDim }) => {
    const half = headDim / 2;
    return build(of(x).dims, ([t = 0, d = 0]) => {
      const inHead = d % headDim;
      const k = inHead % half;
      const own = read(of(x), [t, d]);
      const other = inHead < half ? -read(of(x), [t, d + half]) : read(of(x), [t, d - half]);
      return own * read(of(cos), [t, k]) + other * read(of(sin), [t, k]);
    });
  },

  StopGradient: ([x]) => of(x),
  GatherRows: ([x, index]) => {
    const width = of(x).dims.at(-1) as number;
    return gatherRows({ dims: [of(x).data.length / width, width], data: of(x).data }, of(index), 'zero');
  },
  Barrier: ([x]) => of(x),
  Linearised: ([value]) => of(value),
  Recompute: ([x]) => of(x),
};

function gatherRows(x: Value, index: Value, negative: 'wrap' | 'zero'): Value {
  const rows = x.dims[0] as number;
  const width = elementCount(x.dims.slice(1));
  const data = new Float64Array(index.data.length * width);
  index.data.forEach((at, i) => {
    const row = at < 0 && negative === 'wrap' ? at + rows : at;
    if (row >= 0) data.set(x.data.subarray(row * width, (row + 1) * width), i * width);
  });
  return { dims: [...index.dims, ...x.dims.slice(1)], data };
}

/** Sizes of symbolic dimensions of a reshape, from the number of elements and the sizes that stay in place. */
function resolveDims(shape: readonly (number | string)[], x: Value): readonly number[] {
  const known = shape.map((dim) => (typeof dim === 'number' ? dim : null));
  const open = known.filter((dim) => dim === null).length;
  if (open === 0) return known as number[];
  if (open === 1) {
    const rest = known.reduce<number>((product, dim) => product * (dim ?? 1), 1);
    return known.map((dim) => dim ?? x.data.length / rest);
  }
  // Of several symbolic dimensions, all but the last stay where they were.
  const last = known.lastIndexOf(null);
  const dims = known.map((dim, axis) => dim ?? (axis === last ? 1 : (x.dims[axis] as number)));
  return dims.with(last, x.data.length / elementCount(dims));
}

function swapLastAxes(x: Value): Value {
  const rank = x.dims.length;
  const dims = [...x.dims.slice(0, -2), x.dims[rank - 1] as number, x.dims[rank - 2] as number];
  return build(dims, (at) => read(x, [...at.slice(0, -2), at[rank - 1] as number, at[rank - 2] as number]));
}

function build(dims: readonly number[], element: (at: readonly number[]) => number): Value {
  const data = new Float64Array(elementCount(dims));
  forEachIndex(dims, (at, flat) => {
    data[flat] = element(at);
  });
  return { dims, data };
}

function forEachIndex(dims: readonly number[], visit: (at: readonly number[], flat: number) => void): void {
  const at = dims.map(() => 0);
  const count = elementCount(dims);
  for (let flat = 0; flat < count; flat++) {
    visit(at, flat);
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      at[axis] = (at[axis] as number) + 1;
      if ((at[axis] as number) < (dims[axis] as number)) break;
      at[axis] = 0;
    }
  }
}

function offset(dims: readonly number[], at: readonly number[]): number {
  return dims.reduce((flat, dim, axis) => flat * dim + (at[axis] as number), 0);
}

const read = (x: Value, at: readonly number[]): number => x.data[offset(x.dims, at)] as number;

function broadcastRead(x: Value, at: readonly number[]): number {
  const lead = at.length - x.dims.length;
  return read(
    x,
    x.dims.map((dim, axis) => (dim === 1 ? 0 : (at[axis + lead] as number))),
  );
}

function broadcastDims(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const [p, q] = [a[axis - (rank - a.length)] ?? 1, b[axis - (rank - b.length)] ?? 1];
    return p === 1 ? q : p;
  });
}

/** Arity was checked when the node was made. */
const of = (value: Value | undefined): Value => value as Value;
