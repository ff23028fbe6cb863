/** @file From the name of an engine to the backend that it is. */
import type { EngineName } from '#contract/engines.ts';
import { EngineError } from '#contract/errors.ts';
import type { Backend } from '#engine/graph/backend.ts';
import { makeGraph } from '#engine/graph/graph.ts';
import { exp, input } from '#engine/graph/operations.ts';
import { BASE_ENGINE } from './engine-name.ts';
import { whyNotHere } from './why-not-here.ts';

/**
 * Opens it far enough to know that it computes.
 * @throws {EngineError} if it is not on this machine, or its device does not open
 */
export async function openEngine(name: EngineName): Promise<Backend> {
  const reason = whyNotHere(name);
  if (reason !== null) throw new EngineError(`The engine ${name} can't be used here: ${reason}`, { engine: name });
  const backend = await backendOf(name);
  if (name !== BASE_ENGINE) await tryOneNode(name, backend);
  return backend;
}

/** Loaded when it is asked for: each brings a large library. */
async function backendOf(name: EngineName): Promise<Backend> {
  const [family, device] = name.split(':') as ['onnx' | 'tfjs', string];
  if (family === 'onnx') {
    const { onnxRuntimeBackend } = await import('#backends/onnxruntime/onnxruntime-backend.ts');
    const { PROVIDERS } = await import('#backends/onnxruntime/providers.ts');
    const provider = PROVIDERS.find((known) => known === device);
    return onnxRuntimeBackend(provider ? { provider } : {});
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
