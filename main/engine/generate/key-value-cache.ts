/**
 * @file Keys and values of the tokens so far, per layer one array `[rows, K, room, H]`, which the graphs read where it lies. New tokens are written
 * behind a row's last one; room grows in steps, so that what is read stays close to what is there.
 */
import { InternalError } from '#contract/errors.ts';
import type { ModelConfig } from '#engine/model/model-config.ts';
import { floatTensor } from '#engine/tensor/tensor.ts';
import type { FloatTensor, Tensor } from '#engine/tensor/tensor.ts';
import { DECODE } from './decode-graph.ts';

/** Tokens by which room grows: a copy of the cache then costs one part in so many of reading it once a token. */
const ROOM_STEP = 64;

const PARTS = ['keys', 'values'] as const;
type Part = (typeof PARTS)[number];

/** Bytes that one token of one sequence takes: float32 keys and values of all layers. */
export function cacheBytesPerToken({ layerCount, keyValueHeads, headDim }: ModelConfig): number {
  return 2 * layerCount * keyValueHeads * headDim * Float32Array.BYTES_PER_ELEMENT;
}

/** Room that is made for so many tokens of a sequence. */
export function cacheRoom(tokens: number): number {
  return Math.ceil(tokens / ROOM_STEP) * ROOM_STEP;
}

export class KeyValueCache {
  readonly #config: ModelConfig;
  readonly #rows: number;
  #room = 0;
  readonly #layers: Record<Part, Float32Array>[];
  /** Tokens of each row. */
  readonly lengths: Int32Array;

  /** Takes `rows · cacheRoom(tokens) · cacheBytesPerToken` bytes for the longest sequence so far. */
  constructor(config: ModelConfig, rows: number) {
    this.#config = config;
    this.#rows = rows;
    this.#layers = Array.from({ length: config.layerCount }, () => ({ keys: new Float32Array(), values: new Float32Array() }));
    this.lengths = new Int32Array(rows);
  }

  /** Z */
  get room(): number {
    return this.#room;
  }

  /** What the graphs are fed, without a copy. @param spread with an axis of size 1 for the query heads of a key head, as the graph `prompt` wants it */
  feeds(firstRow: number, rows: number, { spread }: { readonly spread: boolean }): Record<string, FloatTensor> {
    const { keyValueHeads, headDim } = this.#config;
    const size = this.#rowSize;
    const dims = spread ? [rows, keyValueHeads, 1, this.#room, headDim] : [rows, keyValueHeads, this.#room, headDim];
    const feeds: Record<string, FloatTensor> = {};
    this.#layers.forEach((layer, index) => {
      for (const part of PARTS) {
        feeds[DECODE.cached(part, index)] = floatTensor(dims, layer[part].subarray(firstRow * size, (firstRow + rows) * size));
      }
    });
    return feeds;
  }

  /** Makes room for rows of so many tokens. Copies one layer at a time. */
  reserve(tokens: number): void {
    if (tokens <= this.#room) return;
    const { keyValueHeads, headDim } = this.#config;
    const [before, room] = [this.#room, cacheRoom(tokens)];
    for (const layer of this.#layers) {
      for (const part of PARTS) {
        const [from, to] = [layer[part], new Float32Array(this.#rows * keyValueHeads * room * headDim)];
        this.lengths.forEach((length, row) => {
          for (let head = row * keyValueHeads; head < (row + 1) * keyValueHeads; head++) {
            to.set(from.subarray(head * before * headDim, (head * before + length) * headDim), head * room * headDim);
          }
        });
        layer[part] = to;
      }
    }
    this.#room = room;
  }

  /**
   * Writes what a graph computed for new tokens behind the tokens of their rows.
   * @param outputs - `[R, K, (1,) S, H]` per layer and part
   * @param rows - the cache's row of each of the R sequences
   * @param counts - new tokens of each, at most S
   */
  append(outputs: Readonly<Record<string, Tensor>>, rows: readonly number[], counts: readonly number[]): void {
    const { keyValueHeads, headDim } = this.#config;
    this.reserve(Math.max(...rows.map((row, r) => (this.lengths[row] as number) + (counts[r] as number))));
    this.#layers.forEach((layer, index) => {
      for (const part of PARTS) {
        const added = addedOf(outputs, part, index);
        const slots = added.dims.at(-2) as number;
        const target = layer[part];
        rows.forEach((row, r) => {
          const [length, size] = [this.lengths[row] as number, (counts[r] as number) * headDim];
          for (let head = 0; head < keyValueHeads; head++) {
            const from = (r * keyValueHeads + head) * slots * headDim;
            const to = ((row * keyValueHeads + head) * this.#room + length) * headDim;
            // One token's head is too short to be worth a view.
            if (size <= headDim) for (let i = 0; i < size; i++) target[to + i] = added.data[from + i] as number;
            else target.set(added.data.subarray(from, from + size), to);
          }
        });
      }
    });
    rows.forEach((row, r) => (this.lengths[row] = (this.lengths[row] as number) + (counts[r] as number)));
  }

  /** Puts a row in the place of another. */
  move(from: number, to: number): void {
    const size = this.#rowSize;
    if (from !== to) {
      for (const layer of this.#layers) for (const part of PARTS) layer[part].copyWithin(to * size, from * size, (from + 1) * size);
    }
    this.lengths[to] = this.lengths[from] as number;
  }

  clear(row: number): void {
    this.lengths[row] = 0;
  }

  get #rowSize(): number {
    return this.#config.keyValueHeads * this.#room * this.#config.headDim;
  }
}

function addedOf(outputs: Readonly<Record<string, Tensor>>, part: Part, layer: number): FloatTensor {
  const added = outputs[DECODE.added(part, layer)];
  if (added?.dtype !== 'float32') throw new InternalError(`The graph gave no ${part} for layer ${layer}.`);
  return added;
}
