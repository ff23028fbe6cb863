/** @file Deals texts into batches of packed rows: texts stand side by side in a row and do not see each other. */
import type { SegmentTree } from '#engine/model/segment-tree.ts';
import { epochOrder } from '#engine/train/epoch-order.ts';

export interface DocumentBatch {
  /** From 0; of the batch's first text. */
  readonly epoch: number;
  /** Passes over the texts that are done with this batch. */
  readonly epochsDone: number;
  /** A row each; texts are cut to the row's length. */
  readonly trees: readonly SegmentTree[];
  /** Tokens in all, and those that are predicted: all but the first of each text. */
  readonly tokens: number;
  readonly predicted: number;
}

export interface BatchOptions {
  readonly rows: number;
  readonly contextLength: number;
  readonly seed: number;
}

/**
 * Endless; each epoch has an order of its own. It follows from the seed alone, so a resumed run skips what was done.
 * @param documents - token ids, two or more each; at least one
 */
export function* trainingBatches(documents: readonly Int32Array[], options: BatchOptions): Generator<DocumentBatch, never, undefined> {
  let packer = new RowPacker(options);
  for (let epoch = 0; ; epoch++) {
    const order = epochOrder({ blockCount: documents.length, epoch, seed: options.seed, shuffle: true });
    for (const [i, index] of order.entries()) {
      const document = documents[index] as Int32Array;
      if (packer.add(document, epoch)) continue;
      yield packer.batch(epoch + i / documents.length);
      packer = new RowPacker(options);
      packer.add(document, epoch);
    }
  }
}

/** Every text once, in order. */
export function* evaluationBatches(documents: readonly Int32Array[], options: BatchOptions): Generator<DocumentBatch, void, undefined> {
  let packer = new RowPacker(options);
  for (const document of documents) {
    if (packer.add(document, 0)) continue;
    yield packer.batch(0);
    packer = new RowPacker(options);
    packer.add(document, 0);
  }
  if (!packer.isEmpty) yield packer.batch(1);
}

/** Puts each text into the first row that has room for it. */
class RowPacker {
  readonly #options: BatchOptions;
  readonly #rows: Int32Array[][] = [];
  readonly #left: number[] = [];
  #epoch = 0;

  constructor(options: BatchOptions) {
    this.#options = options;
  }

  get isEmpty(): boolean {
    return this.#rows.length === 0;
  }

  /** @returns false if there is no room left */
  add(document: Int32Array, epoch: number): boolean {
    const { rows, contextLength } = this.#options;
    const ids = document.subarray(0, contextLength);
    let row = this.#left.findIndex((left) => left >= ids.length);
    if (row < 0) {
      if (this.#rows.length === rows) return false;
      if (this.isEmpty) this.#epoch = epoch;
      row = this.#rows.push([]) - 1;
      this.#left.push(contextLength);
    }
    this.#rows[row]?.push(ids);
    this.#left[row] = (this.#left[row] as number) - ids.length;
    return true;
  }

  batch(epochsDone: number): DocumentBatch {
    const texts = this.#rows.flat();
    const tokens = texts.reduce((sum, { length }) => sum + length, 0);
    const trees = this.#rows.map((row) => row.map((ids) => ({ ids, parent: null, stream: 'policy' as const, row: 0 })));
    return { epoch: this.#epoch, epochsDone, trees, tokens, predicted: tokens - texts.length };
  }
}
