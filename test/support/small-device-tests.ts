/** @file Golden runs on a device that is too small for their micro-batches: the same adapter, in smaller chunks. Called by a test file of each backend. */
import { expect, it } from 'vitest';
import { OutOfMemoryError } from '#contract/errors.ts';
import type { Backend } from '#engine/graph/backend.ts';
import { makeGraph } from '#engine/graph/graph.ts';
import { expandLike, input, mul, reduceMax } from '#engine/graph/operations.ts';
import { ChunkSize } from '#engine/train/chunk-size.ts';
import { floatTensor } from '#engine/tensor/tensor.ts';
import { adapterDifference } from '#test/support/adapter-difference.ts';
import { crampedBackend } from '#test/support/cramped-backend.ts';
import { goldenDpoRun, goldenKtoRun, runGolden } from '#test/support/golden-run.ts';

/** float32 sums of fewer rows at once, made the most of by AdamW; relative to a tensor's largest value. */
const ADAPTER = 1e-3;

export interface SmallDeviceOptions {
  /** Of each run; all if left out. */
  readonly steps?: number | undefined;
  /** One run of each method alone. */
  readonly few?: boolean;
}

export function smallDeviceTests(plain: Backend, { steps, few = false }: SmallDeviceOptions = {}): void {
  const runs = [
    ['KTO, gradients row by row', () => goldenKtoRun('kto_default'), { rowGradients: true }],
    ['DPO', () => goldenDpoRun('sigmoid'), {}],
    ['KTO, z0 beforehand', () => goldenKtoRun('kto_weighted'), { rowGradients: false }],
    ['DPO with a loss that sorts the batch', () => goldenDpoRun('aot'), {}],
  ] as const;
  it.each(few ? runs.slice(0, 2) : runs)('%s is retried in smaller chunks and gives the same adapter', async (_, makeRun, memory) => {
    const run = await makeRun();
    const sizes: number[] = [];
    const chunks = new ChunkSize(Infinity, (tokens) => sizes.push(tokens));
    const { backend, refused, open } = crampedBackend(plain, 260_000);
    const got = await runGolden(run, backend, { memory, steps, chunks });
    const expected = await runGolden(run, plain, { memory, steps });
    expect(sizes.length).toBeGreaterThan(0);
    expect(refused()).toBe(sizes.length); // learnt once, for the rest of the run
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
    expect(adapterDifference(got.parameters, expected.parameters)).toBeLessThan(ADAPTER);
    expect(open()).toBe(0);
  });

  it('a row that does not fit by itself ends the run with a sentence, and nothing stays open', async () => {
    const { backend, open } = crampedBackend(plain, 5000);
    const failed = runGolden(await goldenKtoRun('kto_default'), backend, { steps });
    await expect(failed).rejects.toThrow(OutOfMemoryError);
    await expect(failed).rejects.toThrow(/too little memory for one row of \d+ tokens, the least that can be computed at once/);
    expect(open()).toBe(0);
  });

  it('a value that no device has room for is told from other failures, and the backend goes on', async () => {
    const [x, like] = [input('x', [1, 1]), input('like', ['A', 1])];
    const [left, right] = [expandLike(x, like), input('wide', [1, 'B'])];
    const executable = await plain.compile(makeGraph({ y: reduceMax(mul(left, right), [0, 1]) }), new Map());
    const feeds = (a: number, b: number) => ({
      x: floatTensor([1, 1], [3]),
      like: floatTensor([a, 1], new Float32Array(a)),
      wide: floatTensor([1, b], new Float32Array(b).fill(2)),
    });
    await expect(executable.run(feeds(2 ** 20, 2 ** 20))).rejects.toThrow(OutOfMemoryError);
    expect((await executable.run(feeds(4, 5)))['y']?.data[0]).toBe(6);
    await executable.release();
  });
}
