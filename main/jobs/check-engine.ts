/** @file Whether the engine computes on this machine: a small product with a known result. */
import { onnxRuntimeBackend } from '#backends/onnxruntime/onnxruntime-backend.ts';
import { makeGraph } from '#engine/graph/graph.ts';
import { input, matMul } from '#engine/graph/operations.ts';
import { floatTensor } from '#engine/tensor/tensor.ts';

export interface EngineCheck {
  /** Name and version. */
  readonly name: string;
  /** Why it can't be used; null if it can. */
  readonly problem: string | null;
}

export async function checkEngine(): Promise<EngineCheck> {
  const backend = onnxRuntimeBackend();
  const { name } = backend;
  try {
    const graph = makeGraph({ y: matMul(input('a', [1, 2]), input('b', [2, 1])) });
    const executable = await backend.compile(graph, new Map());
    const { y } = await executable.run({ a: floatTensor([1, 2], [2, 3]), b: floatTensor([2, 1], [5, 7]) });
    await executable.release();
    return { name, problem: y?.data[0] === 31 ? null : `it computes 2·5 + 3·7 as ${y?.data[0] ?? 'nothing'}` };
  } catch (error) {
    return { name, problem: error instanceof Error ? error.message : String(error) };
  }
}
