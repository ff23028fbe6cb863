/** @file What an engine computes on: the processor, or one of the graphics cards that the system tells of. */
import { cpus } from 'node:os';
import type { Device, EngineName } from '#contract/engines.ts';
import { findGraphicsCards } from './graphics-cards.ts';
import type { GraphicsCard } from './graphics-cards.ts';

/**
 * Of several cards it is taken to be the first: NVIDIA's come first, and both WebGPU and DirectML prefer the card with its own memory.
 * @returns null if there is no such card, which may mean a device in software
 */
export function engineDevice(engine: EngineName, cards: readonly GraphicsCard[]): Device | null {
  switch (engine) {
    case 'onnx:cpu':
    case 'tfjs:cpu':
    case 'tfjs:wasm':
      return { name: processorName(), memoryBytes: null, driver: null };
    case 'onnx:cuda':
    case 'tfjs:gpu':
      return cards.find(({ name }) => /nvidia/i.test(name)) ?? null;
    case 'onnx:webgpu':
    case 'onnx:dml':
    case 'onnx:coreml':
      return cards[0] ?? null;
    default:
      return engine satisfies never;
  }
}

/** Asks the system only where it is about a graphics card. */
export async function findEngineDevice(engine: EngineName): Promise<Device | null> {
  return engineDevice(engine, []) ?? engineDevice(engine, await findGraphicsCards());
}

/** `AMD EPYC 7B13, 2 threads` */
function processorName(): string {
  const all = cpus();
  const model = all[0]?.model
    .replaceAll(/\((?:R|TM)\)/gi, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return `${model || process.arch}, ${all.length} ${all.length === 1 ? 'thread' : 'threads'}`;
}
