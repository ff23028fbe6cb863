/** @file What the device behind an engine can hold: its memory as the system tells it, its largest buffer as the engine's test found it. */
import type { EngineName } from '#contract/engines.ts';
import type { DeviceLimits } from '#engine/graph/backend.ts';
import { findGraphicsCards } from './graphics-cards.ts';
import type { GraphicsCard } from './graphics-cards.ts';
import { fingerprint, recallTests } from './remembered.ts';

/** These compute on the processor, in the machine's own memory. */
const ON_PROCESSOR: ReadonlySet<EngineName> = new Set(['onnx:cpu', 'tfjs:cpu', 'tfjs:wasm']);
const ON_NVIDIA: ReadonlySet<EngineName> = new Set(['onnx:cuda', 'tfjs:gpu']);

/** @returns null for the processor */
export async function deviceLimits(
  engine: EngineName,
  cacheDir: string,
  findCards: () => Promise<GraphicsCard[]> = findGraphicsCards,
): Promise<DeviceLimits | null> {
  if (ON_PROCESSOR.has(engine)) return null;
  const cards = await findCards();
  const { tests, isCurrent } = await recallTests(cacheDir, fingerprint(cards));
  const test = isCurrent ? tests.find((known) => known.engine === engine) : undefined;
  return { memoryBytes: memoryOf(engine, cards), bufferBytes: test?.bufferBytes ?? null };
}

/** Of several cards it is not known which one is used, so the smallest counts; a card without memory of its own is not chosen beside one that has some. */
function memoryOf(engine: EngineName, cards: readonly GraphicsCard[]): number | null {
  const candidates = ON_NVIDIA.has(engine) ? cards.filter(({ name }) => name.includes('NVIDIA')) : cards;
  const known = candidates.flatMap(({ memoryBytes }) => memoryBytes ?? []);
  return known.length === 0 ? null : Math.min(...known);
}
