/** @file ONNX Runtime as a backend: lowers a graph, lets the runtime map the weight files, runs. */
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { InternalError } from '#contract/errors.ts';
import type { Backend, Executable, Feeds, Weights } from '#engine/graph/backend.ts';
import type { Graph } from '#engine/graph/graph.ts';
import type { Tensor } from '#engine/tensor/tensor.ts';
import { lowerGraph } from './lowering.ts';
import type { LoweringTable } from './lowering.ts';
import { cpuOps } from './ops-cpu.ts';

export interface OnnxRuntimeOptions {
  /** Threads of one operation; default: ONNX Runtime's, the number of physical cores. */
  readonly threads?: number;
}

export function onnxRuntimeBackend({ threads }: OnnxRuntimeOptions = {}): Backend {
  return {
    name: `onnxruntime ${ort.env.versions.node ?? ''} (cpu)`.replace('  ', ' '),
    compile: (graph, weights) => compile(graph, weights, cpuOps, {
      executionProviders: ['cpu'],
      ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
      // Prepacking would copy every weight into private memory, for no gain in speed at these sizes.
      extra: { session: { disable_prepacking: '1' } },
      logSeverityLevel: 3,
    }),
  };
}

async function compile(graph: Graph, weights: Weights, table: LoweringTable, options: ort.InferenceSession.SessionOptions): Promise<Executable> {
  const { model, weightFiles } = lowerGraph(graph, weights, table);
  // External data must lie beside the model file, so the model gets a folder of its own with links to the weights.
  const folder = await mkdtemp(join(tmpdir(), 'prospect-graph-'));
  try {
    await writeFile(join(folder, 'model.onnx'), model);
    for (const [alias, file] of weightFiles) await symlink(file, join(folder, alias));
    const session = await ort.InferenceSession.create(join(folder, 'model.onnx'), options);
    return executable(graph, session);
  } finally {
    // The runtime keeps its mappings; the names are no longer needed.
    await rm(folder, { recursive: true, force: true });
  }
}

function executable(graph: Graph, session: ort.InferenceSession): Executable {
  const names = graph.inputs.map((node) => node.attributes.name);
  return {
    async run(feeds) {
      const results = await session.run(Object.fromEntries(names.map((name) => [name, toOrt(name, feeds)])));
      return Object.fromEntries(Object.entries(results).map(([name, value]) => [name, fromOrt(name, value)]));
    },
    release: () => session.release(),
  };
}

function toOrt(name: string, feeds: Feeds): ort.Tensor {
  const tensor = feeds[name];
  if (!tensor) throw new InternalError(`The graph needs a value for ${name}.`);
  if (tensor.dtype === 'bool') return new ort.Tensor('bool', tensor.data, tensor.dims);
  return tensor.dtype === 'int32' ? new ort.Tensor('int32', tensor.data, tensor.dims) : new ort.Tensor('float32', tensor.data, tensor.dims);
}

function fromOrt(name: string, value: ort.OnnxValue): Tensor {
  const { type, data, dims } = value as ort.Tensor;
  if (type === 'float32') return { dtype: 'float32', dims, data: data as Float32Array };
  if (type === 'int32') return { dtype: 'int32', dims, data: data as Int32Array };
  if (type === 'bool') return { dtype: 'bool', dims, data: data as Uint8Array };
  throw new InternalError(`Output ${name} came back as ${type}.`);
}
