/** @file A graph ready to run: named outputs, and every node they need in an order in which it can be computed. */
import { InternalError } from '#contract/errors.ts';
import type { Node, NodeOf } from './node.ts';
import { sameShape } from './shape.ts';

export interface Graph {
  readonly outputs: Readonly<Record<string, Node>>;
  /** Every input and parameter of the graph, by name. */
  readonly inputs: readonly NodeOf<'Input'>[];
  readonly parameters: readonly NodeOf<'Parameter'>[];
  /** Inputs before users. */
  readonly order: readonly Node[];
}

/**
 * A parameter may be written down several times (both streams of a decoder use it); an input is one node.
 * @throws {InternalError} if two different inputs share a name, or two parameters of different shapes
 */
export function makeGraph(outputs: Readonly<Record<string, Node>>): Graph {
  const order = topologicalOrder(Object.values(outputs));
  const inputs = order.filter((node): node is NodeOf<'Input'> => node.op === 'Input');
  const parameters = new Map<string, NodeOf<'Parameter'>>();
  for (const node of order) {
    if (node.op !== 'Parameter') continue;
    const { name } = node.attributes;
    const known = parameters.get(name);
    if (known && !sameShape(known.shape, node.shape)) throw new InternalError(`The graph uses the weight ${name} with two shapes.`);
    parameters.set(name, known ?? node);
  }
  const names = inputs.map(({ attributes }) => attributes.name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new InternalError(`Two different inputs of the graph are called ${twice}.`);
  return { outputs, inputs, parameters: [...parameters.values()], order };
}

/** Post-order depth-first walk; a graph of a deep model would overflow a recursive one. */
export function topologicalOrder(roots: readonly Node[]): Node[] {
  const order: Node[] = [];
  const done = new Set<Node>();
  const stack: { node: Node; next: number }[] = [];
  for (const root of roots) {
    stack.push({ node: root, next: 0 });
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const child = done.has(top.node) ? undefined : neededInputs(top.node)[top.next];
      if (child) {
        top.next++;
        if (!done.has(child)) stack.push({ node: child, next: 0 });
        continue;
      }
      stack.pop();
      if (!done.has(top.node)) {
        done.add(top.node);
        order.push(top.node);
      }
    }
  }
  return order;
}

/** These two run as their value; the other inputs matter to the gradient only. */
export function neededInputs(node: Node): readonly Node[] {
  return node.op === 'Recompute' || node.op === 'Linearised' ? node.inputs.slice(0, 1) : node.inputs;
}
