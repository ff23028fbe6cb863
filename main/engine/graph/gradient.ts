/** @file Reverse-mode differentiation: a graph in, the graph of its gradients out, by one rule per operation. */
import { InternalError } from '#contract/errors.ts';
import { gradientRules } from './gradient-rules.ts';
import type { GradientRule } from './gradient-rules.ts';
import { topologicalOrder } from './graph.ts';
import type { Node } from './node.ts';
import { add, scalar } from './operations.ts';
import type { OpName } from './op.ts';
import { showShape } from './shape.ts';

/**
 * Gradients of a scalar.
 * @param loss - shape `[]`
 * @param wrt - the nodes to differentiate with respect to; anything of the graph, inputs included
 * @returns one node per entry of `wrt`, of its shape, or null where the loss does not depend on it
 * @throws {InternalError} if the loss is not a scalar
 */
export function gradients(loss: Node, wrt: readonly Node[]): (Node | null)[] {
  if (loss.shape.length !== 0) throw new InternalError(`A gradient needs a scalar, got shape ${showShape(loss.shape)}.`);
  return pullBack(loss, scalar(1), wrt);
}

/** Gradients of Σ output · cotangent, with respect to each node of `wrt`. */
export function pullBack(output: Node, cotangent: Node, wrt: readonly Node[]): (Node | null)[] {
  const order = gradientOrder(output);
  const needed = dependents(order, wrt);
  const cotangents = new Map<Node, Node>([[output, cotangent]]);
  for (const node of order.toReversed()) {
    const dy = cotangents.get(node);
    if (!dy || !needed.has(node)) continue;
    // A correlated union again: the rule of a node's operation takes that node.
    const rule = gradientRules[node.op] as GradientRule<OpName>;
    const contributions = rule(node, dy, (index) => needed.has(node.inputs[index] as Node));
    node.inputs.forEach((inputNode, index) => {
      const contribution = contributions[index];
      if (!contribution || !needed.has(inputNode)) return;
      const sofar = cotangents.get(inputNode);
      cotangents.set(inputNode, sofar ? add(sofar, contribution) : contribution);
    });
  }
  return wrt.map((node) => cotangents.get(node) ?? null);
}

/** All nodes of the graph in which a Recompute also depends on what it is recomputed from. */
function gradientOrder(output: Node): Node[] {
  const order = topologicalOrder([output]);
  const extra = order.flatMap((node) => (node.op === 'Recompute' ? node.inputs.slice(1) : []));
  const known = new Set(order);
  if (extra.some((node) => !known.has(node))) throw new InternalError('A recomputed region ignores one of its inputs.');
  return order;
}

/** Nodes that depend on one of `wrt`: only through them does a gradient need to travel. */
function dependents(order: readonly Node[], wrt: readonly Node[]): ReadonlySet<Node> {
  const needed = new Set(wrt);
  for (const node of order) {
    if (node.op !== 'StopGradient' && node.inputs.some((inputNode) => needed.has(inputNode))) needed.add(node);
  }
  return needed;
}
