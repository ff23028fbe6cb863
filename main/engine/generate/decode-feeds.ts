/** @file What the generation graphs are fed besides cache and adapter: ids, angles, where tokens stand, and masks. */
import type { Feeds } from '#engine/graph/backend.ts';
import type { ModelConfig } from '#engine/model/model-config.ts';
import { MASKED } from '#engine/model/pack-trees.ts';
import { ropeTables } from '#engine/model/rope-tables.ts';
import { distinctWindows } from '#engine/model/stream-inputs.ts';
import { floatTensor, intTensor } from '#engine/tensor/tensor.ts';
import type { FloatTensor } from '#engine/tensor/tensor.ts';
import { DECODE } from './decode-graph.ts';

/** New tokens of one sequence. */
export interface NewSpan {
  readonly ids: Int32Array;
  /** Tokens before these. */
  readonly start: number;
  /** Length of the sequence that the angles of "dynamic" rope follow; cached keys keep theirs, as in Transformers. */
  readonly sequenceLength: number;
}

/** For the graph `token`; each span is one token. */
export function tokenFeeds(config: ModelConfig, spans: readonly NewSpan[], room: number): Feeds {
  const masks = distinctWindows(config).map((window) => {
    const mask = new Float32Array(spans.length * room).fill(MASKED); // [R, Z]
    spans.forEach(({ start }, r) => mask.fill(0, r * room + firstVisible(start, window), r * room + start));
    return [DECODE.cachedMask(window), floatTensor([spans.length, 1, 1, room], mask)] as const;
  });
  return {
    [DECODE.ids]: intTensor(
      [spans.length],
      spans.map(({ ids }) => ids[0] as number),
    ),
    ...rotation(config, spans),
    ...Object.fromEntries(masks),
  };
}

/** For the graph `prompt`; spans may differ in length. */
export function promptFeeds(config: ModelConfig, spans: readonly NewSpan[], room: number): Feeds {
  const [rows, slotCount] = [spans.length, Math.max(...spans.map(({ ids }) => ids.length))];
  const total = spans.reduce((sum, { ids }) => sum + ids.length, 0);
  const ids = new Int32Array(total);
  const slots = new Int32Array(rows * slotCount).fill(-1);
  const places = new Int32Array(total);
  const last = new Int32Array(rows);
  let token = 0;
  spans.forEach((span, r) => {
    ids.set(span.ids, token);
    for (let slot = 0; slot < span.ids.length; slot++, token++) {
      slots[r * slotCount + slot] = token;
      places[token] = r * slotCount + slot;
    }
    last[r] = token - 1;
  });
  return {
    [DECODE.ids]: intTensor([total], ids),
    [DECODE.slots]: intTensor([rows, slotCount], slots),
    [DECODE.places]: intTensor([total], places),
    [DECODE.last]: intTensor([rows], last),
    ...rotation(config, spans),
    ...promptMasks(config, spans, { slotCount, room }),
  };
}

/** A slot without a token sees everything, so that it stays finite; nobody looks at its result. */
function promptMasks(
  config: ModelConfig,
  spans: readonly NewSpan[],
  { slotCount, room }: { slotCount: number; room: number },
): Record<string, FloatTensor> {
  const feeds: Record<string, FloatTensor> = {};
  for (const window of distinctWindows(config)) {
    const own = new Float32Array(spans.length * slotCount * slotCount); // [R, S, S]
    const cached = new Float32Array(spans.length * slotCount * room); // [R, S, Z]
    spans.forEach(({ ids, start }, r) => {
      for (let slot = 0; slot < ids.length; slot++) {
        const row = r * slotCount + slot;
        const from = firstVisible(start + slot, window);
        own.fill(MASKED, row * slotCount, (row + 1) * slotCount);
        own.fill(0, row * slotCount + Math.max(0, from - start), row * slotCount + slot + 1);
        cached.fill(MASKED, row * room, (row + 1) * room);
        if (from < start) cached.fill(0, row * room + from, row * room + start);
      }
    });
    feeds[DECODE.ownMask(window)] = floatTensor([spans.length, 1, 1, slotCount, slotCount], own);
    feeds[DECODE.cachedMask(window)] = floatTensor([spans.length, 1, 1, slotCount, room], cached);
  }
  return feeds;
}

/** The first position that a token at `position` may attend to. */
function firstVisible(position: number, window: number | null): number {
  return window === null ? 0 : Math.max(0, position - window + 1);
}

function rotation(config: ModelConfig, spans: readonly NewSpan[]): Record<string, FloatTensor> {
  const half = config.headDim / 2;
  const total = spans.reduce((sum, { ids }) => sum + ids.length, 0);
  const [cos, sin] = [new Float32Array(total * half), new Float32Array(total * half)]; // [T, H/2]
  let token = 0;
  // The angles of one kind of rope only depend on more than the position.
  for (const group of config.rope.type === 'dynamic' ? spans.map((span) => [span]) : [spans]) {
    const positions = group.flatMap(({ ids, start }) => Array.from(ids, (_, i) => start + i));
    const tables = ropeTables(config, Int32Array.from(positions), Math.max(...group.map(({ sequenceLength }) => sequenceLength)));
    cos.set(tables.cos, token * half);
    sin.set(tables.sin, token * half);
    token += positions.length;
  }
  return { [DECODE.cos]: floatTensor([total, half], cos), [DECODE.sin]: floatTensor([total, half], sin) };
}
