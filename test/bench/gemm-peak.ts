/** @file The machine's own speed limit: one large float32 matrix product, as fast as the runtime can do it. */
import type { Backend, Feeds } from '#engine/graph/backend.ts';
import { makeGraph } from '#engine/graph/graph.ts';
import { input, matMul } from '#engine/graph/operations.ts';
import { floatTensor } from '#engine/tensor/tensor.ts';

const [ROWS, INNER, COLUMNS] = [1024, 2048, 5632] as const;

export interface Stopwatch {
  /** Times one product and remembers the best. */
  run(): Promise<void>;
  /** GFLOP/s of the best run. */
  peak(): number;
  release(): Promise<void>;
}

export async function gemmStopwatch(backend: Backend): Promise<Stopwatch> {
  const product = matMul(input('x', [ROWS, INNER]), input('w', [COLUMNS, INNER]), { transB: true });
  const executable = await backend.compile(makeGraph({ product }), new Map());
  const matrix = (rows: number) => floatTensor([rows, INNER], new Float32Array(rows * INNER).fill(1 / 3));
  const feeds: Feeds = { x: matrix(ROWS), w: matrix(COLUMNS) };
  let bestMs = Infinity;
  return {
    async run() {
      const started = performance.now();
      await executable.run(feeds);
      bestMs = Math.min(bestMs, performance.now() - started);
    },
    peak: () => (2 * ROWS * INNER * COLUMNS) / bestMs / 1e6,
    release: () => executable.release(),
  };
}
