/** @file A seeded random generator whose state can be stored, so that a resumed run continues exactly where it stopped. */
import { InternalError } from '#contract/errors.ts';

/** The four unsigned 32-bit words of xoshiro128**; plain JSON. */
export type RandomState = readonly [number, number, number, number];

/**
 * xoshiro128** (Blackman and Vigna): period 2^128 − 1, four words of state, the same sequence on every machine.
 * Not for secrets.
 * @see https://prng.di.unimi.it/xoshiro128starstar.c
 */
export class Random {
  readonly #words: Uint32Array;

  private constructor(words: Uint32Array) {
    this.#words = words;
  }

  /**
   * @param seed - any integer; only its low 32 bits count
   * @param streams - further integers (an epoch, a purpose) that select an independent sequence of the same seed
   */
  static fromSeed(seed: number, ...streams: readonly number[]): Random {
    let counter = mix(seed >>> 0);
    for (const stream of streams) counter = mix(counter ^ mix((stream + 0x9e3779b9) >>> 0));
    const words = new Uint32Array(4);
    for (let i = 0; i < 4; i++) {
      counter = (counter + 0x9e3779b9) >>> 0;
      words[i] = mix(counter);
    }
    // mix is a bijection and the four counters differ, so at most one word is zero: never the forbidden all-zero state.
    return new Random(words);
  }

  /** @throws {InternalError} if the state is all zeros, which xoshiro can never leave */
  static fromState(state: RandomState): Random {
    if (state.every((word) => word === 0)) throw new InternalError('The stored random state is all zeros, which no generator produces.');
    return new Random(Uint32Array.from(state));
  }

  state(): RandomState {
    const [a = 0, b = 0, c = 0, d = 0] = this.#words;
    return [a, b, c, d];
  }

  /** The next unsigned 32-bit integer. */
  next(): number {
    const [a, b, c, d] = this.state();
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    this.#words[2] = c ^ a;
    this.#words[3] = d ^ b;
    this.#words[1] = b ^ (c ^ a);
    this.#words[0] = a ^ (d ^ b);
    this.#words[2] = c ^ a ^ (b << 9);
    this.#words[3] = rotateLeft(d ^ b, 11);
    return result;
  }

  /** Uniform in [0, 1), a multiple of 2^-32. */
  uniform(): number {
    return this.next() / 0x1_0000_0000;
  }

  /**
   * Uniform integer in [0, bound), without the bias of a plain remainder.
   * @param bound - 1 … 2^32
   */
  integer(bound: number): number {
    const limit = 0x1_0000_0000 - (0x1_0000_0000 % bound);
    let value = this.next();
    while (value >= limit) value = this.next();
    return value % bound;
  }

  /** Fisher-Yates shuffle, in place; returns the same array. */
  shuffle<T>(items: T[]): T[] {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const item = items[i] as T;
      items[i] = items[j] as T;
      items[j] = item;
    }
    return items;
  }

  /**
   * Fills `target` with U(−bound, bound). PEFT starts LoRA A with kaiming_uniform(a = √5), which is bound = 1/√(input width).
   */
  fillUniform(target: Float32Array, bound: number): void {
    for (let i = 0; i < target.length; i++) target[i] = (2 * this.uniform() - 1) * bound;
  }
}

function rotateLeft(word: number, bits: number): number {
  return ((word << bits) | (word >>> (32 - bits))) >>> 0;
}

/** MurmurHash3's finaliser: a bijection of 32-bit words in which every input bit changes half of the output bits. */
function mix(word: number): number {
  let z = word >>> 0;
  z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
  return (z ^ (z >>> 16)) >>> 0;
}
