import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NEAR_IDENTICAL, nearClusters } from '#engine/data/similarity/near-identical.ts';
import { wordsOf } from '#engine/data/similarity/row-words.ts';
import { jaccard, shingles } from '#engine/data/similarity/shingles.ts';
import { Sketches } from '#engine/data/similarity/sketches.ts';
import { wordHashes } from '#engine/data/similarity/word-hashes.ts';
import { Random } from '#engine/train/random.ts';

const shinglesOf = (text: string) => shingles(wordsOf(text).words);
const similarity = (a: string, b: string) => jaccard(shinglesOf(a), shinglesOf(b));

/** The clusters as sets of texts, in no order. */
function clustersOf(texts: readonly string[]): string[][] {
  const keys = texts.map((text) => wordsOf(text).key);
  const sketches = new Sketches();
  for (const text of texts) sketches.add(shinglesOf(text));
  const order = Uint32Array.from(texts.keys()).sort((a, b) => (keys[a] ?? 0) - (keys[b] ?? 0));
  const { roots } = nearClusters(sketches, order);
  const clusters = new Map<number, string[]>();
  order.forEach((text, place) => {
    const root = roots[place] ?? -1;
    clusters.set(root, [...(clusters.get(root) ?? []), texts[text] ?? '']);
  });
  return [...clusters.values()].map((cluster) => cluster.toSorted());
}

const words = (random: Random, count: number) => Array.from({ length: count }, () => `w${random.integer(3000)}`);

describe('wordHashes', () => {
  const count = (text: string) => wordHashes(text).length;

  it('cuts at spaces and marks, but not inside numbers and contractions', () => {
    expect(count("don't pay 3.50, or 1,000!")).toBe(5);
    expect(wordHashes('a.b, c')).not.toEqual(wordHashes('a b c'));
    expect(wordHashes('(one) [two].')).toEqual(wordHashes('one two'));
  });

  it('takes operators, and signs of scripts without spaces, as words', () => {
    expect([count('3 + 4'), count('3+4'), count('今日は'), count('สวัสดี'), count('👍👎'), count('안녕 하세요')]).toEqual([3, 3, 3, 6, 2, 2]);
    expect(wordHashes('3 + 4')).not.toEqual(wordHashes('3 * 4'));
  });
});

describe('jaccard', () => {
  it('is what is shared of what either has', () => {
    expect(similarity('a b c d', 'a b c e')).toBe(2 / 4);
    expect([similarity('one', 'one'), similarity('one', 'two'), similarity('', '')]).toEqual([1, 0, 0]);
  });
});

describe('Sketches', () => {
  it('compare short texts exactly and long ones closely', () => {
    const random = Random.fromSeed(3);
    for (const length of [10, 24, 400]) {
      for (let changes = 0; changes < 8; changes++) {
        const original = words(random, length);
        const copy = original.map((word, i) => (i % 8 < changes ? `x${i}` : word));
        const sketches = new Sketches();
        for (const text of [original, copy]) sketches.add(shinglesOf(text.join(' ')));
        const exact = similarity(original.join(' '), copy.join(' '));
        const { all, distinctive } = sketches.compare(0, 1);
        expect(distinctive).toBe(all);
        // Three standard deviations of a sample of 48, for the long ones.
        expect(Math.abs(all - exact)).toBeLessThanOrEqual(length < 25 ? 1e-12 : 3 * Math.sqrt(0.25 / 48));
      }
    }
  });
});

describe('nearClusters', () => {
  it('joins all that share four fifths of their shingles, in any order', () => {
    const scenario = fc.record({ seed: fc.nat(), originals: fc.integer({ min: 1, max: 20 }), length: fc.integer({ min: 3, max: 80 }) });
    fc.assert(
      fc.property(scenario, ({ seed, originals, length }) => {
        const random = Random.fromSeed(seed);
        const texts = Array.from({ length: originals }, () => words(random, length)).flatMap((text) => {
          const at = random.integer(length);
          return [text, text.toSpliced(at, 1, 'changed'), [...text, 'please']].map((copy) => copy.join(' '));
        });
        const distinct = [...new Set(texts)];
        const clusters = clustersOf(distinct);
        const clusterOf = new Map(clusters.flatMap((cluster, index) => cluster.map((text) => [text, index])));
        const pairs = distinct.flatMap((a) => distinct.map((b) => ({ a, b, isTogether: clusterOf.get(a) === clusterOf.get(b) })));
        const isShort = (text: string) => shinglesOf(text).length <= 24;
        const near = pairs.filter(({ a, b }) => isShort(a) && isShort(b) && similarity(a, b) >= NEAR_IDENTICAL);
        expect(near.filter(({ isTogether }) => !isTogether)).toEqual([]);
        expect(pairs.filter(({ a, b, isTogether }) => isTogether && similarity(a, b) === 0)).toEqual([]);
        const sorted = (from: string[][]) => from.map((cluster) => cluster.join('\n')).toSorted();
        expect(sorted(clustersOf(Random.fromSeed(seed).shuffle([...distinct])))).toEqual(sorted(clusters));
      }),
      { numRuns: 40, seed: 1 },
    );
  });

  it('does not join prompts of one template that ask for different things', () => {
    const task =
      'Write a detailed and critical review of the following paper in the style of the second reviewer, naming three weaknesses and one strength, in two hundred words. Title:';
    const reviews = Array.from({ length: 200 }, (_, i) => `${task} paper${i} on topic${i % 17}`);
    expect(similarity(reviews[0] ?? '', reviews[1] ?? '')).toBeGreaterThan(NEAR_IDENTICAL);
    expect(clustersOf(reviews)).toHaveLength(200);
    expect(clustersOf(Array.from({ length: 300 }, (_, i) => `What is ${i} + ${i * 7}?`))).toHaveLength(300);
  });

  it('leaves texts without words alone', () => {
    expect(clustersOf(['', '?', '...'])).toHaveLength(3);
  });
});
