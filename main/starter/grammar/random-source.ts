/**
 * @file The seeded randomness of the text generators: small, and the same sequence on every machine. Each document has a
 * stream of its own, so that one changed rule moves only the documents that use it.
 */

/** Uniform choices. */
export interface RandomSource {
  /** An integer in [0, bound). */
  integer(bound: number): number;
  /** True with this probability. */
  chance(probability: number): boolean;
  /** One of the items; there must be at least one. */
  pick<T>(items: readonly T[]): T;
}

/**
 * sfc32 (Chris Doty-Humphrey), seeded through MurmurHash3's finaliser.
 * @param seed - any integer; only its low 32 bits count
 * @param streams - further integers (a purpose, a position) that select an independent sequence of the same seed
 * @see https://pracrand.sourceforge.net
 */
export function randomSource(seed: number, ...streams: readonly number[]): RandomSource {
  let key = mix(seed >>> 0);
  for (const stream of streams) key = mix(key ^ mix((stream + 0x9e3779b9) >>> 0));
  let a = mix(key ^ 0x243f6a88);
  let b = mix(key ^ 0x85a308d3);
  let c = mix(key ^ 0x13198a2e);
  let counter = 1;
  const next = (): number => {
    const sum = (a + b + counter++) >>> 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) >>> 0;
    c = (((c << 21) | (c >>> 11)) + sum) >>> 0;
    return sum;
  };
  // The first outputs still resemble the seed.
  for (let i = 0; i < 12; i++) next();
  // Bounds are at most a few thousand, so the bias of the plain product (under bound / 2^32) can't be seen.
  const integer = (bound: number): number => Math.floor((next() / 0x1_0000_0000) * bound);
  return {
    integer,
    chance: (probability) => next() / 0x1_0000_0000 < probability,
    pick: <T>(items: readonly T[]): T => items[integer(items.length)] as T,
  };
}

/** FNV-1a over UTF-16 code units, then the finaliser, so that similar texts do not lie together. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return mix(hash);
}

/** MurmurHash3's finaliser. */
function mix(word: number): number {
  let z = word >>> 0;
  z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
  return (z ^ (z >>> 16)) >>> 0;
}
