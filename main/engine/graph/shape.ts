/**
 * @file Shapes with symbolic dimensions: a number, or a name such as `T` whose size is known only when the graph runs.
 * Two names are the same size exactly when they are the same text; products and sums are written out (`G*S`, `T+U`).
 */
import { ShapeError } from '#contract/errors.ts';

export type Dim = number | string;
export type Shape = readonly Dim[];

/** Shape of an elementwise operation on `left` and `right` (NumPy's broadcasting). @throws {ShapeError} */
export function broadcastShapes(left: Shape, right: Shape): Shape {
  const rank = Math.max(left.length, right.length);
  return Array.from({ length: rank }, (_, axis) => {
    const a = left[axis - (rank - left.length)] ?? 1;
    const b = right[axis - (rank - right.length)] ?? 1;
    if (a === b || b === 1) return a;
    if (a === 1) return b;
    throw new ShapeError(`Shapes ${showShape(left)} and ${showShape(right)} cannot be broadcast: ${a} against ${b}.`);
  });
}

export function sameShape(left: Shape, right: Shape): boolean {
  return left.length === right.length && left.every((dim, axis) => dim === right[axis]);
}

export function showShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

/** The dimension at `axis`; a negative axis counts from the end. @throws {ShapeError} if there is no such axis */
export function dimAt(shape: Shape, axis: number): Dim {
  const dim = shape[normaliseAxis(axis, shape.length)];
  if (dim === undefined) throw new ShapeError(`Shape ${showShape(shape)} has no axis ${axis}.`);
  return dim;
}

/** @throws {ShapeError} if `axis` is outside `[-rank, rank)` */
export function normaliseAxis(axis: number, rank: number): number {
  const normalised = axis < 0 ? axis + rank : axis;
  if (normalised < 0 || normalised >= rank) throw new ShapeError(`Axis ${axis} is outside a shape of rank ${rank}.`);
  return normalised;
}

/** Product of dimensions, numbers folded: `[2, 'G', 3, 'S']` → `6*G*S`. */
export function productOfDims(dims: Shape): Dim {
  const { numbers, names } = split(dims, '*');
  const factor = numbers.reduce((product, n) => product * n, 1);
  if (names.length === 0) return factor;
  return [...(factor === 1 ? [] : [factor]), ...names].join('*');
}

/** Sum of dimensions, numbers folded: `['T', 'U']` → `T+U`. */
export function sumOfDims(dims: Shape): Dim {
  const { numbers, names } = split(dims, '+');
  const offset = numbers.reduce((sum, n) => sum + n, 0);
  if (names.length === 0) return offset;
  return [...names, ...(offset === 0 ? [] : [offset])].join('+');
}

function split(dims: Shape, separator: '*' | '+'): { numbers: number[]; names: string[] } {
  const numbers: number[] = [];
  const names: string[] = [];
  for (const dim of dims) {
    if (typeof dim === 'number') numbers.push(dim);
    else {
      for (const part of dim.split(separator)) {
        if (/^\d+$/.test(part)) numbers.push(Number(part));
        else names.push(part);
      }
    }
  }
  return { numbers, names: names.toSorted() };
}
