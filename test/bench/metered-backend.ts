/** @file An engine with a meter: matrix-product operations and the time inside the runtime. */
import type { Backend } from '#engine/graph/backend.ts';
import { dimSizes, matMulFlops } from '#engine/graph/cost.ts';

export interface MeteredBackend {
  readonly backend: Backend;
  /** The same without a meter. */
  readonly plain: Backend;
  reset(): void;
  /** Operations of matrix products since the last reset. */
  flops(): number;
  /** Milliseconds inside the runtime since the last reset. */
  ms(): number;
}

export function meteredBackend(plain: Backend): MeteredBackend {
  let [flops, ms] = [0, 0];
  const backend: Backend = {
    name: plain.name,
    peakBytes: () => 0,
    residentBytes: () => 0,
    hold: (weights) => plain.hold(weights),
    compile: async (graph, weights) => {
      const executable = await plain.compile(graph, weights);
      return {
        release: () => executable.release(),
        run: async (feeds) => {
          const begun = performance.now();
          const outputs = await executable.run(feeds);
          ms += performance.now() - begun;
          flops += matMulFlops(
            graph,
            dimSizes(graph, (name) => feeds[name]?.dims),
          );
          return outputs;
        },
      };
    },
  };
  const reset = () => {
    [flops, ms] = [0, 0];
  };
  return { plain, backend, reset, flops: () => flops, ms: () => ms };
}
