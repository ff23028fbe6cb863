/** @file The batches that a plan is made for are those that training computes. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Backend } from '#engine/graph/backend.ts';
import type { RowGroup } from '#engine/train/chunk-rows.ts';
import { DpoMethod } from '#engine/train/dpo-method.ts';
import { gradientShape, heaviestBatch, trainingBatches } from '#engine/train/heaviest-batch.ts';
import { KtoMethod } from '#engine/train/kto-method.ts';
import type { Method, MethodOptions } from '#engine/train/method.ts';
import { resolveSettings } from '#engine/train/resolve-settings.ts';
import { completionsOf } from '#engine/train/row-groups.ts';
import { examples, methodOptions, pairs, tinyModel } from '#test/support/tiny-method.ts';
import type { TinyModel } from '#test/support/tiny-method.ts';

let tiny: TinyModel;
beforeAll(async () => {
  tiny = await tinyModel();
});

/** Prompt and completion of everything that is scored, in order. */
const scored = (batches: readonly (readonly RowGroup[])[]) =>
  batches.flat().flatMap((group) => completionsOf(group).map(({ prompt, completion }) => [[...prompt], [...completion]]));

/** What a method asks for when it computes references, which are batched as training is; nothing is computed. */
async function asked(open: (options: MethodOptions) => Promise<Method>, settings: Readonly<Record<string, unknown>>): Promise<unknown[]> {
  const seen: unknown[] = [];
  const get = ({ prompt, completion }: { prompt: Int32Array; completion: Int32Array }) => {
    seen.push([[...prompt], [...completion]]);
    return -1;
  };
  const executable = { run: () => Promise.resolve({}), release: () => Promise.resolve() };
  const backend: Backend = {
    name: 'none',
    peakBytes: () => 0,
    residentBytes: () => 0,
    hold: () => Promise.resolve(() => Promise.resolve()),
    compile: () => Promise.resolve(executable),
  };
  const method = await open(methodOptions(tiny, settings, { backend, knownReferences: { get, add: () => undefined } }));
  await method.computeReferences([...Array(method.blockCount).keys()], () => undefined);
  await method.release();
  return seen;
}

describe('the batches of an epoch', () => {
  it.each([
    ['kto', { method: 'kto' }],
    ['kto in the order of the file', { method: 'kto', shuffle: false }],
    ['kto cut to 6 tokens', { method: 'kto', max_length: 6, seed: 5 }],
    ['kto without partners', { method: 'kto', loss_type: 'apo_zero_unpaired' }],
  ])('of %s are what the method computes', async (_what, given) => {
    const { settings } = resolveSettings({ per_device_train_batch_size: 4, ...given });
    const rows = examples(10);
    const batches = trainingBatches({ method: 'kto', rows }, settings);
    expect(batches.map(({ length }) => length)).toEqual([4, 4, 2]);
    expect(scored(batches)).toEqual(await asked((options) => KtoMethod.open(options, rows, null), given));
    expect(scored(batches)).toHaveLength(settings.loss_type === 'kto' ? 20 : 10);
  });

  it.each([
    ['dpo', { method: 'dpo' }],
    ['dpo with another seed', { method: 'dpo', seed: 7 }],
    ['dpo cut at the beginning', { method: 'dpo', max_length: 6, truncation_mode: 'keep_end' }],
  ])('of %s are what the method computes', async (_what, given) => {
    const { settings } = resolveSettings({ per_device_train_batch_size: 4, ...given });
    const rows = pairs(10);
    const batches = trainingBatches({ method: 'dpo', rows }, settings);
    expect(batches.map(({ length }) => length)).toEqual([4, 4, 2]);
    expect(scored(batches)).toEqual(await asked((options) => DpoMethod.open(options, rows, null), given));
  });
});

describe('the heaviest batch', () => {
  it('is the one with the most tokens', () => {
    const { settings } = resolveSettings({ method: 'kto', per_device_train_batch_size: 2, loss_type: 'apo_zero_unpaired', shuffle: false });
    const rows = examples(8).map((row, i) => ({ ...row, completionIds: new Int32Array(i === 5 ? 50 : 2).fill(9) }));
    const batches = trainingBatches({ method: 'kto', rows }, settings);
    expect(heaviestBatch(batches)).toBe(batches[2]);
    expect(heaviestBatch(batches.slice(0, 1))).toBe(batches[0]);
  });

  it('counts KL partners too', () => {
    const { settings } = resolveSettings({ method: 'kto', per_device_train_batch_size: 2, shuffle: false });
    const lengths = [1, 1, 20, 3, 12, 12];
    const rows = lengths.map((length, i) => ({
      row: i + 1,
      promptIds: new Int32Array(i >= 4 ? 5 : 3).fill(8),
      completionIds: new Int32Array(length).fill(9),
      label: i % 2 === 0,
    }));
    const batches = trainingBatches({ method: 'kto', rows }, settings);
    expect(heaviestBatch(batches)).toBe(batches[2]);
  });
});

describe('the gradient pass', () => {
  const shape = (given: Readonly<Record<string, unknown>>) => gradientShape(resolveSettings(given).settings);

  it('has partners for loss_type kto only, and gradients by row for KTO', () => {
    expect(shape({ method: 'kto' })).toEqual({ partner: true, objective: { kind: 'rows' } });
    expect(shape({ method: 'kto', loss_type: 'apo_zero_unpaired' })).toEqual({ partner: false, objective: { kind: 'rows' } });
  });

  it('has the loss in the graph for DPO, except where rows are sorted', () => {
    expect(shape({ method: 'dpo', beta: 0.3 })).toMatchObject({
      partner: false,
      objective: { kind: 'pairs', lossType: 'sigmoid', settings: { beta: 0.3 } },
    });
    expect(shape({ method: 'dpo', loss_type: 'aot' })).toEqual({ partner: false, objective: { kind: 'seeds' } });
  });
});
