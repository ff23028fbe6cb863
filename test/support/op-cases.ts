/** @file For every operation, a way to make a random use of it: shapes, values and attributes from one seed. */
import type { Node } from '#engine/graph/node.ts';
import { makeNode } from '#engine/graph/node.ts';
import type { OpName } from '#engine/graph/op.ts';
import * as o from '#engine/graph/operations.ts';
import { recompute } from '#engine/graph/recompute.ts';
import type { Value } from '#engine/graph/reference-rules.ts';
import { elementCount } from '#engine/tensor/tensor.ts';

export interface OpCase {
  readonly node: Node;
  readonly feeds: Readonly<Record<string, Value>>;
  /** The float inputs whose gradient is checked. */
  readonly differentiable: readonly Node[];
}

type Computed = Exclude<OpName, 'Input' | 'Parameter' | 'Constant'>;

/** Draws numbers and declares inputs: every dimension of a declared input may be symbolic. */
class Draw {
  #state: number;
  readonly feeds: Record<string, Value> = {};
  readonly floats: Node[] = [];

  constructor(seed: number) {
    this.#state = seed >>> 0 || 1;
  }

  /** In [0, 1): xorshift32, good enough to vary test inputs. */
  unit(): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (this.#state >>> 0) / 2 ** 32;
  }

  int(low: number, high: number): number {
    return low + Math.floor(this.unit() * (high - low + 1));
  }

  bool(): boolean {
    return this.unit() < 0.5;
  }

  dims(rank: number): number[] {
    return Array.from({ length: rank }, () => this.int(1, 4));
  }

  /** Values are multiples of 1/64, so float32 and float64 start from the same numbers. */
  float(dims: readonly number[], { low = -2, high = 2, symbolic = [] as readonly (string | null)[] } = {}): Node {
    const name = `x${this.floats.length}`;
    const node = o.input(
      name,
      dims.map((dim, axis) => symbolic[axis] ?? dim),
    );
    const data = Float64Array.from({ length: elementCount(dims) }, () => Math.round((low + this.unit() * (high - low)) * 64) / 64);
    this.feeds[name] = { dims, data };
    this.floats.push(node);
    return node;
  }

  /** Float values of which no two are closer than 1/8, so that a maximum or a comparison stays what it is under a small change. */
  distinct(dims: readonly number[]): Node {
    const node = this.float(dims);
    const order = this.permutation(elementCount(dims));
    const data = Float64Array.from(order, (rank) => (rank - Math.floor(order.length / 2)) / 8 + 1 / 32);
    this.feeds[`x${this.floats.length - 1}`] = { dims, data };
    return node;
  }

  index(dims: readonly number[], low: number, high: number): Node {
    return this.indexOf(
      dims,
      Array.from({ length: elementCount(dims) }, () => this.int(low, high)),
    );
  }

  indexOf(dims: readonly number[], values: readonly number[]): Node {
    const name = `i${Object.keys(this.feeds).length}`;
    this.feeds[name] = { dims, data: Float64Array.from(values) };
    return o.input(name, dims, 'int32');
  }

  permutation(length: number): number[] {
    const order = Array.from({ length }, (_, i) => i);
    for (let i = length - 1; i > 0; i--) {
      const j = this.int(0, i);
      [order[i], order[j]] = [order[j] as number, order[i] as number];
    }
    return order;
  }
}

type Maker = (draw: Draw) => Node;

const unary =
  (f: (x: Node) => Node, range: { low?: number; high?: number } = {}): Maker =>
  (draw) =>
    f(draw.float(draw.dims(draw.int(0, 3)), range));

/** Two operands, one of them with some axes missing or of size 1. */
const binary =
  (f: (a: Node, b: Node) => Node, range: { low?: number; high?: number } = {}): Maker =>
  (draw) => {
    const dims = draw.dims(draw.int(1, 3));
    const small = dims.slice(draw.int(0, dims.length - 1)).map((dim) => (draw.bool() ? dim : 1));
    const operands = [draw.float(dims), draw.float(small, range)] as const;
    return f(...operands);
  };

const reduction =
  (f: typeof o.reduceSum, distinct = false): Maker =>
  (draw) => {
    const dims = draw.dims(3);
    const axes = [0, 1, 2].filter(() => draw.bool());
    const x = distinct ? draw.distinct(dims) : draw.float(dims, { symbolic: [draw.bool() ? 'B' : null] });
    return f(x, axes.length === 0 ? [-1] : axes, { keepDims: draw.bool() });
  };

export const opMakers: { readonly [Name in Computed]: Maker } = {
  Add: binary(o.add),
  Sub: binary(o.sub),
  Mul: binary(o.mul),
  Div: binary(o.div, { low: 0.5, high: 2 }),
  Neg: unary(o.neg),
  Exp: unary(o.exp),
  Log: unary(o.log, { low: 0.2, high: 3 }),
  Sqrt: unary(o.sqrt, { low: 0.2, high: 3 }),
  Sigmoid: unary(o.sigmoid, { low: -6, high: 6 }),
  Softplus: unary(o.softplus, { low: -6, high: 6 }),
  Relu: (draw) => o.relu(draw.distinct(draw.dims(2))),
  Equal: (draw) => {
    const dims = draw.dims(2);
    return o.cast(o.equal(draw.index(dims, 0, 2), draw.index(dims, 0, 2)), 'float32');
  },
  Greater: (draw) => {
    const dims = draw.dims(2);
    return o.cast(o.greater(draw.distinct(dims), o.add(draw.distinct(dims), o.scalar(1 / 64))), 'float32'); // never equal
  },
  Cast: (draw) => {
    const x = draw.float(draw.dims(2), { low: -3, high: 3 });
    return o.cast(o.cast(x, draw.bool() ? 'int32' : 'bool'), 'float32');
  },
  MatMul: (draw) => {
    const lead = draw.dims(draw.int(0, 2));
    const [m, k, n] = draw.dims(3) as [number, number, number];
    const [transA, transB] = [draw.bool(), draw.bool()];
    const narrow = lead.map((dim) => (draw.bool() ? dim : 1));
    const a = draw.float([...lead, ...(transA ? [k, m] : [m, k])], { symbolic: draw.bool() ? lead.map((_, i) => `B${i}`) : [] });
    const sameLead = a.shape.some((dim) => typeof dim === 'string') ? lead.map((dim, i) => (narrow[i] === 1 ? 1 : dim)) : narrow;
    const symbolic = sameLead.map((dim, i) => (dim !== 1 && typeof a.shape[i] === 'string' ? `B${i}` : null));
    const b = draw.float([...sameLead, ...(transB ? [n, k] : [k, n])], { symbolic });
    return o.matMul(a, b, { transA, transB, alpha: draw.bool() ? 1 : 0.5 });
  },
  ReduceSum: reduction(o.reduceSum),
  ReduceMean: reduction(o.reduceMean),
  ReduceMax: reduction(o.reduceMax, true),
  Softmax: (draw) => o.softmax(draw.float(draw.dims(draw.int(1, 3)), { low: -8, high: 8 })),
  ReduceLogSumExp: (draw) => o.reduceLogSumExp(draw.float(draw.dims(draw.int(1, 3)), { low: -40, high: 40 })),
  ArgMax: (draw) => o.cast(o.argMax(draw.distinct(draw.dims(2))), 'float32'),
  Reshape: (draw) => {
    const [a, b, c] = draw.dims(3) as [number, number, number];
    return draw.bool()
      ? o.reshape(draw.float([a, b, c], { symbolic: ['A'] }), ['A', b * c])
      : o.reshape(draw.float([a, b, 6], { symbolic: ['A', 'B'] }), ['A', 'B', 2, 3]);
  },
  Transpose: (draw) => o.transpose(draw.float(draw.dims(4)), draw.permutation(4)),
  Expand: (draw) => {
    const dims = draw.dims(3);
    const symbolic = dims.map((_, axis) => (draw.bool() ? `D${axis}` : null));
    const kept = dims.map(() => draw.bool());
    const like = draw.float(dims, { symbolic });
    const x = draw.float(
      dims.map((dim, axis) => (kept[axis] ? dim : 1)),
      { symbolic: symbolic.map((s, axis) => (kept[axis] ? s : null)) },
    );
    return o.expandLike(x, like);
  },
  Concat: (draw) => {
    const dims = draw.dims(3);
    const axis = draw.int(0, 2);
    return o.concat(
      [1, 2, 3].map(() => draw.float(dims.with(axis, draw.int(1, 4)))),
      axis,
    );
  },
  Slice: (draw) => {
    const dims = draw.dims(3);
    const axis = draw.int(0, 2);
    const start = draw.int(0, (dims[axis] as number) - 1);
    const symbolic = dims.map((_, i) => (i !== axis && draw.bool() ? `D${i}` : null));
    return o.slice(draw.float(dims, { symbolic }), axis, start, draw.int(start + 1, dims[axis] as number));
  },
  Gather: (draw) => {
    const [rows, width] = draw.dims(2) as [number, number];
    return o.gather(draw.float([rows, width]), draw.index(draw.dims(draw.int(1, 2)), 0, rows - 1));
  },
  ScatterAdd: (draw) => {
    const [rows, width, n] = draw.dims(3) as [number, number, number];
    return o.scatterAdd(draw.float([n, width]), draw.index([n], 0, rows - 1), draw.float([rows, width], { symbolic: ['R'] }));
  },
  GatherElements: (draw) => {
    const [rows, width, n] = draw.dims(3) as [number, number, number];
    return o.gatherElements(draw.float([rows, width]), draw.index([rows, n], 0, width - 1));
  },
  ScatterElementsAdd: (draw) => {
    const [rows, width, n] = draw.dims(3) as [number, number, number];
    return o.scatterElementsAdd(draw.float([rows, n]), draw.index([rows, n], 0, width - 1), draw.float([rows, width]));
  },
  RMSNormalization: (draw) => {
    const dims = draw.dims(draw.int(2, 3)).with(-1, draw.int(2, 8));
    return o.rmsNormalization(draw.float(dims), draw.float([dims.at(-1) as number]), 1e-5);
  },
  RotaryEmbedding: (draw) => {
    // The tables are not differentiated: constants, drawn like everything else. H is even and at least 8 for the fused kernel.
    const [tokens, heads, headDim] = [draw.int(1, 5), draw.int(1, 3), 8 * draw.int(1, 2)];
    const x = draw.float([tokens, heads * headDim]);
    const [cos, sin] = ['cos', 'sin'].map((name) => {
      const data = Float64Array.from({ length: (tokens * headDim) / 2 }, () => Math.round(draw.unit() * 64) / 64);
      draw.feeds[name] = { dims: [tokens, headDim / 2], data };
      return o.input(name, [tokens, headDim / 2]);
    }) as [Node, Node];
    return o.rotaryEmbedding(x, cos, sin, headDim);
  },
  StopGradient: unary((x) => o.add(o.stopGradient(o.scale(x, 0)), x)),
  GatherRows: (draw) => {
    const [groups, slots, width] = draw.dims(3) as [number, number, number];
    const rows = draw.int(1, groups * slots);
    const order = draw.permutation(groups * slots).slice(0, rows); // row r goes to place order[r], or nowhere
    const index: number[] = Array.from({ length: groups * slots }, () => -1);
    const inverse = order.map((place, row) => {
      if (draw.unit() < 0.2) return -1;
      index[place] = row;
      return place;
    });
    return o.gatherRows(draw.float([rows, width], { symbolic: ['R'] }), draw.indexOf([groups, slots], index), namedRows(draw, inverse));
  },
  Barrier: (draw) => o.barrier(draw.float(draw.dims(2)), o.exp(draw.float(draw.dims(2)))),
  Linearised: (draw) => {
    const x = draw.float(draw.dims(2));
    return o.linearised(o.reduceSum(o.mul(x, x), [-1], { keepDims: true }), x, o.scale(x, 2));
  },
  Recompute: (draw) => {
    const dims = draw.dims(2);
    const [out] = recompute(([a, b]) => [o.mul(o.sigmoid(a as Node), o.exp(b as Node))], [draw.float(dims), draw.float(dims)]);
    return out as Node;
  },
};

/** An index input whose one dimension is the symbolic `R`. */
function namedRows(draw: Draw, values: readonly number[]): Node {
  draw.feeds['inverse'] = { dims: [values.length], data: Float64Array.from(values) };
  return makeNode('Input', [], { name: 'inverse', dtype: 'int32', shape: ['R'] });
}

export const opNames = Object.keys(opMakers) as Computed[];

export function makeOpCase(name: Computed, seed: number): OpCase {
  const draw = new Draw(seed * 2654435761);
  for (let i = 0; i < 8; i++) draw.unit();
  const node = opMakers[name](draw);
  return { node, feeds: draw.feeds, differentiable: draw.floats };
}
