/** @file From the name of an engine to the backend that it is. */
import type { EngineName } from '#contract/engines.ts';
import { EngineError } from '#contract/errors.ts';
import type { Backend } from '#engine/graph/backend.ts';
import type { ComputeDtype } from '#engine/graph/compute-dtype.ts';
import { makeGraph } from '#engine/graph/graph.ts';
import { exp, input } from '#engine/graph/operations.ts';
import { checkHalfSums } from './check-half-sums.ts';
import { BASE_ENGINE } from './engine-name.ts';
import { whyNotHere } from './why-not-here.ts';

/**
 * Their products of float16 add up in float32. The processor has no float16 product, nor has TensorFlow.js; WebGPU's kernels add up in float16, and
 * CoreML decides by itself.
 */
const HALF_ENGINES: ReadonlySet<EngineName> = new Set(['onnx:cuda', 'onnx:dml']);

/**
 * Opens it far enough to know that it computes.
 * @throws {EngineError} if it is not on this machine, or its device does not open
 */
export async function openEngine(name: EngineName, dtype: ComputeDtype = 'float32'): Promise<Backend> {
  const reason = whyNotHere(name);
  if (reason !== null) throw new EngineError(`The engine ${name} can't be used here: ${reason}`, { engine: name });
  if (dtype !== 'float32' && !HALF_ENGINES.has(name)) {
    throw new EngineError(
      `The engine ${name} computes in float32 only; ${dtype} is for ${[...HALF_ENGINES].join(' and ')}. Leave --dtype out, or choose one of those.`,
      { engine: name },
    );
  }
  const backend = await backendOf(name, dtype);
  if (name !== BASE_ENGINE) await tryOneNode(name, backend);
  if (dtype === 'float16') await checkHalfSums(name, backend);
  return backend;
}

/** Loaded when it is asked for: each brings a large library. */
async function backendOf(name: EngineName, dtype: ComputeDtype): Promise<Backend> {
  const [family, device] = name.split(':') as ['onnx' | 'tfjs', string];
  if (family === 'onnx') {
    const { onnxRuntimeBackend } = await import('#backends/onnxruntime/onnxruntime-backend.ts');
    const { PROVIDERS } = await import('#backends/onnxruntime/providers.ts');
    const provider = PROVIDERS.find((known) => known === device);
    return onnxRuntimeBackend({ dtype, ...(provider ? { provider } : {}) });
  }
  const { loadTfjs, TFJS_DEVICES } = await import('#backends/tfjs/load-tfjs.ts');
  const { tfjsBackend } = await import('#backends/tfjs/tfjs-backend.ts');
  return tfjsBackend(await loadTfjs(TFJS_DEVICES.find((known) => known === device) ?? 'wasm'));
}

async function tryOneNode(name: EngineName, backend: Backend): Promise<void> {
  try {
    const executable = await backend.compile(makeGraph({ y: exp(input('x', [1])) }), new Map());
    await executable.run({ x: { dtype: 'float32', dims: [1], data: Float32Array.of(0) } });
    await executable.release();
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw new EngineError(`The engine ${name} does not open: ${lastSentence(text)}`, { engine: name }, { cause: error });
  }
}

/** ONNX Runtime puts file, line and function of its source before what it has to say. */
function lastSentence(text: string): string {
  const flat = text.replaceAll(/\s+/g, ' ').trim();
  const said = flat.split(/ was false\. |\) /).at(-1) ?? flat;
  return said.length < 10 ? flat : said;
}
