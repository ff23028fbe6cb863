/** @file Remembers of each text its smallest shingles: enough to tell how much two texts share, in at most 240 bytes a text. */
import { NumberColumn } from './number-column.ts';

/** Shingles kept of a text; a text of fewer is kept whole, and compared exactly. */
export const SKETCH_SIZE = 48;

export interface Overlap {
  /** Estimated Jaccard similarity of all shingles; exact for two texts of at most `SKETCH_SIZE` together. */
  readonly all: number;
  /** The same over shingles that are not marked as common; 0 if there are none. */
  readonly distinctive: number;
}

/** Bottom-k sketches: the k smallest hashes of a set are a uniform sample of it, and of a union too (Broder 1997). */
export class Sketches {
  readonly #values = new NumberColumn(Uint32Array);
  readonly #ends = new NumberColumn(Uint32Array);
  /** Per value, 1 if many texts hold it. */
  #common = new Uint8Array(0);

  get count(): number {
    return this.#ends.length;
  }

  /** @param shingles - distinct and ascending */
  add(shingles: Uint32Array): void {
    const kept = Math.min(shingles.length, SKETCH_SIZE);
    for (let i = 0; i < kept; i++) this.#values.push(shingles[i] as number);
    this.#ends.push(this.#values.length);
  }

  /** The remembered shingles of a text, ascending. */
  of(text: number): Uint32Array {
    return this.#values.view().subarray(this.#start(text), this.#ends.at(text));
  }

  /** Marks the values that pass. Call again after `add`. */
  markCommon(isCommon: (value: number) => boolean): void {
    const values = this.#values.view();
    this.#common = new Uint8Array(values.length);
    for (let i = 0; i < values.length; i++) if (isCommon(values[i] as number)) this.#common[i] = 1;
  }

  /** Copies the remembered shingles of a text that are not common into `into`; returns how many there are. */
  distinctive(text: number, into: Uint32Array): number {
    const end = this.#ends.at(text);
    let count = 0;
    for (let i = this.#start(text); i < end; i++) if (this.#common[i] !== 1) into[count++] = this.#values.at(i);
    return count;
  }

  compare(first: number, second: number): Overlap {
    const values = this.#values.view();
    const ends = [this.#ends.at(first), this.#ends.at(second)] as const;
    let i = this.#start(first);
    let j = this.#start(second);
    let seen = 0;
    let shared = 0;
    let distinct = 0;
    let distinctShared = 0;
    // The smallest SKETCH_SIZE of the union are the sample; beyond the end of a cut sketch nothing is known.
    while (seen < SKETCH_SIZE && (i < ends[0] || j < ends[1])) {
      const a = i < ends[0] ? (values[i] as number) : Number.POSITIVE_INFINITY;
      const b = j < ends[1] ? (values[j] as number) : Number.POSITIVE_INFINITY;
      const isDistinctive = this.#common[a <= b ? i : j] !== 1;
      seen++;
      if (isDistinctive) distinct++;
      if (a === b) {
        shared++;
        if (isDistinctive) distinctShared++;
      }
      if (a <= b) i++;
      if (b <= a) j++;
    }
    return { all: seen === 0 ? 0 : shared / seen, distinctive: distinct === 0 ? 0 : distinctShared / distinct };
  }

  #start(text: number): number {
    return text === 0 ? 0 : this.#ends.at(text - 1);
  }
}
