/** @file Whether this process can use WebGPU, and if not, why: tests that need it are skipped with that reason in their name. */
import { onnxRuntimeBackend } from '#backends/onnxruntime/onnxruntime-backend.ts';
import { makeGraph } from '#engine/graph/graph.ts';
import { exp, input } from '#engine/graph/operations.ts';

/** Any other failure is one that a test should show. */
const NO_DEVICE = /Failed to get a WebGPU adapter|backend not found|not supported/i;

/** @returns null if there is a device */
export async function whyNoWebGpu(): Promise<string | null> {
  try {
    const executable = await onnxRuntimeBackend({ provider: 'webgpu' }).compile(makeGraph({ y: exp(input('x', [1])) }), new Map());
    await executable.release();
    return null;
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    if (!NO_DEVICE.test(text)) throw error;
    return text.split('. ').at(-1)?.trim() ?? text;
  }
}
