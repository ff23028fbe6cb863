/** @file The order in which ONNX Runtime runs a graph's nodes, which decides how much memory is alive at once. */
import { neededInputs } from '#engine/graph/graph.ts';
import type { Graph } from '#engine/graph/graph.ts';
import type { Node } from '#engine/graph/node.ts';

/**
 * A depth-first walk from the results backwards: the last result first, and of a node's inputs the one that was written last first.
 * @see onnxruntime/core/graph/graph.cc `Graph::ReverseDFSFrom`
 */
export function executionOrder(graph: Graph): Node[] {
  const index = new Map(graph.order.map((node, i) => [node, i]));
  const stack: { node: Node; leaving: boolean }[] = Object.values(graph.outputs).map((node) => ({ node, leaving: false }));
  const visited = new Set<Node>();
  const order: Node[] = [];
  for (let top = stack.pop(); top; top = stack.pop()) {
    if (top.leaving) {
      order.push(top.node);
      continue;
    }
    if (visited.has(top.node)) continue;
    visited.add(top.node);
    stack.push({ node: top.node, leaving: true });
    const inputs = neededInputs(top.node).toSorted((a, b) => (index.get(a) ?? 0) - (index.get(b) ?? 0));
    for (const node of inputs) if (!visited.has(node)) stack.push({ node, leaving: false });
  }
  return order;
}
