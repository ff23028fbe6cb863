/** @file A backend that writes down what goes to its device and what comes back. */
import type { Backend, Feeds } from '#engine/graph/backend.ts';
import { elementCount } from '#engine/tensor/tensor.ts';

/** Bytes of every tensor of a run of a graph, by name. */
export interface PassTraffic {
  readonly fed: ReadonlyMap<string, number>;
  readonly returned: ReadonlyMap<string, number>;
}

export interface Traffic {
  readonly backend: Backend;
  readonly passes: readonly PassTraffic[];
  /** Names of the weights that each compiled graph uses. */
  readonly weightsOfGraphs: readonly (readonly string[])[];
}

export function meteredTraffic(plain: Backend): Traffic {
  const [passes, weightsOfGraphs]: [PassTraffic[], string[][]] = [[], []];
  const bytes = (tensors: Feeds) => new Map(Object.entries(tensors).map(([name, { dims }]) => [name, 4 * elementCount(dims)]));
  const backend: Backend = {
    ...plain,
    async compile(graph, weights) {
      weightsOfGraphs.push(graph.parameters.map(({ attributes }) => attributes.name));
      const executable = await plain.compile(graph, weights);
      return {
        release: () => executable.release(),
        async run(feeds) {
          const results = await executable.run(feeds);
          passes.push({ fed: bytes(feeds), returned: bytes(results) });
          return results;
        },
      };
    },
  };
  return { backend, passes, weightsOfGraphs };
}

/** Bytes of the tensors with these names. */
export function bytesOfNamed(sizes: ReadonlyMap<string, number>, isWanted: (name: string) => boolean): number {
  return [...sizes].reduce((total, [name, size]) => total + (isWanted(name) ? size : 0), 0);
}
