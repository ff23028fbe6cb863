/** @file Joins texts that are nearly the same into clusters, without comparing each with each. */
import { commonShingles } from './common-shingles.ts';
import { HashIndex } from './hash-index.ts';
import { SKETCH_SIZE } from './sketches.ts';
import type { Sketches } from './sketches.ts';
import { combineHashes, mixWord } from './text-hash.ts';
import { UnionFind } from './union-find.ts';

/**
 * Two texts are near-identical if they share four fifths of their shingles: a word changed in 19, or two added to nine.
 * Below it lie texts from one template that ask for different things.
 */
export const NEAR_IDENTICAL = 0.8;
/** Of the shingles that few other texts have, three fifths must be shared. In one template with two fillings it is none or one. */
const NEAR_DISTINCTIVE = 0.6;

/** Locality-sensitive hashing: 16 bands of 3 minima find a pair of similarity s with 1 − (1 − s³)¹⁶: 0.99999 at 0.8, 0.98 at 0.6. */
const BANDS = 16;
const MINIMA = 3;
/** Texts of one bucket that a text is compared with; keeps the work linear where a bucket is large. */
const COMPARED = 8;

export interface NearPair {
  readonly first: number;
  readonly second: number;
  /** Estimated Jaccard similarity of their shingles. */
  readonly similarity: number;
}

export interface NearClusters {
  /** Per place in `order`: the lowest place of its cluster. */
  readonly roots: Int32Array;
  /** Some of the pairs that were joined, as texts. */
  readonly joined: readonly NearPair[];
}

/**
 * Shingles that a tenth of the texts share (a template, a system prompt) count too, but do not suffice: what is left must be similar too.
 * Time is O(texts × bands); memory about 45 bytes a text besides the sketches. The same for every order of the rows, because texts are
 * visited in `order`.
 * @param order - all texts, sorted by something of their own (their key)
 * @param listed - how many joined pairs to name
 */
export function nearClusters(sketches: Sketches, order: Uint32Array, listed = 20): NearClusters {
  const common = commonShingles(sketches, order);
  sketches.markCommon((value) => common.has(value));
  const clusters = new UnionFind(order.length);
  const joined: NearPair[] = [];
  const buckets = new HashIndex(order.length);
  const before = new Int32Array(order.length);
  const scratch = new Uint32Array(SKETCH_SIZE);
  for (let band = 0; band < BANDS; band++) {
    buckets.clear();
    for (let place = 0; place < order.length; place++) {
      const count = sketches.distinctive(order[place] as number, scratch);
      if (count === 0) continue;
      before[place] = buckets.replace(bandKey(scratch, count, band), place);
      let other = before[place] as number;
      for (let compared = 0; other !== -1 && compared < COMPARED; compared++, other = before[other] as number) {
        if (clusters.root(place) === clusters.root(other)) continue;
        const pair = { first: order[other] as number, second: order[place] as number };
        const { all, distinctive } = sketches.compare(pair.first, pair.second);
        if (all < NEAR_IDENTICAL || distinctive < NEAR_DISTINCTIVE) continue;
        clusters.join(place, other);
        if (joined.length < listed) joined.push({ ...pair, similarity: all });
      }
    }
  }
  return { roots: Int32Array.from(order, (_, place) => clusters.root(place)), joined };
}

/** A hash of the smallest values under three orders that belong to the band. */
function bandKey(values: Uint32Array, count: number, band: number): number {
  let key = band;
  for (let i = 0; i < MINIMA; i++) {
    const salt = mixWord(band * MINIMA + i + 1);
    const factor = mixWord(salt ^ 0x9e3779b9) | 1;
    let least = 0xffff_ffff;
    for (let k = 0; k < count; k++) {
      const mixed = (values[k] as number) ^ salt;
      const value = Math.imul(mixed ^ (mixed >>> 15), factor) >>> 0;
      if (value < least) least = value;
    }
    key = combineHashes(key, least);
  }
  return key;
}
