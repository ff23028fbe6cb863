/** @file The seeded generator: known sequence, uniformity, exact resume. */
import { describe, expect, it } from 'vitest';
import { Random } from '#engine/train/random.ts';

describe('Random', () => {
  it('is xoshiro128**: the sequence of the reference C code for the state 1, 2, 3, 4', () => {
    const random = Random.fromState([1, 2, 3, 4]);
    expect(Array.from({ length: 6 }, () => random.next())).toEqual([11520, 0, 5927040, 70819200, 2031721883, 1637235492]);
  });

  it('continues exactly from an exported state', () => {
    const random = Random.fromSeed(42);
    for (let i = 0; i < 10; i++) random.next();
    const copy = Random.fromState(JSON.parse(JSON.stringify(random.state())) as [number, number, number, number]);
    expect(Array.from({ length: 20 }, () => copy.next())).toEqual(Array.from({ length: 20 }, () => random.next()));
  });

  it('gives each seed, stream and order of streams its own sequence', () => {
    const starts = [
      Random.fromSeed(0),
      Random.fromSeed(1),
      Random.fromSeed(1, 0),
      Random.fromSeed(1, 1),
      Random.fromSeed(1, 0, 1),
      Random.fromSeed(1, 1, 0),
    ];
    expect(new Set(starts.map((random) => random.next())).size).toBe(starts.length);
    expect(Random.fromSeed(5, 3).next()).toBe(Random.fromSeed(5, 3).next());
  });

  it('draws every integer below the bound about equally often', () => {
    const random = Random.fromSeed(7);
    const counts = new Array<number>(6).fill(0);
    for (let i = 0; i < 60_000; i++) {
      const drawn = random.integer(6);
      counts[drawn] = (counts[drawn] ?? 0) + 1;
    }
    // Standard deviation is 91; 450 is five of them.
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(450);
  });

  it('shuffles every item to every place about equally often and keeps all items', () => {
    const random = Random.fromSeed(3);
    const places = Array.from({ length: 4 }, () => new Array<number>(4).fill(0));
    for (let i = 0; i < 24_000; i++) {
      const shuffled = random.shuffle([0, 1, 2, 3]);
      expect([...shuffled].sort()).toEqual([0, 1, 2, 3]);
      shuffled.forEach((item, place) => ((places[item] as number[])[place] = (places[item]?.[place] ?? 0) + 1));
    }
    for (const counts of places) for (const count of counts) expect(Math.abs(count - 6000)).toBeLessThan(340);
  });

  it('fills an array uniformly between −bound and +bound', () => {
    const values = new Float32Array(40_000);
    Random.fromSeed(1).fillUniform(values, 0.25);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const square = values.reduce((sum, value) => sum + value * value, 0) / values.length;
    expect(Math.max(...values)).toBeLessThanOrEqual(0.25);
    expect(Math.max(...values)).toBeGreaterThan(0.2499);
    expect(Math.min(...values)).toBeLessThan(-0.2499);
    expect(Math.abs(mean)).toBeLessThan(0.004);
    expect(square).toBeCloseTo(0.25 ** 2 / 3, 3);
  });

  it('refuses an all-zero state', () => {
    expect(() => Random.fromState([0, 0, 0, 0])).toThrow('all zeros');
  });
});
