/** @file Turns the frozen weights of a graph into inputs, so that they can change between runs and be differentiated like anything else. */
import { InternalError } from '#contract/errors.ts';
import { topologicalOrder } from './graph.ts';
import type { Node } from './node.ts';
import { makeNode } from './node.ts';
import { input } from './operations.ts';

export interface FedGraph {
  readonly roots: readonly Node[];
  /** By the name they are fed under; every parameter of that name is this one node. */
  readonly inputs: ReadonlyMap<string, Node>;
}

/**
 * Copies the graph with an Input in place of every Parameter.
 * @param inputName - parameters of one input name become one input: tied weights
 * The graph must not recompute a region: what that is recomputed from is out of reach.
 * @throws {InternalError} if it does so, or if parameters of one input name have different shapes
 */
export function feedParameters(roots: readonly Node[], inputName: (parameter: string) => string = (name) => name): FedGraph {
  const inputs = new Map<string, Node>();
  const copies = new Map<Node, Node>();
  for (const node of topologicalOrder(roots)) copies.set(node, copyOf(node));
  return { roots: roots.map((root) => copies.get(root) as Node), inputs };

  function copyOf(node: Node): Node {
    if (node.op === 'Parameter') return inputFor(inputName(node.attributes.name), node);
    if (node.op === 'Recompute') throw new InternalError('The weights of a recomputed region cannot become inputs.');
    const parts = node.inputs.map((part) => copies.get(part) ?? part);
    return parts.every((part, i) => part === node.inputs[i]) ? node : makeNode(node.op, parts, node.attributes);
  }

  function inputFor(name: string, { shape }: Node): Node {
    const known = inputs.get(name);
    if (known && known.shape.join() !== shape.join())
      throw new InternalError(`The weight ${name} is used with the shapes [${known.shape.join(', ')}] and [${shape.join(', ')}].`);
    const node = known ?? input(name, shape);
    inputs.set(name, node);
    return node;
  }
}
