/** @file Which shingles come from a template or a system prompt that many texts share. */
import { HashIndex } from './hash-index.ts';
import type { Sketches } from './sketches.ts';

/** Texts that are looked at; counting more would not change what is common. */
const SAMPLED = 20_000;
/** Shared by a tenth of the texts: a frame around them rather than their content. */
const COMMON_SHARE = 0.1;
const COMMON_AT_LEAST = 5;

/**
 * @param order - texts, in an order that does not depend on where they stand in the file; its beginning is the sample
 * @returns values that occur in at least a tenth of the sample, and in five texts
 */
export function commonShingles(sketches: Sketches, order: Uint32Array): ReadonlySet<number> {
  const sample = order.subarray(0, SAMPLED);
  const places = new HashIndex();
  const counts: number[] = [];
  const values: number[] = [];
  for (const text of sample) {
    for (const value of sketches.of(text)) {
      const place = places.findOrAdd(value, counts.length);
      if (place === counts.length) {
        counts.push(0);
        values.push(value);
      }
      counts[place] = (counts[place] ?? 0) + 1;
    }
  }
  const enough = Math.max(COMMON_AT_LEAST, sample.length * COMMON_SHARE);
  return new Set(values.filter((_, place) => (counts[place] ?? 0) >= enough));
}
