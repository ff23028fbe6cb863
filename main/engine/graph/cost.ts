/** @file What a graph costs for given sizes of its symbolic dimensions: multiply-adds, and bytes alive at once. */
import { InternalError } from '#contract/errors.ts';
import { neededInputs } from './graph.ts';
import type { Graph } from './graph.ts';
import type { Node } from './node.ts';
import type { OpName } from './op.ts';
import type { Dim, Shape } from './shape.ts';

/** Size of each symbolic dimension, by name. */
export type DimSizes = ReadonlyMap<string, number>;

/** Sizes of the symbolic dimensions that the dims of the fed tensors imply. */
export function dimSizes(graph: Graph, dimsOf: (input: string) => readonly number[] | undefined): DimSizes {
  const sizes = new Map<string, number>();
  for (const { attributes, shape } of graph.inputs) {
    const dims = dimsOf(attributes.name);
    shape.forEach((dim, axis) => {
      if (typeof dim === 'string' && dims) sizes.set(dim, dims[axis] as number);
    });
  }
  return sizes;
}

/** Operations of all matrix products, two per multiply-add. */
export function matMulFlops(graph: Graph, sizes: DimSizes): number {
  return graph.order.reduce((total, node) => {
    if (node.op !== 'MatMul') return total;
    const inner = node.inputs[0]?.shape.at(node.attributes.transA ? -2 : -1) ?? 0;
    return total + 2 * elements(node.shape, sizes) * dimSize(inner, sizes);
  }, 0);
}

/** These give their input back, perhaps under another shape, without a copy. */
const VIEWS: ReadonlySet<OpName> = new Set(['Reshape', 'StopGradient', 'Recompute', 'Linearised']);
/** These may write over an input that nobody else needs. */
const IN_PLACE: ReadonlySet<OpName> = new Set([
  'Add',
  'Sub',
  'Mul',
  'Div',
  'Neg',
  'Exp',
  'Log',
  'Sqrt',
  'Sigmoid',
  'Softplus',
  'Relu',
  'Softmax',
  'Barrier',
]);
const LEAVES: ReadonlySet<OpName> = new Set(['Input', 'Parameter', 'Constant']);

/**
 * Most bytes of computed values alive at once when nodes run in the given order and each value is freed after its last use. Inputs and
 * parameters are not counted; fused kernels may need a little less, kernels with scratch space a little more.
 * @param order - every node of the graph, inputs before users; executors differ in theirs
 * @param scratchBytes - what an executor needs besides while it computes a node
 */
export function peakBytes(graph: Graph, order: readonly Node[], sizes: DimSizes, scratchBytes: (node: Node) => number = () => 0): number {
  const owner = new Map<Node, Node>(); // the node whose buffer a node's value lies in
  const uses = new Map<Node, number>();
  const ownerOf = (node: Node): Node => owner.get(node) ?? node;
  const outputs = new Set(Object.values(graph.outputs));
  for (const node of order) {
    const [first] = neededInputs(node);
    if (VIEWS.has(node.op) && first) owner.set(node, ownerOf(first));
  }
  for (const node of order) for (const input of inputsOf(node)) uses.set(ownerOf(input), (uses.get(ownerOf(input)) ?? 0) + 1);
  for (const node of outputs) uses.set(ownerOf(node), Infinity);
  let alive = 0;
  let peak = 0;
  for (const node of order) {
    if (LEAVES.has(node.op) || VIEWS.has(node.op)) continue;
    const bytes = bytesOf(node, sizes);
    const dying = inputsOf(node)
      .map(ownerOf)
      .filter((input) => !LEAVES.has(input.op) && uses.get(input) === 1);
    const reuses = IN_PLACE.has(node.op) && dying.some((input) => bytesOf(input, sizes) === bytes);
    alive += bytes;
    peak = Math.max(peak, (reuses ? alive - bytes : alive) + scratchBytes(node));
    for (const input of inputsOf(node)) {
      const buffer = ownerOf(input);
      const left = (uses.get(buffer) ?? 0) - 1;
      uses.set(buffer, left);
      if (left === 0 && !LEAVES.has(buffer.op)) alive -= bytesOf(buffer, sizes);
    }
  }
  return peak;
}

/** Bytes of the largest single value that is fed, held or computed, each weight as float32. */
export function largestValueBytes(graph: Graph, sizes: DimSizes): number {
  return graph.order.reduce((most, node) => Math.max(most, bytesOf(node, sizes)), 0);
}

function inputsOf(node: Node): readonly Node[] {
  return VIEWS.has(node.op) ? [] : neededInputs(node);
}

function bytesOf({ shape, dtype }: Node, sizes: DimSizes): number {
  return elements(shape, sizes) * (dtype === 'bool' ? 1 : 4);
}

function elements(shape: Shape, sizes: DimSizes): number {
  return shape.reduce<number>((count, dim) => count * dimSize(dim, sizes), 1);
}

/** Names may be products or sums of others: `8*n`, `T+U`. */
function dimSize(dim: Dim, sizes: DimSizes): number {
  if (typeof dim === 'number') return dim;
  const known = sizes.get(dim);
  if (known !== undefined) return known;
  if (/^\d+$/.test(dim)) return Number(dim);
  if (dim.includes('*')) return dim.split('*').reduce((product, part) => product * dimSize(part, sizes), 1);
  if (dim.includes('+')) return dim.split('+').reduce((sum, part) => sum + dimSize(part, sizes), 0);
  throw new InternalError(`The size of dimension ${dim} is not known.`);
}
