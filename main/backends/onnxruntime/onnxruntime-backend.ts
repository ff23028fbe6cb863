/** @file ONNX Runtime as a backend: lowers a graph, lets the runtime map the weight files, runs. */
import { dirname, relative, sep } from 'node:path';
import * as ort from 'onnxruntime-node';
import { asOutOfMemory } from '#backends/device/as-out-of-memory.ts';
import type { HeldWeights } from '#backends/device/device-weights.ts';
import { distinctWeights, usedWeights } from '#backends/device/used-weights.ts';
import { InternalError } from '#contract/errors.ts';
import type { Backend, Executable, Feeds, Weights } from '#engine/graph/backend.ts';
import { peakBytes } from '#engine/graph/cost.ts';
import type { ComputeDtype } from '#engine/graph/compute-dtype.ts';
import type { Graph } from '#engine/graph/graph.ts';
import type { Node } from '#engine/graph/node.ts';
import { elementCount } from '#engine/tensor/tensor.ts';
import type { Tensor } from '#engine/tensor/tensor.ts';
import { executionOrder } from './execution-order.ts';
import { lowerGraph } from './lowering.ts';
import { PROVIDER_PROFILES } from './providers.ts';
import type { Provider, ProviderProfile } from './providers.ts';
import { keepDevice, webGpuWeights } from './webgpu-weights.ts';

/** Prepacking would copy every weight into private memory, for no gain in speed at these sizes. */
const SESSION_CONFIG = { disable_prepacking: '1' };
/** It would let all users of a half weight share one float32 copy, and keep that from the forward to the backward pass. */
const OPTIMIZATION_CONFIG = { disable_specified_optimizers: 'CommonSubexpressionElimination' };

export interface OnnxRuntimeOptions {
  readonly provider?: Provider;
  /** What products with frozen weights are computed in; default: float32, as everything else. */
  readonly dtype?: ComputeDtype;
  /** Threads of one operation; default: ONNX Runtime's, the number of physical cores. */
  readonly threads?: number;
  /** Beginning of a file name: which provider ran each node, and for how long, is written there when an executable is released. */
  readonly profileTo?: string;
}

interface Lowered extends ProviderProfile {
  readonly dtype: ComputeDtype;
}

export function onnxRuntimeBackend({ provider = 'cpu', dtype = 'float32', threads, profileTo }: OnnxRuntimeOptions = {}): Backend {
  const profile = { ...PROVIDER_PROFILES[provider], dtype };
  const options = {
    ...profile.session,
    ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
    ...(profileTo === undefined ? {} : { enableProfiling: true, profileFilePrefix: profileTo }),
    logSeverityLevel: 3,
  } as const;
  return {
    name: `onnxruntime ${ort.env.versions.node ?? ''} (${provider}${dtype === 'float32' ? '' : `, ${dtype}`})`.replace('  ', ' '),
    peakBytes: (graph, sizes, weights) =>
      peakBytes(graph, executionOrder(graph), sizes, (node) => (profile.widening === 'per use' ? widenedBytes(node, weights) : 0)),
    residentBytes: (weights) => residentBytes(weights, provider),
    hold: async (weights) =>
      profile.weights === 'shared' ? (await asOutOfMemory('weights', () => webGpuWeights.hold(weights))).giveBack : () => Promise.resolve(),
    async compile(graph, weights) {
      if (profile.weights === 'per session') return compile(graph, weights, profile, options);
      await keepDevice();
      return compileWithShared(graph, weights, profile, options);
    },
  };
}

async function compileWithShared(
  graph: Graph,
  weights: Weights,
  profile: Lowered,
  options: ort.InferenceSession.SessionOptions,
): Promise<Executable> {
  const held = await asOutOfMemory('weights', () => webGpuWeights.hold(usedWeights(graph, weights)));
  try {
    return await compile(graph, weights, profile, options, held);
  } catch (error) {
    await held.giveBack();
    throw error;
  }
}

async function compile(
  graph: Graph,
  weights: Weights,
  { table, widening, weights: residence, dtype, half }: Lowered,
  options: ort.InferenceSession.SessionOptions,
  shared: HeldWeights<ort.Tensor> | null = null,
): Promise<Executable> {
  const folder = commonFolder(graph.parameters.flatMap(({ attributes }) => weights.get(attributes.name)?.file ?? []));
  const { model, placesInputs } = lowerGraph(graph, weights, { table, widening, residence, dtype, half, folder });
  const extra = {
    session: { ...SESSION_CONFIG, model_external_initializers_file_folder_path: folder },
    optimization: OPTIMIZATION_CONFIG,
  };
  const session = await asOutOfMemory('weights', () => ort.InferenceSession.create(model, { ...options, extra }));
  return executable(graph, session, { placesInputs, shared, isProfiled: options.enableProfiling === true });
}

/** Those of a session on a device that can't be shared are there twice: for training, and for scoring. */
function residentBytes(weights: Weights, provider: Provider): number {
  const { widening, weights: residence } = PROVIDER_PROFILES[provider];
  const bytes = [...distinctWeights(weights)].reduce(
    (sum, { shape, byteLength }) => sum + (widening === 'per use' ? byteLength : 4 * elementCount(shape)),
    0,
  );
  return provider === 'cpu' || residence === 'shared' ? bytes : 2 * bytes;
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

interface ExecutableOptions {
  readonly placesInputs: ReadonlyMap<string, string>;
  /** Weights that are fed; null where the session has its own. */
  readonly shared: HeldWeights<ort.Tensor> | null;
  readonly isProfiled: boolean;
}

function executable(graph: Graph, session: ort.InferenceSession, { placesInputs, shared, isProfiled }: ExecutableOptions): Executable {
  const names = graph.inputs.map((node) => node.attributes.name);
  return {
    async run(feeds) {
      const inputs = names.map((name) => [name, toOrt(name, feeds)] as const);
      const places = [...placesInputs].map(([name, from]) => [name, toPlaces(from, feeds)] as const);
      const results = await asOutOfMemory('chunk', () =>
        session.run(Object.fromEntries([...(shared?.tensors ?? []), ...inputs, ...places])),
      );
      return Object.fromEntries(Object.entries(results).map(([name, value]) => [name, fromOrt(name, value)]));
    },
    async release() {
      if (isProfiled) session.endProfiling();
      await session.release();
      await shared?.giveBack();
    },
  };
}

/** Indices as int64, with a last axis of one. */
function toPlaces(name: string, feeds: Feeds): ort.Tensor {
  const { data, dims } = fed(name, feeds);
  return new ort.Tensor('int64', BigInt64Array.from(data, BigInt), [...dims, 1]);
}

function fed(name: string, feeds: Feeds): Tensor {
  const tensor = feeds[name];
  if (!tensor) throw new InternalError(`The graph needs a value for ${name}.`);
  return tensor;
}

function toOrt(name: string, feeds: Feeds): ort.Tensor {
  const tensor = fed(name, feeds);
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
