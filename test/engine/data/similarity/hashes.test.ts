import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HashIndex } from '#engine/data/similarity/hash-index.ts';
import { NumberColumn } from '#engine/data/similarity/number-column.ts';
import { combineHashes, hashIds, hashText, hashWords } from '#engine/data/similarity/text-hash.ts';

const COUNT = 100_000;
const isHash = (hash: number) => Number.isSafeInteger(hash) && hash >= 0;

describe('the hashes', () => {
  it('are whole numbers below 2^53, the same in every version', () => {
    // Splits and decisions are stored by them.
    const hashes = [hashText(''), hashText('Review this.'), hashIds(Int32Array.of(1, 2)), combineHashes(1, 2), hashWords([1, 2], 0, 2)];
    expect(hashes.every(isHash)).toBe(true);
    expect(hashes).toMatchInlineSnapshot(`
      [
        469681895763203,
        2311749342953693,
        1271212172143829,
        3643180856571462,
        6412973285531420,
      ]
    `);
  });

  it('tell similar inputs apart', () => {
    const numbers = Array.from({ length: COUNT }, (_, i) => i);
    const distinct = (hash: (i: number) => number) => new Set(numbers.map(hash)).size;
    expect(distinct((i) => hashText(`prompt ${i}`))).toBe(COUNT);
    expect(distinct((i) => hashText('\0'.repeat(i % 300) + String.fromCharCode(i / 300)))).toBe(COUNT);
    expect(distinct((i) => hashIds(Int32Array.of(i >> 8, i & 255)))).toBe(COUNT);
    expect(distinct((i) => combineHashes(i >> 8, i & 255))).toBe(COUNT);
    expect(distinct((i) => hashWords([i >> 8, i & 255], 0, 2))).toBe(COUNT);
  });

  it('spread over all bits', () => {
    const ones = new Array<number>(53).fill(0);
    for (let i = 0; i < 4096; i++) {
      const bits = hashText(`row ${i}`).toString(2).padStart(53, '0');
      for (let bit = 0; bit < 53; bit++) if (bits[bit] === '1') ones[bit] = (ones[bit] ?? 0) + 1;
    }
    // Half of 4096, within five standard deviations of 32.
    expect(Math.min(...ones)).toBeGreaterThan(2048 - 160);
    expect(Math.max(...ones)).toBeLessThan(2048 + 160);
  });

  it('depend on the order', () => {
    expect(combineHashes(1, 2)).not.toBe(combineHashes(2, 1));
    expect(hashIds(Int32Array.of(1, 2))).not.toBe(hashIds(Int32Array.of(2, 1)));
  });
});

describe('HashIndex', () => {
  it('does what a Map does', () => {
    const hash = fc.oneof(fc.maxSafeNat(), fc.nat(20));
    fc.assert(
      fc.property(fc.array(fc.tuple(hash, fc.nat(1000), fc.boolean()), { maxLength: 3000, size: 'max' }), (entries) => {
        const index = new HashIndex();
        const map = new Map<number, number>();
        for (const [key, value, isReplacing] of entries) {
          const before = map.get(key);
          if (isReplacing || before === undefined) map.set(key, value);
          expect(isReplacing ? index.replace(key, value) : index.findOrAdd(key, value)).toBe(
            isReplacing ? (before ?? -1) : (before ?? value),
          );
        }
        expect(index.size).toBe(map.size);
        expect([...index.hashes()].toSorted((a, b) => a - b)).toEqual([...map.keys()].toSorted((a, b) => a - b));
        for (const [key, value] of map) expect(index.find(key)).toBe(value);
        index.keepOnly((key) => key % 2 === 0);
        for (const [key, value] of map) expect(index.find(key)).toBe(key % 2 === 0 ? value : -1);
        index.clear();
        expect([index.size, index.find(entries[0]?.[0] ?? 0)]).toEqual([0, -1]);
      }),
      { numRuns: 20 },
    );
  });
});

describe('NumberColumn', () => {
  it('grows and keeps its numbers', () => {
    const column = new NumberColumn(Int32Array);
    for (let i = 0; i < 5000; i++) expect(column.push(-i)).toBe(i);
    column.set(3, 7);
    column.add(3, 2);
    expect([column.length, column.at(3), column.at(4999), column.view().length]).toEqual([5000, 9, -4999, 5000]);
  });
});
