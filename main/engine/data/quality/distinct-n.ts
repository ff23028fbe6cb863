/** @file How varied texts are: distinct n-grams of words among all n-grams. */
import { HashIndex } from '#engine/data/similarity/hash-index.ts';
import { hashWords } from '#engine/data/similarity/text-hash.ts';
import { wordHashes } from '#engine/data/similarity/word-hashes.ts';

export interface DistinctCount {
  readonly n: number;
  readonly total: number;
  /** Exact up to 262,144; beyond, an estimate that is within 1 % as a rule. */
  readonly distinct: number;
  /** distinct / total; 0 if there are none. */
  readonly ratio: number;
}

/** n-grams held at once: 10 MB an order. */
const HELD = 262_144;
/** 2^53: hashes lie below it. */
const HASHES = 0x20_0000_0000_0000;

const ORDERS: readonly number[] = [1, 2, 3];

/** Distinct-1, -2, -3 of texts, in lower case; low where answers repeat themselves or each other (Li et al. 2016). */
export function distinctN(texts: Iterable<string>, orders: readonly number[] = ORDERS): DistinctCount[] {
  const counter = new DistinctCounter(orders);
  for (const text of texts) counter.add(text);
  return counter.result();
}

/** The same one text at a time, in bounded memory. n-grams do not reach from one text into the next. */
export class DistinctCounter {
  readonly #sets: readonly { readonly n: number; readonly set: SampledSet }[];

  /** @param orders - the n to count */
  constructor(orders: readonly number[] = ORDERS) {
    this.#sets = orders.map((n) => ({ n, set: new SampledSet() }));
  }

  add(text: string): void {
    const words = wordHashes(text.toLowerCase());
    for (const { n, set } of this.#sets) for (let end = n; end <= words.length; end++) set.add(hashWords(words, end - n, end));
  }

  result(): DistinctCount[] {
    return this.#sets.map(({ n, set }) => {
      const distinct = set.distinct();
      return { n, total: set.total, distinct, ratio: set.total === 0 ? 0 : distinct / set.total };
    });
  }

  /** Counts of the texts of both; `other` has the same orders. */
  together(other: DistinctCounter): DistinctCount[] {
    const both = new DistinctCounter(this.#sets.map(({ n }) => n));
    for (const [position, { set }] of both.#sets.entries()) {
      for (const counter of [this, other]) set.addAll((counter.#sets[position] as { readonly set: SampledSet }).set);
    }
    return both.result();
  }
}

/**
 * Counts distinct hashes by keeping those below a limit, which is halved whenever they become too many (adaptive sampling, Flajolet 1990);
 * the result does not depend on their order.
 */
class SampledSet {
  readonly #held = new HashIndex();
  #limit = HASHES;
  total = 0;

  add(hash: number): void {
    this.total++;
    if (hash >= this.#limit) return;
    this.#held.findOrAdd(hash, 0);
    while (this.#held.size > HELD) {
      this.#limit /= 2;
      this.#held.keepOnly((held) => held < this.#limit);
    }
  }

  addAll(other: SampledSet): void {
    this.#limit = Math.min(this.#limit, other.#limit);
    this.#held.keepOnly((held) => held < this.#limit);
    const total = this.total + other.total;
    for (const hash of other.#held.hashes()) this.add(hash);
    this.total = total;
  }

  distinct(): number {
    return this.#held.size * (HASHES / this.#limit);
  }
}
