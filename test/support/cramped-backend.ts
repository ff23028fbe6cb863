/** @file A backend whose device is too small: it refuses what would need more memory than it is said to have, as a device does when it runs. */
import { OutOfMemoryError } from '#contract/errors.ts';
import type { Backend, Executable } from '#engine/graph/backend.ts';
import { dimSizes } from '#engine/graph/cost.ts';

export interface CrampedBackend {
  readonly backend: Backend;
  /** How many times a run was refused. */
  readonly refused: () => number;
  /** Executables that have not been released. */
  readonly open: () => number;
}

/** @param bytes - of computed values alive at once */
export function crampedBackend(plain: Backend, bytes: number): CrampedBackend {
  let [refused, open] = [0, 0];
  const backend: Backend = {
    ...plain,
    async compile(graph, weights): Promise<Executable> {
      const executable = await plain.compile(graph, weights);
      open++;
      return {
        async run(feeds) {
          const sizes = new Map(dimSizes(graph, (name) => feeds[name]?.dims));
          if (plain.peakBytes(graph, sizes, weights) > bytes) {
            refused++;
            throw new OutOfMemoryError('It does not fit.', {});
          }
          return executable.run(feeds);
        },
        async release() {
          open--;
          await executable.release();
        },
      };
    },
  };
  return { backend, refused: () => refused, open: () => open };
}
