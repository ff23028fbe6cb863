/** @file How a graph becomes ONNX: one rule per operation, in a table chosen by execution provider. */
import { relative } from 'node:path';
import { InternalError } from '#contract/errors.ts';
import type { Weights } from '#engine/graph/backend.ts';
import type { Graph } from '#engine/graph/graph.ts';
import type { Node, NodeOf } from '#engine/graph/node.ts';
import type { OpName } from '#engine/graph/op.ts';
import { OnnxWriter } from './onnx-writer.ts';

type Leaf = 'Input' | 'Parameter' | 'Constant';

/** @param inputs - names of the node's inputs in the ONNX graph @returns the name of its result */
export type LoweringRule<Name extends OpName> = (writer: OnnxWriter, node: NodeOf<Name>, inputs: readonly string[]) => string;
export type LoweringTable = { readonly [Name in Exclude<OpName, Leaf>]: LoweringRule<Name> };

export interface LoweringOptions {
  readonly table: LoweringTable;
  /** The folder that weight files are named relative to; holds all of them. */
  readonly folder: string;
}

/**
 * @returns the serialised ONNX model
 * @throws {InternalError} if a parameter has no weight, or one of another shape
 */
export function lowerGraph(graph: Graph, weights: Weights, { table, folder }: LoweringOptions): Uint8Array {
  const writer = new OnnxWriter();
  const names = new Map<Node, string>();
  for (const node of graph.order) names.set(node, lowerNode(node));
  for (const [name, node] of Object.entries(graph.outputs)) writer.output(name, names.get(node) as string, node.dtype, node.shape);
  return writer.toBytes();

  function lowerNode(node: Node): string {
    switch (node.op) {
      case 'Input':
        return writer.input(node.attributes.name, node.dtype, node.shape);
      case 'Constant':
        return writer.constant(node.attributes.tensor);
      case 'Parameter':
        return lowerParameter(node);
      default:
        return lowerOperation(node);
    }
  }

  function lowerOperation(node: Exclude<Node, NodeOf<Leaf>>): string {
    const rule = table[node.op] as LoweringRule<OpName>; // the rule of a node's operation takes that node
    const nameOf = (input: Node) => names.get(input) ?? '';
    const [table0] = node.inputs;
    // Rows are taken from a half table first and widened after: an embedding is large, and few of its rows are needed.
    if (node.op === 'Gather' && table0 && isHalf(table0)) return writer.toFloat32(rule(writer, node, node.inputs.map(nameOf)));
    return rule(
      writer,
      node,
      node.inputs.map((input) => (isHalf(input) ? writer.widened(nameOf(input)) : nameOf(input))),
    );
  }

  function isHalf(node: Node): boolean {
    return node.op === 'Parameter' && weights.get(node.attributes.name)?.dtype !== 'float32';
  }

  function lowerParameter({ attributes: { name, shape } }: NodeOf<'Parameter'>): string {
    const weight = weights.get(name);
    if (!weight) throw new InternalError(`The graph uses the weight ${name}, which was not given.`);
    if (weight.shape.join() !== shape.join()) {
      throw new InternalError(`The graph declares ${name} as [${shape.join(', ')}]; the weight is [${weight.shape.join(', ')}].`);
    }
    // ONNX writes paths with forward slashes on every system.
    const file = relative(folder, weight.file).replaceAll('\\', '/');
    return writer.external(name, { ...weight, file });
  }
}
