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

/** @throws {InternalError} if a parameter has no weight, or one of another shape */
export function lowerGraph(graph: Graph, weights: Weights, options: LoweringOptions): LoweredGraph {
  return new Lowering(graph, weights, options).run();
}

/** One graph on its way: which parameters are needed in which type, and what its nodes are called in ONNX. */
class Lowering {
  readonly #graph: Graph;
  readonly #options: LoweringOptions;
  readonly #writer = new OnnxWriter();
  readonly #names = new Map<Node, string>();
  readonly #used: ReadonlyMap<string, WeightRange>;
  readonly #products: HalfProducts;
  readonly #halfProducts: ReadonlySet<Node>;
  /** Nodes that something takes in float32. */
  readonly #neededWhole: ReadonlySet<Node>;

  constructor(graph: Graph, weights: Weights, options: LoweringOptions) {
    const { table, dtype = 'float32', half = 'computed' } = options;
    this.#graph = graph;
    this.#options = options;
    this.#used = usedWeights(graph, weights);
    this.#products = new HalfProducts(this.#writer, table.MatMul, half);
    const halfProducts = new Set<Node>(dtype === 'float16' ? graph.order.filter(isHalfProduct) : []);
    const takenWhole = graph.order.flatMap((node) => (halfProducts.has(node) ? node.inputs.slice(0, 1) : node.inputs));
    this.#halfProducts = halfProducts;
    this.#neededWhole = new Set([...takenWhole, ...Object.values(graph.outputs)]);
  }

  run(): LoweredGraph {
    const writer = this.#writer;
    for (const node of this.#graph.order) this.#names.set(node, this.#lower(node));
    for (const [name, node] of Object.entries(this.#graph.outputs)) writer.output(name, this.#nameOf(node), node.dtype, node.shape);
    return { model: writer.toBytes(), placesInputs: writer.placesInputs };
  }

  #lower(node: Node): string {
    switch (node.op) {
      case 'Input':
        return this.#writer.input(node.attributes.name, node.dtype, node.shape);
      case 'Constant':
        return this.#writer.constant(node.attributes.tensor);
      case 'Parameter':
        return this.#lowerParameter(node);
      default:
        return this.#lowerOperation(node);
    }
  }

  #lowerOperation(node: Exclude<Node, NodeOf<Leaf>>): string {
    const { table, widening } = this.#options;
    const writer = this.#writer;
    if (node.op === 'MatMul' && this.#halfProducts.has(node)) {
      const weight = this.#lowerHalf(inputOf(node, 1) as NodeOf<'Parameter'>);
      return this.#products.lower(node, this.#nameOf(inputOf(node, 0)), weight);
    }
    const rule = table[node.op] as LoweringRule<OpName>; // the rule of a node's operation takes that node
    const names = node.inputs.map((input) => this.#nameOf(input));
    if (widening !== 'per use') return rule(writer, node, names);
    const [first] = node.inputs;
    // Rows are taken from a half table first and widened after: an embedding is large, and few of its rows are needed.
    if (node.op === 'Gather' && first && this.#isHalf(first)) return writer.toFloat32(rule(writer, node, names));
    const widened = node.inputs.map((input) => (this.#isHalf(input) ? writer.widened(this.#nameOf(input)) : this.#nameOf(input)));
    return rule(writer, node, widened);
  }

  #isHalf(node: Node): boolean {
    const isOfSession = this.#options.residence === 'per session';
    return isOfSession && node.op === 'Parameter' && this.#used.get(node.attributes.name)?.dtype !== 'float32';
  }

  #lowerParameter(node: NodeOf<'Parameter'>): string {
    const { name, shape } = node.attributes;
    const { widening, residence } = this.#options;
    const writer = this.#writer;
    if (this.#halfProducts.size > 0 && !this.#neededWhole.has(node)) return ''; // there in float16 alone
    if (residence === 'shared') return writer.fedWeight(name, shape);
    const weight = this.#used.get(name) as WeightRange;
    const isWidenedOnce = widening === 'when opened' && weight.dtype !== 'float32';
    const stored = writer.external(name, this.#inFolder(weight), { replaceable: !isWidenedOnce });
    return isWidenedOnce ? writer.toFloat32(stored) : stored;
  }

  /** A weight of another type is rounded once, when the session opens. */
  #lowerHalf({ attributes: { name } }: NodeOf<'Parameter'>): string {
    return this.#writer.halfWeight(name, this.#inFolder(this.#used.get(name) as WeightRange));
  }

  /** ONNX writes paths with forward slashes on every system. */
  #inFolder(weight: WeightRange): WeightRange {
    return { ...weight, file: relative(this.#options.folder, weight.file).replaceAll('\\', '/') };
  }

  #nameOf(node: Node): string {
    return this.#names.get(node) ?? '';
  }
}
