/** @file TensorFlow.js as a backend: runs the graph operation by operation on whatever device was loaded (see load-tfjs.ts). */
import type * as tfjs from '@tensorflow/tfjs-core';
import { asOutOfMemory, CHUNK_TOO_LARGE, WEIGHTS_TOO_LARGE } from '#backends/device/as-out-of-memory.ts';
import { DeviceWeights } from '#backends/device/device-weights.ts';
import { distinctWeights, usedWeights } from '#backends/device/used-weights.ts';
import { InternalError, OutOfMemoryError } from '#contract/errors.ts';
import type { Backend, Executable, Feeds, Weights } from '#engine/graph/backend.ts';
import { dimSizes, peakBytes } from '#engine/graph/cost.ts';
import { WASM_BYTES } from './wasm-memory.ts';
import { neededInputs } from '#engine/graph/graph.ts';
import type { Graph } from '#engine/graph/graph.ts';
import type { Node, NodeOf } from '#engine/graph/node.ts';
import type { OpName } from '#engine/graph/op.ts';
import { elementCount } from '#engine/tensor/tensor.ts';
import type { Tensor } from '#engine/tensor/tensor.ts';
import type { LoadedTfjs } from './load-tfjs.ts';
import { tfOps } from './ops.ts';
import type { Tf, TfRule } from './ops.ts';

type Held = ReadonlyMap<Node, tfjs.Tensor>;

export function tfjsBackend({ tf, device, description }: LoadedTfjs): Backend {
  const limitBytes = device === 'wasm' ? WASM_BYTES : Infinity;
  const weightsOnDevice = new DeviceWeights<tfjs.Tensor>({
    upload: async (values, shape) => {
      if (tf.memory().numBytes + values.byteLength > limitBytes) throw new OutOfMemoryError(WEIGHTS_TOO_LARGE, {});
      return tf.keep(tf.tensor(values, [...shape], 'float32'));
    },
    free: (tensor) => tensor.dispose(),
  });
  return {
    name: description,
    peakBytes: (graph, sizes) => peakBytes(graph, graph.order, sizes),
    residentBytes: (weights) => distinctWeights(weights).reduce((sum, { shape }) => sum + 4 * elementCount(shape), 0),
    hold: async (weights) => (await asOutOfMemory('weights', () => weightsOnDevice.hold(weights))).giveBack,
    compile: (graph, weights) => compile(tf, graph, { weights, weightsOnDevice, limitBytes }),
  };
}

interface CompileOptions {
  readonly weights: Weights;
  readonly weightsOnDevice: DeviceWeights<tfjs.Tensor>;
  readonly limitBytes: number;
}

async function compile(tf: Tf, graph: Graph, { weights, weightsOnDevice, limitBytes }: CompileOptions): Promise<Executable> {
  const { tensors, giveBack } = await asOutOfMemory('weights', () => weightsOnDevice.hold(usedWeights(graph, weights)));
  const held = new Map<Node, tfjs.Tensor>();
  const constants: tfjs.Tensor[] = [];
  for (const node of graph.order) {
    if (node.op === 'Parameter') held.set(node, tensors.get(node.attributes.name) as tfjs.Tensor);
    if (node.op !== 'Constant') continue;
    const tensor = tf.keep(toTf(tf, node.attributes.tensor));
    constants.push(tensor);
    held.set(node, tensor);
  }
  const lastUses = findLastUses(graph);
  return {
    async run(feeds) {
      if (limitBytes < Infinity) refuseTooLarge(tf, graph, { feeds, limitBytes });
      const results = await asOutOfMemory('chunk', async () => tf.tidy(() => compute(tf, graph, { held, feeds, lastUses })));
      try {
        const entries = Object.entries(results).map(async ([name, tensor]) => [name, await fromTf(tensor)] as const);
        return Object.fromEntries(await Promise.all(entries));
      } finally {
        for (const tensor of new Set(Object.values(results))) tensor.dispose();
      }
    },
    async release() {
      for (const tensor of constants.splice(0)) tensor.dispose();
      held.clear();
      await giveBack();
    },
  };
}

function refuseTooLarge(tf: Tf, graph: Graph, { feeds, limitBytes }: { readonly feeds: Feeds; readonly limitBytes: number }): void {
  const neededBytes = peakBytes(
    graph,
    graph.order,
    dimSizes(graph, (name) => feeds[name]?.dims),
  );
  const availableBytes = limitBytes - tf.memory().numBytes;
  if (neededBytes > availableBytes) throw new OutOfMemoryError(CHUNK_TOO_LARGE, { neededBytes, availableBytes });
}

interface ComputeOptions {
  readonly held: Held;
  readonly feeds: Feeds;
  /** Nodes whose value nobody needs after the node at an index of the order. */
  readonly lastUses: readonly (readonly Node[])[];
}

/** Everything is enqueued on the device and nothing read back: the caller waits for the results alone. */
function compute(tf: Tf, graph: Graph, { held, feeds, lastUses }: ComputeOptions): Record<string, tfjs.Tensor> {
  const values = new Map<Node, tfjs.Tensor>();
  const valueOf = (node: Node): tfjs.Tensor => {
    const value = held.get(node) ?? values.get(node);
    if (!value) throw new InternalError(`The value of a ${node.op} is needed after it was freed.`);
    return value;
  };
  graph.order.forEach((node, index) => {
    if (!held.has(node)) values.set(node, node.op === 'Input' ? feed(tf, node, feeds) : apply(tf, node, valueOf));
    for (const dead of lastUses[index] ?? []) values.get(dead)?.dispose();
    for (const dead of lastUses[index] ?? []) values.delete(dead);
  });
  // A weight or constant that is a result itself stays on the device; what leaves is a handle of its own.
  return Object.fromEntries(Object.entries(graph.outputs).map(([name, node]) => [name, tf.clone(valueOf(node))]));
}

function apply(tf: Tf, node: Node, valueOf: (input: Node) => tfjs.Tensor): tfjs.Tensor {
  const rule = tfOps[node.op as keyof typeof tfOps] as TfRule<OpName>; // the rule of a node's operation takes that node
  const inputs = neededInputs(node).map(valueOf);
  return tf.tidy(() => rule(tf, inputs, node));
}

function feed(tf: Tf, { attributes: { name } }: NodeOf<'Input'>, feeds: Feeds): tfjs.Tensor {
  const tensor = feeds[name];
  if (!tensor) throw new InternalError(`The graph needs a value for ${name}.`);
  return toTf(tf, tensor);
}

function findLastUses(graph: Graph): Node[][] {
  const outputs = new Set(Object.values(graph.outputs));
  const last = new Map<Node, number>();
  graph.order.forEach((node, index) => {
    last.set(node, index); // a value that nobody uses is freed at once
    for (const input of neededInputs(node)) last.set(input, index);
  });
  const perIndex = graph.order.map((): Node[] => []);
  for (const [node, index] of last) if (!outputs.has(node)) perIndex[index]?.push(node);
  return perIndex;
}

function toTf(tf: Tf, { data, dims, dtype }: Tensor): tfjs.Tensor {
  return tf.tensor(data, [...dims], dtype);
}

async function fromTf(tensor: tfjs.Tensor): Promise<Tensor> {
  const { dtype, shape: dims } = tensor;
  const data = await tensor.data();
  if (dtype === 'float32') return { dtype, dims, data: data as Float32Array };
  if (dtype === 'int32') return { dtype, dims, data: data as Int32Array };
  if (dtype === 'bool') return { dtype, dims, data: Uint8Array.from(data) };
  throw new InternalError(`A result came back as ${dtype}.`);
}
