/** @file A split never leaks a prompt and stays as it was when rows are added; labels are balanced in what is trained on. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CancelledError, SettingsError, StoreError } from '#contract/errors.ts';
import { normaliseText } from '#engine/data/similarity/normalise-text.ts';
import { balanceDataset, mixDataset, subsampleDataset } from '#datasets/balance-dataset.ts';
import { reportDataset } from '#datasets/report-dataset.ts';
import { toNewRow } from '#datasets/row-texts.ts';
import { splitDataset } from '#datasets/split-dataset.ts';
import type { DatasetVersion } from '#store/datasets.ts';
import type { NewRow } from '#store/row-columns.ts';
import { iterateRows } from '#store/rows.ts';
import { iterateSplitRows, listSplits, readSides } from '#store/splits.ts';
import type { Store } from '#store/store.ts';
import { importRows, sampleDataset, sampleStore } from '#test/store/sample-store.ts';
import { example, pair } from '#test/support/dataset-rows.ts';

function row(prompt: string, label = true, completion = 'answer'): NewRow {
  return toNewRow(example(prompt, completion, label), { sourceFile: 0, sourceRow: 1 });
}

const TOPICS = ['rivers of France', 'rules of chess', 'bread without yeast', 'old computers', 'the moon landing', 'tax forms'];

/** Prompts that are unlike each other. */
function prompts(count: number, first = 0): string[] {
  return Array.from({ length: count }, (_, index) => {
    const number = first + index;
    return `Tell me what ${number * 7919} has to do with ${TOPICS[number % TOPICS.length]} and the number ${number}`;
  });
}

function sideOfPrompts(store: Store, version: DatasetVersion, splitId: number): Map<string, Set<string>> {
  const { partOf } = readSides(store, splitId);
  const sides = new Map<string, Set<string>>();
  let index = 0;
  for (const { prompt } of iterateRows(store, version.id)) {
    const key = normaliseText(prompt);
    sides.set(key, (sides.get(key) ?? new Set()).add(partOf(index++)));
  }
  return sides;
}

test('no prompt is on both sides, whatever the rows, the seed and the share, and sides stay when rows are added', async () => {
  const store = await sampleStore();
  let count = 0;
  const pool = [
    ...prompts(12),
    ...prompts(12).map((prompt) => ` ${prompt.toUpperCase()}!! `),
    ...prompts(6).map((prompt) => `${prompt} please`),
  ];
  const rows = fc.array(fc.record({ prompt: fc.constantFrom(...pool), label: fc.boolean() }), { minLength: 2, maxLength: 40 });
  const given = fc.record({ first: rows, more: rows, seed: fc.nat(1000), ratio: fc.double({ min: 0, max: 0.9, noNaN: true }) });
  await fc.assert(
    fc.asyncProperty(given, async ({ first, more, seed, ratio }) => {
      const { datasetId } = sampleDataset(store, 'example', `split ${++count}`);
      const one = importRows(
        store,
        datasetId,
        first.map(({ prompt, label }) => row(prompt, label)),
      );
      const { split, plan } = await splitDataset(store, { versionId: one.id, seed, evaluation: { ratio } });
      expect(split.trainCount + split.heldOutCount + split.leftOutCount).toBe(first.length);
      expect([split.trainCount, split.heldOutCount, split.leftOutCount]).toEqual([
        plan.train.rows,
        plan.evaluation.rows,
        plan.leftOut.rows,
      ]);
      const before = sideOfPrompts(store, one, split.id);
      for (const sides of before.values()) expect(sides.size).toBe(1);
      const two = importRows(
        store,
        datasetId,
        more.map(({ prompt, label }) => row(prompt, label)),
      );
      const grown = await splitDataset(store, { versionId: two.id, seed, evaluation: { ratio } });
      expect(grown.basedOn?.id).toBe(split.id);
      const after = sideOfPrompts(store, two, grown.split.id);
      for (const [prompt, sides] of after) {
        const was = before.get(prompt);
        const isSettled = was !== undefined && !was.has('left-out');
        expect(sides.size).toBe(1);
        expect([...sides]).toEqual([...(isSettled ? was : sides)]);
      }
    }),
    { numRuns: 40 },
  );
});

test('nearly identical prompts stay together, and a report over both sides finds no leak', async () => {
  const store = await sampleStore();
  const { datasetId } = sampleDataset(store);
  const texts = prompts(60).flatMap((prompt) => [prompt, `${prompt}, please`]);
  const version = importRows(
    store,
    datasetId,
    texts.map((prompt, at) => row(prompt, at % 3 === 0)),
  );
  const { split, plan } = await splitDataset(store, { versionId: version.id, seed: 1, evaluation: { ratio: 0.2 } });
  expect(plan.evaluation.prompts).toBe(24);
  expect(plan.nearIdenticalPrompts).toBe(120);
  const heldOut = new Set(Array.from(iterateSplitRows(store, split.id, 'held-out'), ({ prompt }) => prompt));
  for (const prompt of prompts(60)) expect(heldOut.has(prompt)).toBe(heldOut.has(`${prompt}, please`));
  const report = await reportDataset(store, {
    versionId: version.id,
    split: { splitId: split.id, part: 'held-out' },
    maxLength: null,
    truncationMode: 'keep_start',
  });
  expect(report).toMatchObject({ rows: split.heldOutCount, leaks: { trainRows: split.trainCount, prompts: { near: 0 } } });
  const torn = await splitDataset(store, { versionId: version.id, seed: 1, evaluation: { ratio: 0.2 }, keepNearTogether: false });
  const leaky = await reportDataset(store, {
    versionId: version.id,
    split: { splitId: torn.split.id, part: 'train' },
    maxLength: null,
    truncationMode: 'keep_start',
  });
  expect(leaky.leaks?.prompts.near).toBeGreaterThan(0);
});

test('a cancelled split and one of an impossible size leave nothing', async () => {
  const store = await sampleStore();
  const { datasetId } = sampleDataset(store);
  const version = importRows(
    store,
    datasetId,
    prompts(1500).map((prompt) => row(prompt)),
  );
  const controller = new AbortController();
  const options = { signal: controller.signal, onProgress: () => controller.abort() };
  await expect(splitDataset(store, { versionId: version.id, seed: 1, evaluation: { ratio: 0.1 } }, options)).rejects.toThrow(
    CancelledError,
  );
  await expect(splitDataset(store, { versionId: version.id, seed: 1, evaluation: { ratio: 1 } })).rejects.toThrow(SettingsError);
  expect(listSplits(store, version.id)).toEqual([]);
  await expect(splitDataset(store, { versionId: 999, seed: 1, evaluation: { ratio: 0.1 } })).rejects.toThrow(StoreError);
});

test('weights are worked out for what is trained on, and applied or left', async () => {
  const store = await sampleStore();
  const { datasetId } = sampleDataset(store);
  const version = importRows(
    store,
    datasetId,
    prompts(400).map((prompt, at) => row(prompt, at % 4 !== 0)),
  );
  const all = balanceDataset(store, { versionId: version.id });
  expect(all).toMatchObject({ counts: { desirable: 300, undesirable: 100 }, ratio: 3, isBalanced: false });
  const { split } = await splitDataset(store, { versionId: version.id, seed: 3, evaluation: { ratio: 0.1 } });
  const train = balanceDataset(store, { versionId: version.id, splitId: split.id });
  expect(train.counts).toEqual({ desirable: 270, undesirable: 90 });
  for (const { kind, ratio } of train.choices) expect(kind === 'leave' || ((ratio ?? 0) >= 1 && (ratio ?? 9) <= 4 / 3)).toBe(true);
  const mixing = mixDataset(store, { versionId: version.id, splitId: split.id, batchSize: 8, shuffle: true, seed: 0 });
  expect(mixing).toMatchObject({ batches: 45, mixed: 45, share: 1 });
  const subsampled = await subsampleDataset(store, { versionId: version.id, splitId: split.id, seed: 0 });
  expect(subsampled).toMatchObject({ number: 2, undesirableCount: 100, desirableCount: 30 + Math.floor(90 * 1.33) });
  const heldOut = new Set(Array.from(iterateSplitRows(store, split.id, 'held-out'), ({ prompt }) => prompt));
  const left = new Set(Array.from(iterateRows(store, subsampled.id), ({ prompt }) => prompt));
  expect([...heldOut].every((prompt) => left.has(prompt))).toBe(true);
  const again = await subsampleDataset(store, { versionId: subsampled.id, seed: 0 });
  expect(again).toMatchObject({ number: 3, desirableCount: 133, undesirableCount: 100 });
  await expect(subsampleDataset(store, { versionId: again.id, seed: 0 })).rejects.toThrow('nothing to leave out');
});

test('pairs have no labels to balance', async () => {
  const store = await sampleStore();
  const { datasetId } = sampleDataset(store, 'pair');
  const version = importRows(store, datasetId, [toNewRow(pair('p', 'c', 'r'), { sourceFile: 0, sourceRow: 1 })]);
  expect(() => balanceDataset(store, { versionId: version.id })).toThrow('holds pairs, which have no labels');
});
