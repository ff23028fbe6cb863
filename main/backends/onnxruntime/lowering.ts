/** @file How a graph becomes ONNX: one rule per operation, in a table chosen by execution provider. */
import { relative } from 'node:path';
import { usedWeights } from '#backends/device/used-weights.ts';
import type { WeightRange, Weights } from '#engine/graph/backend.ts';
import type { ComputeDtype } from '#engine/graph/compute-dtype.ts';
import type { Graph } from '#engine/graph/graph.ts';
import { inputOf } from '#engine/graph/node.ts';
import type { Node, NodeOf } from '#engine/graph/node.ts';
import type { OpName } from '#engine/graph/op.ts';
import { HalfProducts, isHalfProduct } from './half-products.ts';
import type { HalfKind } from './half-products.ts';
import { OnnxWriter } from './onnx-writer.ts';
import type { ProviderProfile } from './providers.ts';

type Leaf = 'Input' | 'Parameter' | 'Constant';

/** @param inputs - names of the node's inputs in the ONNX graph @returns the name of its result */
export type LoweringRule<Name extends OpName> = (writer: OnnxWriter, node: NodeOf<Name>, inputs: readonly string[]) => string;
export type LoweringTable = { readonly [Name in Exclude<OpName, Leaf>]: LoweringRule<Name> };

export interface LoweringOptions {
  readonly table: LoweringTable;
  readonly widening: ProviderProfile['widening'];
  /** `shared`: they are inputs of the model, fed as float32. */
  readonly residence: ProviderProfile['weights'];
  /** What products with frozen weights are computed in. */
  readonly dtype?: ComputeDtype;
  readonly half?: HalfKind;
  /** The folder that weight files are named relative to; holds all of them. */
  readonly folder: string;
}

export interface LoweredGraph {
  /** The serialised ONNX model. */
  readonly model: Uint8Array;
  /** Inputs that are fed a second time, by the name of the copy (see `OnnxWriter.places`). */
  readonly placesInputs: ReadonlyMap<string, string>;
}

/**
 * @throws {InternalError} if a parameter has no weight, or one of another shape
 */
export function lowerGraph(
  graph: Graph,
  weights: Weights,
  { table, widening, residence, dtype = 'float32', half = 'computed', folder }: LoweringOptions,
): LoweredGraph {
  const writer = new OnnxWriter();
  const names = new Map<Node, string>();
  const used = usedWeights(graph, weights);
  const products = new HalfProducts(writer, table.MatMul, half);
  const halfProducts = new Set(dtype === 'float16' ? graph.order.filter(isHalfProduct) : []);
  const neededWhole = new Set(
    graph.order.flatMap((node) => (halfProducts.has(node as NodeOf<'MatMul'>) ? node.inputs.slice(0, 1) : node.inputs)),
  );
  const outputs = new Set(Object.values(graph.outputs));
  for (const node of graph.order) names.set(node, lowerNode(node));
  for (const [name, node] of Object.entries(graph.outputs)) writer.output(name, names.get(node) as string, node.dtype, node.shape);
  return { model: writer.toBytes(), placesInputs: writer.placesInputs };

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
    if (node.op === 'MatMul' && halfProducts.has(node)) {
      return products.lower(node, names.get(inputOf(node, 0)) ?? '', lowerHalf(inputOf(node, 1) as NodeOf<'Parameter'>));
    }
    const rule = table[node.op] as LoweringRule<OpName>; // the rule of a node's operation takes that node
    const nameOf = (input: Node) => names.get(input) ?? '';
    const [table0] = node.inputs;
    // Rows are taken from a half table first and widened after: an embedding is large, and few of its rows are needed.
    if (widening === 'per use' && node.op === 'Gather' && table0 && isHalf(table0))
      return writer.toFloat32(rule(writer, node, node.inputs.map(nameOf)));
    return rule(
      writer,
      node,
      node.inputs.map((input) => (widening === 'per use' && isHalf(input) ? writer.widened(nameOf(input)) : nameOf(input))),
    );
  }

  function isHalf(node: Node): boolean {
    return residence === 'per session' && node.op === 'Parameter' && used.get(node.attributes.name)?.dtype !== 'float32';
  }

  function lowerParameter(node: NodeOf<'Parameter'>): string {
    const { name, shape } = node.attributes;
    if (halfProducts.size > 0 && !neededWhole.has(node) && !outputs.has(node)) return ''; // there in float16 alone
    if (residence === 'shared') return writer.fedWeight(name, shape);
    const weight = used.get(name) as WeightRange;
    const isWidenedOnce = widening === 'when opened' && weight.dtype !== 'float32';
    const stored = writer.external(name, inFolder(weight), { replaceable: !isWidenedOnce });
    return isWidenedOnce ? writer.toFloat32(stored) : stored;
  }

  /** A weight of another type is rounded once, when the session opens. */
  function lowerHalf({ attributes: { name } }: NodeOf<'Parameter'>): string {
    return writer.halfWeight(name, inFolder(used.get(name) as WeightRange));
  }

  /** ONNX writes paths with forward slashes on every system. */
  function inFolder(weight: WeightRange): WeightRange {
    return { ...weight, file: relative(folder, weight.file).replaceAll('\\', '/') };
  }
}
