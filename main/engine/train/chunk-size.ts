/** @file How many tokens are computed at once; fewer, for good, after a device had too little memory for them. */
import { OutOfMemoryError } from '#contract/errors.ts';
import { treeTokens } from '#engine/model/segment-tree.ts';
import { chunkRows } from './chunk-rows.ts';
import type { Chunk, RowGroup } from './chunk-rows.ts';

export interface FitOptions {
  /** Rows that are always computed together: 2 of a pair. A chunk of no more can't be cut. */
  readonly rowsTogether: number;
  /** Frees what was compiled: an allocator that has failed may hold on to what it had got. */
  readonly free: () => Promise<void>;
}

/** Shared by everything that computes chunks in a run, so that what one pass has learnt holds for all. */
export class ChunkSize {
  readonly #onSmaller: (tokens: number) => void;
  #tokens: number;
  #running: Chunk | null = null;

  /** @param onSmaller - told the new size, once each time it becomes smaller */
  constructor(tokens: number, onSmaller: (tokens: number) => void = () => undefined) {
    this.#tokens = tokens;
    this.#onSmaller = onSmaller;
  }

  get tokens(): number {
    return this.#tokens;
  }

  /** The chunks of a micro-batch, one at a time: the caller computes each before it asks for the next. */
  *cut(groups: readonly RowGroup[]): Generator<Chunk, void, undefined> {
    for (const chunk of chunkRows(groups, this.#tokens)) {
      this.#running = chunk;
      yield chunk;
    }
    this.#running = null;
  }

  /**
   * Does `work`, which computes a whole micro-batch and keeps nothing when it throws; from the beginning with smaller chunks where the device has
   * too little memory for one. How rows are cut never changes the numbers.
   * @throws {OutOfMemoryError} if a chunk that can't be cut does not fit, or it was not a chunk that did not
   */
  async fit<Result>(work: () => Promise<Result>, { rowsTogether, free }: FitOptions): Promise<Result> {
    for (;;) {
      this.#running = null;
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof OutOfMemoryError)) throw error;
        const failed = this.#running as Chunk | null;
        await free();
        if (failed === null) throw error;
        this.#shrink(failed, rowsTogether, error);
      }
    }
  }

  #shrink({ trees, rows }: Chunk, rowsTogether: number, cause: OutOfMemoryError): void {
    const tokens = trees.reduce((sum, tree) => sum + treeTokens(tree, 'policy'), 0);
    if (rows.length <= rowsTogether) {
      throw new OutOfMemoryError(
        `The device has too little memory for ${rowsTogether === 1 ? 'one row' : 'one pair'} of ${tokens} tokens, the least that can be computed at once. ` +
          'Lower max_length, choose a smaller model, or let the processor compute: --engine onnx:cpu.',
        {},
        { cause },
      );
    }
    // Of what did not fit, which may be far less than what was allowed.
    this.#tokens = Math.max(1, Math.floor(Math.min(tokens, this.#tokens) / 2));
    this.#onSmaller(this.#tokens);
  }
}
