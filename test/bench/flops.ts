/** @file Counts the multiply-adds a graph asks for: matrix products only, two operations per multiply-add. */
import type { Feeds } from '#engine/graph/backend.ts';
import type { Graph } from '#engine/graph/graph.ts';
import type { Shape } from '#engine/graph/shape.ts';

export function matMulFlops(graph: Graph, feeds: Feeds): number {
  const sizes = new Map<string, number>();
  for (const { attributes, shape } of graph.inputs) {
    shape.forEach((dim, axis) => typeof dim === 'string' && sizes.set(dim, feeds[attributes.name]?.dims[axis] ?? 0));
  }
  const size = (dim: string | number): number =>
    typeof dim === 'number' ? dim : (sizes.get(dim) ?? dim.split('*').reduce((product, part) => product * (Number(part) || sum(part)), 1));
  const sum = (dim: string): number => dim.split('+').reduce((total, part) => total + (Number(part) || (sizes.get(part) ?? 0)), 0);
  const count = (shape: Shape): number => shape.reduce<number>((product, dim) => product * size(dim), 1);
  return graph.order.reduce((total, node) => {
    if (node.op !== 'MatMul') return total;
    const inner = node.inputs[0]?.shape.at(node.attributes.transA ? -2 : -1) ?? 0;
    return total + 2 * count(node.shape) * size(inner);
  }, 0);
}
