/** @file What the device behind an engine can hold: its memory as the system tells it, its largest buffer as the engine's test found it. */
import { WASM_BYTES } from '#backends/tfjs/wasm-memory.ts';
import type { EngineName } from '#contract/engines.ts';
import type { DeviceLimits } from '#engine/graph/backend.ts';
import { engineDevice } from './engine-device.ts';
import { findGraphicsCards } from './graphics-cards.ts';
import type { GraphicsCard } from './graphics-cards.ts';
import { fingerprint, recallTests } from './remembered.ts';

/** These compute on the processor, in the machine's own memory. */
const ON_PROCESSOR: ReadonlySet<EngineName> = new Set(['onnx:cpu', 'tfjs:cpu']);

/** @returns null for the processor */
export async function deviceLimits(
  engine: EngineName,
  cacheDir: string,
  findCards: () => Promise<GraphicsCard[]> = findGraphicsCards,
): Promise<DeviceLimits | null> {
  if (ON_PROCESSOR.has(engine)) return null;
  if (engine === 'tfjs:wasm') return { memoryBytes: WASM_BYTES, bufferBytes: null };
  const cards = await findCards();
  const { tests, isCurrent } = await recallTests(cacheDir, fingerprint(cards));
  const test = isCurrent ? tests.find((known) => known.engine === engine) : undefined;
  return { memoryBytes: engineDevice(engine, cards)?.memoryBytes ?? null, bufferBytes: test?.bufferBytes ?? null };
}
