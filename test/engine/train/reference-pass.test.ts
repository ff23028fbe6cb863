/** @file Reference log-probabilities are computed once: what is known is looked up, by both methods. */
import { beforeAll, describe, expect, it } from 'vitest';
import { CancelledError } from '#contract/errors.ts';
import type { TokenisedExample, TokenisedPair } from '#engine/data/tokenised.ts';
import type { RowGroup } from '#engine/train/chunk-rows.ts';
import { DpoMethod } from '#engine/train/dpo-method.ts';
import { KtoMethod } from '#engine/train/kto-method.ts';
import type { MethodOptions, ReferenceLogProbs } from '#engine/train/method.ts';
import { scoreReferences } from '#engine/train/reference-pass.ts';
import type { Completion, KnownLogProbs, ReferenceBatch, ReferenceSums } from '#engine/train/reference-pass.ts';
import { exampleGroup } from '#engine/train/row-groups.ts';
import { longestRow } from '#engine/train/row-lengths.ts';
import { countingBackend, examples, methodOptions, pairs, tinyModel } from '#test/support/tiny-method.ts';
import type { TinyModel } from '#test/support/tiny-method.ts';

/** float32 sums in another order. */
const TOLERANCE = 1e-5;

let tiny: TinyModel;
beforeAll(async () => {
  tiny = await tinyModel();
});

class Memory implements KnownLogProbs {
  readonly values = new Map<string, number>();
  readonly #key = ({ prompt, completion }: Completion) => `${prompt.join()} > ${completion.join()}`;

  get(completion: Completion): number | undefined {
    return this.values.get(this.#key(completion));
  }

  add(completion: Completion, logp: number): void {
    const key = this.#key(completion);
    if (!this.values.has(key)) this.values.set(key, logp);
  }
}

/** Batches of two rows without partners. */
function batchesOf(rows: readonly TokenisedExample[], partners = false): ReferenceBatch[] {
  const batches: ReferenceBatch[] = [];
  for (let start = 0; start < rows.length; start += 2) {
    const some = rows.slice(start, start + 2);
    const groups: RowGroup[] = some.map((row, i) =>
      exampleGroup(row, partners ? (some.at(i - 1) as TokenisedExample).completionIds : null, i, null),
    );
    batches.push({ groups, rowCount: some.length, longestRow: longestRow(groups) });
  }
  return batches;
}

interface Scored {
  readonly sums: ReferenceSums[];
  /** Numbers of the batches, in the order in which they were reported. */
  readonly reported: number[];
  readonly compiled: number;
  /** Chunks that were computed. */
  readonly runs: number;
}

async function score(batches: readonly ReferenceBatch[], more: Partial<MethodOptions> = {}, partners = false): Promise<Scored> {
  let runs = 0;
  const { backend, compiled } = countingBackend(tiny.backend);
  const counted: typeof backend = {
    ...backend,
    async compile(graph, weights) {
      const executable = await backend.compile(graph, weights);
      const run: typeof executable.run = (feeds) => {
        runs++;
        return executable.run(feeds);
      };
      return { run, release: () => executable.release() };
    },
  };
  const sums: ReferenceSums[] = [];
  const reported: number[] = [];
  await scoreReferences(methodOptions(tiny, { method: 'kto' }, { backend: counted, ...more }), {
    batches,
    partners,
    onBatch(index, batch) {
      reported.push(index);
      sums.push(batch);
    },
  });
  return { sums, reported, compiled: compiled(), runs };
}

const logps = ({ sums }: Scored) => sums.flatMap((batch) => [...batch.logps]);

describe('a pass over the reference model', () => {
  it('computes everything where nothing is known, and tells it', async () => {
    const known = new Memory();
    const scored = await score(batchesOf(examples(6)), { knownReferences: known });
    expect(scored).toMatchObject({ reported: [0, 1, 2], compiled: 1, runs: 3 });
    expect([...known.values.values()]).toEqual(logps(scored));
    expect(logps(scored).every((logp) => logp < 0)).toBe(true);
    expect(logps(await score(batchesOf(examples(6))))).toEqual(logps(scored));
  });

  it('computes nothing, and compiles nothing, where everything is known', async () => {
    const known = new Memory();
    const first = await score(batchesOf(examples(6)), { knownReferences: known });
    const second = await score(batchesOf(examples(6)), { knownReferences: known });
    expect(second).toMatchObject({ reported: [0, 1, 2], compiled: 0, runs: 0 });
    expect(second.sums.map((batch) => batch.logps)).toEqual(first.sums.map((batch) => batch.logps));
  });

  it('computes only the batches of which something is missing', async () => {
    const known = new Memory();
    await score(batchesOf(examples(3)), { knownReferences: known }); // rows 0, 1 and 2: all of batch 0, half of batch 1
    const kept = new Map(known.values);
    const scored = await score(batchesOf(examples(6)), { knownReferences: known });
    expect(scored).toMatchObject({ reported: [0, 1, 2], compiled: 1, runs: 2 });
    expect(known.values.size).toBe(6);
    for (const [key, logp] of kept) expect(known.values.get(key)).toBe(logp);
  });

  it('prefers a known value to the one computed beside it', async () => {
    const known = new Memory();
    const [first] = examples(1) as [TokenisedExample];
    known.add({ prompt: first.promptIds, completion: first.completionIds }, -123);
    const scored = await score(batchesOf(examples(2)), { knownReferences: known });
    expect(logps(scored)[0]).toBe(-123);
    expect(logps(scored)[1]).toBe(logps(await score(batchesOf(examples(2))))[1]);
  });

  it('keeps partners apart from rows, and knows both', async () => {
    const known = new Memory();
    const first = await score(batchesOf(examples(4), true), { knownReferences: known }, true);
    expect(known.values.size).toBe(8);
    const second = await score(batchesOf(examples(4), true), { knownReferences: known }, true);
    expect(second.compiled).toBe(0);
    expect(second.sums.map((batch) => [...batch.logps, ...batch.partnerLogps])).toEqual(
      first.sums.map((batch) => [...batch.logps, ...batch.partnerLogps]),
    );
    expect(first.sums[0]?.partnerLogps[0]).not.toBe(first.sums[0]?.logps[0]);
  });

  it('has the adapter that training starts from as its reference', async () => {
    const own = await score(batchesOf(examples(2)), { referenceParameters: tiny.parameters });
    const base = logps(await score(batchesOf(examples(2))));
    expect(logps(own)).toHaveLength(2);
    logps(own).forEach((logp, i) => expect(Math.abs(logp - (base[i] as number))).toBeGreaterThan(1e-3));
  });
});

describe('a pass that is cancelled', () => {
  it('adds nothing of the batch that it was in', async () => {
    const known = new Memory();
    const signal = { aborted: false };
    const add = known.add.bind(known);
    const stopping: KnownLogProbs = {
      get: (completion) => known.get(completion),
      add(completion, logp) {
        add(completion, logp);
        signal.aborted = true; // after the first batch
      },
    };
    const memory = { ...tiny.memory, chunkTokens: 1 };
    const run = score(batchesOf(examples(6)), { knownReferences: stopping, signal, memory });
    await expect(run).rejects.toThrow(CancelledError);
    expect(known.values.size).toBe(2);
  });

  it('adds nothing at all when it is cancelled before, or between the chunks of its first batch', async () => {
    const known = new Memory();
    let asked = 0;
    const later = {
      get aborted() {
        return ++asked > 1;
      },
    };
    const memory = { ...tiny.memory, chunkTokens: 1 };
    for (const signal of [{ aborted: true }, later]) {
      await expect(score(batchesOf(examples(4)), { knownReferences: known, signal, memory })).rejects.toThrow(CancelledError);
    }
    expect(asked).toBe(2);
    expect(known.values.size).toBe(0);
  });

  it('does not need to be computed, so that what is known is still given', async () => {
    const known = new Memory();
    await score(batchesOf(examples(4)), { knownReferences: known });
    expect((await score(batchesOf(examples(4)), { knownReferences: known, signal: { aborted: true } })).reported).toEqual([0, 1]);
  });
});

const PAIRS = pairs(6);
/** Both answers of every pair, chosen first. */
const EXAMPLES: readonly TokenisedExample[] = PAIRS.flatMap(({ row, promptIds, chosenIds, rejectedIds }: TokenisedPair) => [
  { row, promptIds, completionIds: chosenIds, label: true },
  { row, promptIds, completionIds: rejectedIds, label: false },
]);

async function references(
  method: 'kto' | 'dpo',
  known: KnownLogProbs | null,
  only?: readonly number[],
): Promise<{ found: ReferenceLogProbs; compiled: number; total: number }> {
  const { backend, compiled } = countingBackend(tiny.backend);
  const given = methodOptions(tiny, { method, loss_type: method === 'kto' ? 'kto' : 'sigmoid' }, { backend, knownReferences: known });
  const opened = method === 'kto' ? await KtoMethod.open(given, EXAMPLES, null) : await DpoMethod.open(given, PAIRS, null);
  const before = compiled();
  const blocks = only ?? [...Array(opened.blockCount).keys()];
  let total = 0;
  try {
    const found = await opened.computeReferences(blocks, (_done, of) => (total = of));
    return { found, compiled: compiled() - before, total };
  } finally {
    await opened.release();
  }
}

describe('a run that ends within its first epoch', () => {
  it.each([
    ['kto', 4, 1],
    ['dpo', 4, 2],
  ] as const)('scores no row for %s that it never comes to, and those it does the same', async (method, rows, values) => {
    const whole = await references(method, null);
    const { found, total } = await references(method, null, [1]);
    expect(total).toBe(method === 'kto' ? rows : 6 - rows);
    const scored = [...found.train.keys()].filter((i) => !Number.isNaN(found.train[i]));
    expect(scored).toHaveLength(total * values);
    for (const i of scored) expect(found.train[i]).toBe(whole.found.train[i]);
    const unknown = (scores: Float64Array | null) => scores && Array.from(scores, Number.isNaN);
    expect(unknown(found.trainPartners)).toEqual(method === 'kto' ? unknown(found.train) : null);
  });
});

describe('the other method', () => {
  it.each([
    ['dpo', 'kto'],
    ['kto', 'dpo'],
  ] as const)('%s takes what it has in common with %s from there', async (method, earlier) => {
    const known = new Memory();
    await references(earlier, known);
    const alone = await references(method, null);
    const after = await references(method, known);
    expect(alone.compiled).toBe(1);
    // KTO also needs partners, which DPO has never seen; the rows are the same all the same.
    expect(after.compiled).toBe(method === 'dpo' ? 0 : 1);
    const expected = [...alone.found.train];
    expect(expected).toHaveLength(12);
    after.found.train.forEach((logp, i) => {
      expect(Math.abs(logp - (expected[i] as number))).toBeLessThanOrEqual(TOLERANCE * Math.abs(expected[i] as number));
    });
  });

  it('sees the very same bits as the run before', async () => {
    const known = new Memory();
    const kto = await references('kto', known);
    expect((await references('dpo', known)).found.train).toEqual(kto.found.train);
    expect((await references('kto', known)).found).toEqual(kto.found);
  });
});
