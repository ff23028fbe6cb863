/** @file A value of the graph: an operation, its inputs, and the shape and type of what it gives. Immutable. */
import type { DType } from '#engine/tensor/tensor.ts';
import { inferShapeRules } from './infer-shape.ts';
import type { OpAttributes, OpName } from './op.ts';
import type { Shape } from './shape.ts';

export interface NodeOf<Name extends OpName> {
  readonly op: Name;
  readonly inputs: readonly Node[];
  readonly attributes: OpAttributes[Name];
  readonly shape: Shape;
  readonly dtype: DType;
}

export type Node = { [Name in OpName]: NodeOf<Name> }[OpName];

/** @throws {ShapeError} if the inputs do not fit the operation */
export function makeNode<Name extends OpName>(op: Name, inputs: readonly Node[], attributes: OpAttributes[Name]): Node {
  const { shape, dtype } = inferShapeRules[op](inputs, attributes);
  return { op, inputs, attributes, shape, dtype } as Node; // a correlated union that TypeScript cannot see through
}

/** Input `index` of a node. Its presence was checked when the node was made. */
export function inputOf(node: { readonly inputs: readonly Node[] }, index: number): Node {
  return node.inputs[index] as Node;
}
