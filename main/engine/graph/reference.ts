/**
 * @file The reference interpreter: slow, obvious, in double precision. It defines what every operation means; backends are tested against it,
 * and losses on a handful of row log-probabilities simply run on it.
 */
import { InternalError } from '#contract/errors.ts';
import { floatTensor, intTensor } from '#engine/tensor/tensor.ts';
import type { Tensor } from '#engine/tensor/tensor.ts';
import { neededInputs } from './graph.ts';
import type { Graph } from './graph.ts';
import type { Node } from './node.ts';
import type { OpName } from './op.ts';
import { referenceRules } from './reference-rules.ts';
import type { ReferenceRule, Value } from './reference-rules.ts';

/**
 * Computes every output of a graph.
 * @param feeds - a value per input and parameter name
 * @throws {InternalError} if a feed is missing or does not fit its declared shape
 */
export function evaluate(graph: Graph, feeds: Readonly<Record<string, Value>>): Record<string, Value> {
  const values = new Map<Node, Value>();
  const sizes = new Map<string, number>();
  for (const node of graph.order) values.set(node, valueOf(node, values, feeds, sizes));
  return Object.fromEntries(Object.entries(graph.outputs).map(([name, node]) => [name, values.get(node) as Value]));
}

export function valueFromTensor(tensor: Tensor): Value {
  return { dims: tensor.dims, data: Float64Array.from(tensor.data) };
}

export function tensorFromValue({ dims, data }: Value, dtype: 'float32' | 'int32' = 'float32'): Tensor {
  return dtype === 'int32' ? intTensor(dims, Int32Array.from(data)) : floatTensor(dims, Float32Array.from(data));
}

function valueOf(node: Node, values: ReadonlyMap<Node, Value>, feeds: Readonly<Record<string, Value>>, sizes: Map<string, number>): Value {
  if (node.op === 'Input' || node.op === 'Parameter') {
    const { name } = node.attributes;
    const value = feeds[name];
    if (!value) throw new InternalError(`The graph needs a value for ${name}.`);
    checkFeed(name, node, value, sizes);
    return value;
  }
  if (node.op === 'Constant') return valueFromTensor(node.attributes.tensor);
  const inputs = neededInputs(node).map((inputNode) => values.get(inputNode) as Value);
  const rule = referenceRules[node.op] as ReferenceRule<OpName>;
  return rule(inputs, node.attributes);
}

/** A symbolic dimension has one size throughout a run. */
function checkFeed(name: string, node: Node, value: Value, sizes: Map<string, number>): void {
  const fits =
    value.dims.length === node.shape.length &&
    node.shape.every((dim, axis) => {
      const size = value.dims[axis] as number;
      if (typeof dim === 'number') return dim === size;
      if (!sizes.has(dim)) sizes.set(dim, size);
      return sizes.get(dim) === size;
    });
  if (!fits) throw new InternalError(`${name} is declared [${node.shape.join(', ')}] and was fed [${value.dims.join(', ')}].`);
}
