/** @file ONNX Runtime as a backend: lowers a graph, lets the runtime map the weight files, runs. */
import { dirname, relative, sep } from 'node:path';
import * as ort from 'onnxruntime-node';
import { InternalError } from '#contract/errors.ts';
import type { Backend, Executable, Feeds, Weights } from '#engine/graph/backend.ts';
import { peakBytes } from '#engine/graph/cost.ts';
import type { Graph } from '#engine/graph/graph.ts';
import type { Node } from '#engine/graph/node.ts';
import type { Tensor } from '#engine/tensor/tensor.ts';
import { executionOrder } from './execution-order.ts';
import { lowerGraph } from './lowering.ts';
import type { LoweringTable } from './lowering.ts';
import { cpuOps } from './ops-cpu.ts';

/** Prepacking would copy every weight into private memory, for no gain in speed at these sizes. */
const SESSION_CONFIG = { disable_prepacking: '1' };
/** It would let all users of a half weight share one float32 copy, and keep that from the forward to the backward pass. */
const OPTIMIZATION_CONFIG = { disable_specified_optimizers: 'CommonSubexpressionElimination' };

export interface OnnxRuntimeOptions {
  /** Threads of one operation; default: ONNX Runtime's, the number of physical cores. */
  readonly threads?: number;
}

export function onnxRuntimeBackend({ threads }: OnnxRuntimeOptions = {}): Backend {
  return {
    name: `onnxruntime ${ort.env.versions.node ?? ''} (cpu)`.replace('  ', ' '),
    peakBytes: (graph, sizes, weights) => peakBytes(graph, executionOrder(graph), sizes, (node) => widenedBytes(node, weights)),
    compile: (graph, weights) =>
      compile(graph, weights, cpuOps, {
        executionProviders: ['cpu'],
        ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
        logSeverityLevel: 3,
        // A planned arena keeps the first run's unplanned one beside it: a third more memory for 4 % of speed (docs/benchmarks.md).
        enableMemPattern: false,
      }),
  };
}

async function compile(
  graph: Graph,
  weights: Weights,
  table: LoweringTable,
  options: ort.InferenceSession.SessionOptions,
): Promise<Executable> {
  const folder = commonFolder(graph.parameters.flatMap(({ attributes }) => weights.get(attributes.name)?.file ?? []));
  const model = lowerGraph(graph, weights, { table, folder });
  const session = await ort.InferenceSession.create(model, {
    ...options,
    extra: { session: { ...SESSION_CONFIG, model_external_initializers_file_folder_path: folder }, optimization: OPTIMIZATION_CONFIG },
  });
  return executable(graph, session);
}

/** Half weights that the node uses, as float32. Only rows of a table are widened that are taken from it. */
function widenedBytes(node: Node, weights: Weights): number {
  if (node.op === 'Gather') return 0;
  const halves = node.inputs.flatMap((input) => (input.op === 'Parameter' ? (weights.get(input.attributes.name) ?? []) : []));
  return halves.reduce((sum, { dtype, byteLength }) => sum + (dtype === 'float32' ? 0 : 2 * byteLength), 0);
}

/** Deepest folder that holds all files: the runtime refuses weights outside the folder it is given. */
function commonFolder(files: readonly string[]): string {
  const [first = sep, ...rest] = files.map((file) => dirname(file));
  return rest.reduce((common, folder) => {
    let shared = common;
    while (relative(shared, folder).startsWith('..') && dirname(shared) !== shared) shared = dirname(shared);
    return shared;
  }, first);
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
  const { type, data, dims } = value;
  if (type === 'float32') return { dtype: 'float32', dims, data: data as Float32Array };
  if (type === 'int32') return { dtype: 'int32', dims, data: data as Int32Array };
  if (type === 'bool') return { dtype: 'bool', dims, data: data as Uint8Array };
  throw new InternalError(`Output ${name} came back as ${type}.`);
}
