/** @file Keeps the WebGPU device open between sessions. */
import * as ort from 'onnxruntime-node';
import { makeGraph } from '#engine/graph/graph.ts';
import { input, neg } from '#engine/graph/operations.ts';
import { lowerGraph } from './lowering.ts';
import { PROVIDER_PROFILES } from './providers.ts';

let keeper: Promise<ort.InferenceSession> | null = null;

/**
 * The runtime closes the device with its last session, and with it every compiled shader: reference scoring, training and evaluation would each
 * compile theirs again. One session of a single node, open until the process ends, keeps them. Without a device it fails as any other would.
 */
export async function keepDevice(): Promise<void> {
  keeper ??= openKeeper();
  try {
    await keeper;
  } catch (error) {
    keeper = null;
    throw error;
  }
}

function openKeeper(): Promise<ort.InferenceSession> {
  const { table, widening, session } = PROVIDER_PROFILES.webgpu;
  const { model } = lowerGraph(makeGraph({ y: neg(input('x', [1])) }), new Map(), { table, widening, folder: '/' });
  return ort.InferenceSession.create(model, { ...session, logSeverityLevel: 3 });
}
