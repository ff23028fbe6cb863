/** @file A map from 53-bit hashes to small whole numbers in two typed arrays: a `Map` takes three times the memory. */
import { mixWord } from './text-hash.ts';

/** Open addressing with linear probing, never more than 5/8 full: 19 to 38 bytes an entry. */
export class HashIndex {
  #keys: Float64Array;
  /** −1 marks a free place. */
  #values: Int32Array;
  #size = 0;

  /** @param expected - entries for which room is made at once */
  constructor(expected = 0) {
    let capacity = 1024;
    while (capacity * 5 < expected * 8) capacity *= 2;
    this.#keys = new Float64Array(capacity);
    this.#values = new Int32Array(capacity).fill(-1);
  }

  get size(): number {
    return this.#size;
  }

  /** The value of a hash, or −1. */
  find(hash: number): number {
    return this.#values[this.#placeOf(hash)] as number;
  }

  /**
   * Keeps the value that is there.
   * @param value - 0 … 2^31 − 1
   * @returns the value of the hash from now on
   */
  findOrAdd(hash: number, value: number): number {
    const place = this.#placeOf(hash);
    const found = this.#values[place] as number;
    if (found !== -1) return found;
    this.#keys[place] = hash;
    this.#values[place] = value;
    this.#size++;
    if (this.#size * 8 > this.#keys.length * 5) this.#grow();
    return value;
  }

  /** Sets the value of a hash; returns the one before, or −1. */
  replace(hash: number, value: number): number {
    const place = this.#placeOf(hash);
    const before = this.#values[place] as number;
    if (before === -1) {
      this.findOrAdd(hash, value);
      return -1;
    }
    this.#values[place] = value;
    return before;
  }

  /** All hashes, in no particular order. */
  *hashes(): Generator<number, void, undefined> {
    for (let i = 0; i < this.#keys.length; i++) if (this.#values[i] !== -1) yield this.#keys[i] as number;
  }

  clear(): void {
    this.#values.fill(-1);
    this.#size = 0;
  }

  /** Drops the entries whose hash does not pass. */
  keepOnly(passes: (hash: number) => boolean): void {
    const keys = this.#keys;
    const values = this.#values;
    this.#keys = new Float64Array(keys.length);
    this.#values = new Int32Array(keys.length).fill(-1);
    this.#size = 0;
    for (let i = 0; i < keys.length; i++) {
      if (values[i] !== -1 && passes(keys[i] as number)) this.findOrAdd(keys[i] as number, values[i] as number);
    }
  }

  #placeOf(hash: number): number {
    const mask = this.#keys.length - 1;
    let place = mixWord((hash >>> 0) ^ Math.imul(Math.floor(hash / 0x1_0000_0000), 0x9e3779b1)) & mask;
    while (this.#values[place] !== -1 && this.#keys[place] !== hash) place = (place + 1) & mask;
    return place;
  }

  #grow(): void {
    const keys = this.#keys;
    const values = this.#values;
    this.#keys = new Float64Array(keys.length * 2);
    this.#values = new Int32Array(keys.length * 2).fill(-1);
    for (let i = 0; i < keys.length; i++) {
      if (values[i] === -1) continue;
      const place = this.#placeOf(keys[i] as number);
      this.#keys[place] = keys[i] as number;
      this.#values[place] = values[i] as number;
    }
  }
}
