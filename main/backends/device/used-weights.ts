/** @file The weights that a graph uses, checked: a backend that holds them beside the graph needs no others. */
import { InternalError } from '#contract/errors.ts';
import type { WeightRange, Weights } from '#engine/graph/backend.ts';
import type { Graph } from '#engine/graph/graph.ts';

/** @throws {InternalError} if a parameter has no weight, or one of another shape */
export function usedWeights(graph: Graph, weights: Weights): Map<string, WeightRange> {
  return new Map(
    graph.parameters.map(({ attributes: { name, shape } }) => {
      const range = weights.get(name);
      if (!range) throw new InternalError(`The graph uses the weight ${name}, which was not given.`);
      if (range.shape.join() !== shape.join()) {
        throw new InternalError(`The graph declares ${name} as [${shape.join(', ')}]; the weight is [${range.shape.join(', ')}].`);
      }
      return [name, range];
    }),
  );
}

/** A weight of several names (a tied embedding) once. */
export function distinctWeights(weights: Weights): WeightRange[] {
  return [...new Map([...weights.values()].map((range) => [`${range.file}:${range.byteOffset}`, range])).values()];
}
