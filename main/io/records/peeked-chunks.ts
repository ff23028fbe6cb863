/** @file A stream of bytes whose beginning can be looked at before it is read. */
import { ImportError } from '#contract/errors.ts';

export class PeekedChunks implements AsyncIterable<Buffer> {
  readonly #chunks: AsyncGenerator<Buffer>;
  readonly #held: Buffer[] = [];
  #heldBytes = 0;
  #hasEnded = false;
  #failure: ImportError | null = null;

  constructor(chunks: AsyncGenerator<Buffer>) {
    this.#chunks = chunks;
  }

  /**
   * The first bytes, fewer than asked for if there are no more. What ends the stream early is told by whoever reads it, after
   * the bytes before.
   */
  async head(bytes: number): Promise<{ readonly bytes: Buffer; readonly isWhole: boolean }> {
    while (this.#heldBytes < bytes && !this.#hasEnded) await this.#pull();
    return { bytes: Buffer.concat(this.#held).subarray(0, bytes), isWhole: this.#hasEnded && this.#heldBytes <= bytes };
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    try {
      yield* this.#held;
      if (!this.#hasEnded) yield* this.#chunks;
      if (this.#failure !== null) throw this.#failure;
    } finally {
      await this.#chunks.return(undefined);
    }
  }

  async #pull(): Promise<void> {
    try {
      const next = await this.#chunks.next();
      if (next.done === true) this.#hasEnded = true;
      else {
        this.#held.push(next.value);
        this.#heldBytes += next.value.length;
      }
    } catch (error) {
      if (!(error instanceof ImportError) || this.#heldBytes === 0) throw error;
      this.#hasEnded = true;
      this.#failure = error;
    }
  }
}
