/** @file Rotary tables against Transformers' (test/golden/generators/rope.py). */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseModelConfig } from '#engine/model/parse-model-config.ts';
import { inverseFrequencies, ropeTables } from '#engine/model/rope-tables.ts';

interface GoldenCase {
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly sequenceLength: number;
  readonly positions: readonly number[];
  readonly invFreq: readonly number[];
  readonly attentionScaling: number;
  readonly cos: readonly number[];
  readonly sin: readonly number[];
}

const cases = JSON.parse(readFileSync(new URL('../../golden/rope/cases.json', import.meta.url), 'utf8')) as readonly GoldenCase[];

// One unit in the last place of a float32: torch's vectorised pow is not always correctly rounded, ours is.
const FLOAT32_STEP = 2 ** -23;

describe.each(cases)('rotary embedding: $name', (golden) => {
  const config = parseModelConfig(golden.config, 'config.json');

  test('frequencies equal those of Transformers to the last bit or the one before', () => {
    const { invFreq, attentionScaling } = inverseFrequencies(config, golden.sequenceLength);
    expect(invFreq).toHaveLength(config.headDim / 2);
    expect(attentionScaling).toBeCloseTo(golden.attentionScaling, 14);
    const errors = golden.invFreq.map((expected, pair) => Math.abs((invFreq[pair] ?? NaN) - expected) / expected);
    expect(Math.max(...errors)).toBeLessThanOrEqual(FLOAT32_STEP);
  });

  test('cosines and sines equal those of Transformers', () => {
    const { cos, sin } = ropeTables(config, Int32Array.from(golden.positions), golden.sequenceLength);
    expect(cos).toHaveLength(golden.cos.length);
    const half = config.headDim / 2;
    for (const [index, expected] of golden.cos.entries()) {
      // One step of the frequency moves the angle by position steps, hence the tolerance grows with the position.
      const tolerance = FLOAT32_STEP * (1 + (golden.positions[Math.floor(index / half)] ?? NaN));
      expect(Math.abs((cos[index] ?? NaN) - expected)).toBeLessThanOrEqual(tolerance);
      expect(Math.abs((sin[index] ?? NaN) - (golden.sin[index] ?? NaN))).toBeLessThanOrEqual(tolerance);
    }
  });
});

test('only the dynamic type depends on the sequence length', () => {
  const changed = cases.filter(({ config: json }) => {
    const config = parseModelConfig(json, 'config.json');
    const [short, long] = [inverseFrequencies(config, 8), inverseFrequencies(config, 4 * config.maxPositions)];
    return short.invFreq.some((frequency, pair) => frequency !== long.invFreq[pair]);
  });
  expect(changed.map(({ name }) => name)).toEqual([
    'dynamic within the length',
    'dynamic beyond the length',
    'dynamic beyond the length, factor 2.5',
  ]);
});

test('no positions give empty tables', () => {
  const config = parseModelConfig(cases[0]?.config, 'config.json');
  expect(ropeTables(config, new Int32Array(0), 1)).toEqual({ cos: new Float32Array(0), sin: new Float32Array(0) });
});
