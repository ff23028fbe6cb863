/** @file A typed array that grows: one number a row, without an object a row. */

type Numbers = Float64Array | Int32Array | Uint32Array | Uint8Array;

/** Doubles its room when full, so at most twice the bytes of its numbers are held. */
export class NumberColumn<A extends Numbers> {
  readonly #make: new (length: number) => A;
  #values: A;
  #length = 0;

  constructor(make: new (length: number) => A) {
    this.#make = make;
    this.#values = new make(1024);
  }

  get length(): number {
    return this.#length;
  }

  /** Returns the index of the new number. */
  push(value: number): number {
    if (this.#length === this.#values.length) {
      const grown = new this.#make(this.#length * 2);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[this.#length] = value;
    return this.#length++;
  }

  at(index: number): number {
    return this.#values[index] as number;
  }

  set(index: number, value: number): void {
    this.#values[index] = value;
  }

  add(index: number, amount: number): void {
    this.#values[index] = (this.#values[index] as number) + amount;
  }

  /** The numbers themselves, not a copy; stale after the next `push`. */
  view(): A {
    return this.#values.subarray(0, this.#length) as A;
  }
}
