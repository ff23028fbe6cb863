/** @file A KTO micro-batch gives the same loss, z0 and gradients in one pass and in two, with shared prompts or without. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TokenisedExample } from '#engine/data/tokenised.ts';
import type { Feeds } from '#engine/graph/backend.ts';
import { KtoMicroBatches } from '#engine/train/kto-micro-batch.ts';
import type { KtoBatch } from '#engine/train/kto-micro-batch.ts';
import type { MemoryPlan } from '#engine/train/memory-plan.ts';
import type { MicroBatchResult } from '#engine/train/micro-batch.ts';
import { exampleGroup } from '#engine/train/row-groups.ts';
import { longestRow } from '#engine/train/row-lengths.ts';
import { examples, tinyModel } from '#test/support/tiny-method.ts';
import type { TinyModel } from '#test/support/tiny-method.ts';

/** Relative to the largest number of a tensor: float32 sums in another order. */
const TOLERANCE = 1e-5;
const WEIGHTS = { beta: 0.1, desirableWeight: 1, undesirableWeight: 1.3 };

let tiny: TinyModel;
beforeAll(async () => {
  tiny = await tinyModel();
});

const opened: KtoMicroBatches[] = [];
afterAll(async () => {
  for (const passes of opened) await passes.release();
});

interface Computed {
  readonly result: MicroBatchResult;
  /** Policy tokens of each chunk that was run, in order. */
  readonly tokens: number[];
}

async function differentiate(batch: KtoBatch, memory: Partial<MemoryPlan> = {}): Promise<Computed> {
  const tokens: number[] = [];
  const passes = new KtoMicroBatches({
    ...tiny,
    backend: {
      ...tiny.backend,
      async compile(graph, weights) {
        const executable = await tiny.backend.compile(graph, weights);
        const run = (feeds: Feeds) => {
          tokens.push(feeds['policy.ids']?.dims[0] ?? Number.NaN);
          return executable.run(feeds);
        };
        return { run, release: () => executable.release() };
      },
    },
    memory: { ...tiny.memory, ...memory },
    weightsOfLoss: WEIGHTS,
    partners: batch.partnerReference !== null,
  });
  opened.push(passes);
  return { result: await passes.differentiate(batch, tiny.parameters), tokens };
}

/** The policy is below the reference in some rows and above it in others; each row's partner is the row before. */
function batchOf(rows: readonly TokenisedExample[], { partners = true } = {}): KtoBatch {
  const groups = rows.map((row, i) => exampleGroup(row, partners ? (rows.at(i - 1) as TokenisedExample).completionIds : null, i, null));
  return {
    groups,
    labels: rows.map(({ label }) => label),
    reference: rows.map((_, i) => -20 + 3 * i),
    partnerReference: partners ? rows.map((_, i) => -40 + i) : null,
    longestRow: longestRow(groups),
  };
}

/** Every prompt twice, with another answer and the other label. */
function twins(count: number): TokenisedExample[] {
  return examples(count / 2).flatMap((row) => [
    { ...row, promptIds: Int32Array.from({ length: 12 }, (_, k) => (k === 1 ? 3 + row.row : 40 + k)), label: true },
    {
      ...row,
      promptIds: Int32Array.from({ length: 12 }, (_, k) => (k === 1 ? 3 + row.row : 40 + k)),
      completionIds: Int32Array.of(200, 7 + row.row, 2),
      label: false,
    },
  ]);
}

/** Of all numbers, the largest difference relative to the largest of its kind. */
function worstGap(got: MicroBatchResult, expected: MicroBatchResult): number {
  const gap = (a: ArrayLike<number>, b: ArrayLike<number>) => {
    const largest = Math.max(...Array.from(b, Math.abs));
    return Math.max(...Array.from(b, (value, i) => Math.abs(value - (a[i] ?? Infinity)))) / (largest || 1);
  };
  expect([...(got.gradients?.keys() ?? [])].toSorted()).toEqual([...(expected.gradients?.keys() ?? [])].toSorted());
  const gradients = [...(expected.gradients ?? [])].map(([name, values]) => gap(got.gradients?.get(name) ?? [], values));
  const rows = (['logps', 'partnerLogps', 'sumMeanLogits', 'sumEntropy', 'correctTokens', 'completionTokens'] as const).map((key) =>
    gap(got.rows[key], expected.rows[key]),
  );
  return Math.max(gap([got.loss], [expected.loss]), gap([got.klEstimate], [expected.klEstimate]), ...gradients, ...rows);
}

describe('one pass and two', () => {
  it('give the same numbers', async () => {
    const batch = batchOf(examples(6));
    const one = await differentiate(batch, { rowGradients: true });
    const two = await differentiate(batch, { rowGradients: false });
    expect(one.tokens).toHaveLength(1);
    expect(two.tokens).toHaveLength(2);
    expect(one.result.klEstimate).toBeGreaterThan(0);
    expect([...(one.result.gradients ?? [])].every(([, values]) => values.some((value) => Math.abs(value) > 1e-4))).toBe(true);
    expect(worstGap(two.result, one.result)).toBeLessThanOrEqual(TOLERANCE);
  });

  it('give them in chunks and with layers computed again', async () => {
    const batch = batchOf(examples(6));
    const { result } = await differentiate(batch);
    for (const rowGradients of [true, false]) {
      const other = await differentiate(batch, { rowGradients, chunkTokens: 20, recompute: true, headGroups: 2 });
      expect(other.tokens.length).toBeGreaterThan(2);
      expect(worstGap(other.result, result)).toBeLessThanOrEqual(TOLERANCE);
    }
  });

  it('give them without KL partners, where two passes are one', async () => {
    const batch = batchOf(examples(6), { partners: false });
    const one = await differentiate(batch, { rowGradients: true });
    const two = await differentiate(batch, { rowGradients: false });
    expect(two.tokens).toHaveLength(1);
    expect(one.result.klEstimate).toBe(0);
    expect(worstGap(two.result, one.result)).toBeLessThanOrEqual(TOLERANCE);
  });

  it('agree with scoring alone on loss and z0', async () => {
    const batch = batchOf(examples(6));
    const passes = new KtoMicroBatches({ ...tiny, weightsOfLoss: WEIGHTS, partners: true });
    opened.push(passes);
    const scored = await passes.score(batch, tiny.parameters);
    const { result } = await differentiate(batch);
    expect(scored.gradients).toBeNull();
    expect(Math.abs(scored.loss - result.loss)).toBeLessThanOrEqual(TOLERANCE * result.loss);
    expect(Math.abs(scored.klEstimate - result.klEstimate)).toBeLessThanOrEqual(TOLERANCE * result.klEstimate);
  });
});

describe('a batch in which every prompt occurs twice', () => {
  it('computes it once, by itself, and gives the same numbers as each row alone', async () => {
    const rows = twins(8);
    const batch = batchOf(rows, { partners: false });
    const shared = await differentiate(batch, { rowGradients: true });
    const answers = rows.reduce((sum, { completionIds }) => sum + completionIds.length, 0);
    expect(shared.tokens).toEqual([4 * 12 + answers]);
    const losses = await Promise.all(
      rows.map(async (row, i) => {
        const alone = { ...batchOf([row], { partners: false }), reference: [batch.reference[i] as number] };
        const { tokens, result } = await differentiate(alone);
        expect(tokens).toEqual([row.promptIds.length + row.completionIds.length]);
        return result;
      }),
    );
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const gradients = new Map(
      [...(losses[0]?.gradients ?? [])].map(([name, values]) => [
        name,
        values.map((_, k) => mean(losses.map((loss) => loss.gradients?.get(name)?.[k] ?? Number.NaN))),
      ]),
    );
    const rowsOf = Object.fromEntries(
      Object.keys(shared.result.rows).map((key) => [
        key,
        Float64Array.from(losses, (loss) => loss.rows[key as keyof MicroBatchResult['rows']][0] as number),
      ]),
    ) as unknown as MicroBatchResult['rows'];
    const expected = { loss: mean(losses.map(({ loss }) => loss)), klEstimate: 0, gradients, rows: rowsOf };
    expect(worstGap(shared.result, expected)).toBeLessThanOrEqual(TOLERANCE);
  });

  it('has z0 beforehand, and shares the prompts of both passes', async () => {
    const batch = batchOf(twins(8));
    const { tokens, result } = await differentiate(batch, { rowGradients: true });
    const answers = batch.groups.reduce((sum, { trees }) => sum + (trees[0]?.[1]?.ids.length ?? 0), 0);
    expect(tokens).toEqual([4 * 12, 4 * 12 + answers]);
    expect(result.klEstimate).toBeGreaterThan(0);
    const scoring = new KtoMicroBatches({ ...tiny, weightsOfLoss: WEIGHTS, partners: true });
    opened.push(scoring);
    const scored = await scoring.score(batch, tiny.parameters);
    expect(worstGap(result, { ...scored, gradients: result.gradients })).toBeLessThanOrEqual(TOLERANCE);
  });

  it('still goes in chunks of the planned size', async () => {
    const batch = batchOf(twins(8).map((row) => ({ ...row, promptIds: Int32Array.of(1, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40) })));
    const { result } = await differentiate(batch);
    const cut = await differentiate(batch, { chunkTokens: 24 });
    expect(Math.max(...cut.tokens)).toBeLessThanOrEqual(24);
    expect(worstGap(cut.result, result)).toBeLessThanOrEqual(TOLERANCE);
  });

  it('of which only a few are alike stays in one pass', async () => {
    const rows = [...twins(2), ...examples(6).slice(2)];
    expect((await differentiate(batchOf(rows), { rowGradients: true })).tokens).toHaveLength(1);
  });
});
