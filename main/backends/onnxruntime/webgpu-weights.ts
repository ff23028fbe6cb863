/**
 * @file Weights on the WebGPU device, shared by every session of the process. The runtime copies a session's own weights to the device when it
 * opens, each session its own; tensors that one session leaves on the device may be fed to all others instead.
 */
import * as ort from 'onnxruntime-node';
import { DeviceWeights } from '#backends/device/device-weights.ts';
import { OnnxWriter } from './onnx-writer.ts';
import { PROVIDER_PROFILES } from './providers.ts';

/** By rank. They stay open until the process ends: what they left on the device can't be freed without them. */
const loaders = new Map<number, Promise<ort.InferenceSession>>();

export const webGpuWeights = new DeviceWeights<ort.Tensor>({
  async upload(values, shape) {
    const loader = await loaderOf(shape.length);
    const { weight } = await loader.run({ given: new ort.Tensor('float32', values, shape) });
    return weight as ort.Tensor;
  },
  free: (tensor) => tensor.dispose(),
});

/**
 * The runtime closes the device with its last session, and with it every compiled shader: reference scoring, training and evaluation would each
 * compile theirs again. A loader keeps it open. Without a device it fails as any other session would.
 */
export async function keepDevice(): Promise<void> {
  await loaderOf(1);
}

async function loaderOf(rank: number): Promise<ort.InferenceSession> {
  const loader = loaders.get(rank) ?? openLoader(rank);
  loaders.set(rank, loader);
  try {
    return await loader;
  } catch (error) {
    loaders.delete(rank);
    throw error;
  }
}

/** Gives back on the device what it is fed from the host. */
function openLoader(rank: number): Promise<ort.InferenceSession> {
  const writer = new OnnxWriter();
  const shape = Array.from({ length: rank }, (_, axis) => `D${axis}`);
  writer.output('weight', writer.input('given', 'float32', shape), 'float32', shape);
  const { session } = PROVIDER_PROFILES.webgpu;
  return ort.InferenceSession.create(writer.toBytes(), { ...session, preferredOutputLocation: 'gpu-buffer', logSeverityLevel: 3 });
}
