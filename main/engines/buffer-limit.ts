/** @file How large a single value may be on a WebGPU device. The runtime does not tell, but an attempt to make one that is too large does. */
import type { EngineName } from '#contract/engines.ts';
import { OutOfMemoryError } from '#contract/errors.ts';
import type { Backend } from '#engine/graph/backend.ts';
import { makeGraph } from '#engine/graph/graph.ts';
import { input, mul, reduceMax } from '#engine/graph/operations.ts';
import { floatTensor } from '#engine/tensor/tensor.ts';

/** Elements of the two sides of a product of 2 GiB: more than many devices allow for one buffer, and not too much for those that do. */
const SIDES = [2 ** 15, 2 ** 14] as const;
/** The first attempt may fail for want of memory before the limit is looked at; the next one is told the limit. */
const ATTEMPTS = 2;

/** Never throws. @returns null where 2 GiB are allowed, or nothing is known */
export async function bufferLimit(engine: EngineName, backend: Backend): Promise<number | null> {
  if (engine !== 'onnx:webgpu') return null;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    try {
      await makeLargeValue(backend);
      return null;
    } catch (error) {
      const limit = error instanceof OutOfMemoryError ? limitIn(error.cause) : null;
      if (limit !== null) return limit;
    }
  }
  return null;
}

async function makeLargeValue(backend: Backend): Promise<void> {
  const [a, b] = SIDES;
  const graph = makeGraph({ y: reduceMax(mul(input('a', ['A', 1]), input('b', [1, 'B'])), [0, 1]) });
  const executable = await backend.compile(graph, new Map());
  try {
    await executable.run({ a: floatTensor([a, 1], new Float32Array(a)), b: floatTensor([1, b], new Float32Array(b)) });
  } finally {
    await executable.release();
  }
}

/** `Buffer size (2147483648) exceeds the max buffer size limit (1073741824).` */
function limitIn(cause: unknown): number | null {
  const found = /max buffer size limit \((\d+)\)/.exec(cause instanceof Error ? cause.message : '')?.[1];
  return found === undefined ? null : Number(found);
}
