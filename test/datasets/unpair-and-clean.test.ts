/** @file Pairs become examples, and what says the same or the opposite is found. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CancelledError, SettingsError, StoreError } from '#contract/errors.ts';
import { DEFAULT_CHOICES } from '#engine/data/cleaning/cleaning-report.ts';
import { cleanDataset, surveyDataset } from '#datasets/clean-dataset.ts';
import { toNewRow } from '#datasets/row-texts.ts';
import { unpairDataset } from '#datasets/unpair-dataset.ts';
import { getDataset, latestVersionOf, listDatasets, type DatasetVersion } from '#store/datasets.ts';
import { iterateRows, readRow } from '#store/rows.ts';
import type { Store } from '#store/store.ts';
import { importRows, promptsOf, sampleDataset, sampleStore } from '#test/store/sample-store.ts';
import { example, pair } from '#test/support/dataset-rows.ts';

interface PairTexts {
  readonly prompt: string;
  readonly chosen: string;
  readonly rejected: string;
}

function pairsVersion(store: Store, pairs: readonly PairTexts[], name?: string): DatasetVersion {
  const { datasetId } = sampleDataset(store, 'pair', name);
  const rows = pairs.map(({ prompt, chosen, rejected }, at) =>
    toNewRow(pair(prompt, chosen, rejected), { sourceFile: 0, sourceRow: at + 1 }),
  );
  return importRows(store, datasetId, rows);
}

function examplesVersion(store: Store, rows: readonly (readonly [string, string, boolean])[]): DatasetVersion {
  const { datasetId } = sampleDataset(store);
  const all = rows.map(([prompt, completion, label], at) =>
    toNewRow(example(prompt, completion, label), { sourceFile: 0, sourceRow: at + 1 }),
  );
  return importRows(store, datasetId, all);
}

test('any pairs come back from their examples: by their ids, their places and their labels', async () => {
  const store = await sampleStore();
  let count = 0;
  const texts = fc.record({ prompt: fc.string({ unit: 'grapheme' }), chosen: fc.string(), rejected: fc.string({ unit: 'grapheme' }) });
  await fc.assert(
    fc.asyncProperty(fc.array(texts, { minLength: 1, maxLength: 30 }), async (pairs) => {
      const name = `pairs ${++count}`;
      const version = pairsVersion(store, pairs, name);
      const examples = await unpairDataset(store, { versionId: version.id, name: `${name} as examples` });
      expect(examples).toMatchObject({ rowCount: 2 * pairs.length, desirableCount: pairs.length, undesirableCount: pairs.length });
      const back = new Map<number, Partial<Record<keyof PairTexts, string>>>();
      for (const row of iterateRows(store, examples.id)) {
        const from = readRow(store, row.sourceRowId ?? -1);
        expect(from).toMatchObject({ sourceFile: row.sourceFile, sourceRow: row.sourceRow, prompt: row.prompt, promptKey: row.promptKey });
        const side = row.label === true ? 'chosen' : 'rejected';
        back.set(row.sourceRow ?? -1, { ...back.get(row.sourceRow ?? -1), prompt: row.prompt, [side]: row.completion });
      }
      expect(Array.from(pairs.keys(), (at) => back.get(at + 1))).toEqual(pairs);
    }),
    { numRuns: 30 },
  );
});

test('examples come in the order of TRL: of every 1000 pairs the chosen answers, then the rejected ones', async () => {
  const store = await sampleStore();
  const pairs = Array.from({ length: 1200 }, (_, at) => ({ prompt: `p${at}`, chosen: 'c', rejected: 'r' }));
  const version = await unpairDataset(store, { versionId: pairsVersion(store, pairs).id, name: 'Examples' });
  const labels = Array.from(iterateRows(store, version.id), ({ prompt, label }) => `${prompt}${label === true ? '+' : '-'}`);
  expect([labels[0], labels[999], labels[1000], labels[1999], labels[2000], labels[2399]]).toEqual([
    'p0+',
    'p999+',
    'p0-',
    'p999-',
    'p1000+',
    'p1199-',
  ]);
  expect(getDataset(store, version.datasetId)).toMatchObject({ name: 'Examples', kind: 'example' });
  expect(version.origin).toMatchObject({ kind: 'unpair', version: 1, name: 'Reviews' });
});

test('only pairs are unpaired, into a name that is free, and a cancelled unpairing leaves nothing', async () => {
  const store = await sampleStore();
  const { id } = examplesVersion(store, [['p', 'c', true]]);
  await expect(unpairDataset(store, { versionId: id, name: 'x' })).rejects.toThrow(SettingsError);
  const pairs = pairsVersion(
    store,
    Array.from({ length: 5000 }, (_, at) => ({ prompt: `p${at}`, chosen: 'c', rejected: 'r' })),
    'Pairs',
  );
  await expect(unpairDataset(store, { versionId: pairs.id, name: 'Pairs' })).rejects.toThrow(StoreError);
  const controller = new AbortController();
  const options = { signal: controller.signal, onProgress: () => controller.abort() };
  await expect(unpairDataset(store, { versionId: pairs.id, name: 'Examples' }, options)).rejects.toThrow(CancelledError);
  const { projectId } = getDataset(store, pairs.datasetId) ?? { projectId: -1 };
  expect(listDatasets(store, projectId)).toHaveLength(1);
});

test('duplicates are merged, conflicts go by the choice, and the version before stays', async () => {
  const store = await sampleStore();
  const version = examplesVersion(store, [
    ['What?', 'This.', true],
    [' what ', 'this', true],
    ['What?', 'This.', true],
    ['Why?', 'So.', true],
    ['Why?', 'So.', true],
    ['Why?', 'So.', false],
    ['When?', '  ', true],
    ['Who?', 'She.', false],
  ]);
  const survey = await surveyDataset(store, version.id);
  expect(survey.report().counts).toMatchObject({ keep: 2, 'merged-exact': 1, 'merged-near': 1, pending: 3, 'empty-answer': 1 });
  const choices = { ...DEFAULT_CHOICES, conflicts: 'majority' } as const;
  const report = survey.report(choices);
  const cleaned = await cleanDataset(store, { versionId: version.id, report, choices });
  expect(cleaned).toMatchObject({ number: 2, rowCount: 3, origin: { kind: 'clean', from: version.id, choices } });
  expect(promptsOf(store, cleaned ?? version)).toEqual(['What?', 'Why?', 'Who?']);
  expect(promptsOf(store, version)).toHaveLength(8);
  const again = await surveyDataset(store, cleaned?.id ?? -1);
  expect(await cleanDataset(store, { versionId: cleaned?.id ?? -1, report: again.report(choices), choices })).toBeNull();
});

test('a conflict is decided by the person, by its key', async () => {
  const store = await sampleStore();
  const version = examplesVersion(store, [
    ['Why?', 'So.', true],
    ['Why?', 'So.', false],
    ['Who?', 'She.', false],
  ]);
  const survey = await surveyDataset(store, version.id);
  const [conflict] = survey.report().conflicts;
  const choices = { ...DEFAULT_CHOICES, decisions: new Map([[conflict?.key ?? 0, 'second' as const]]) };
  const cleaned = await cleanDataset(store, { versionId: version.id, report: survey.report(choices), choices });
  expect(Array.from(iterateRows(store, cleaned?.id ?? -1), ({ prompt, label }) => [prompt, label])).toEqual([
    ['Why?', false],
    ['Who?', false],
  ]);
});

test('many removals at once are written as a version of their own, which can be cancelled', async () => {
  const store = await sampleStore();
  const rows = Array.from({ length: 21_000 }, (_, at) => [`Question ${at % 500}?`, 'The same.', at % 2 === 0] as const);
  const version = examplesVersion(store, rows);
  const survey = await surveyDataset(store, version.id);
  const choices = { ...DEFAULT_CHOICES, conflicts: 'neither' } as const;
  const report = survey.report(choices);
  expect(version.rowCount - report.kept).toBe(20_500);
  const controller = new AbortController();
  const stopping = cleanDataset(
    store,
    { versionId: version.id, report, choices },
    { signal: controller.signal, onProgress: () => controller.abort() },
  );
  await expect(stopping).rejects.toThrow(CancelledError);
  expect(latestVersionOf(store, version.datasetId)).toEqual(version);
  const cleaned = await cleanDataset(store, { versionId: version.id, report, choices });
  expect(cleaned).toMatchObject({ number: 2, rowCount: 500 });
  expect(new Set(promptsOf(store, cleaned ?? version)).size).toBe(500);
  expect(promptsOf(store, version)).toHaveLength(21_000);
});

test('nothing is cleaned down to nothing, nor by the report of another version', async () => {
  const store = await sampleStore();
  const version = examplesVersion(store, [
    ['Why?', 'So.', true],
    ['Why?', 'So.', false],
  ]);
  const choices = { ...DEFAULT_CHOICES, conflicts: 'neither' } as const;
  const report = (await surveyDataset(store, version.id)).report(choices);
  await expect(cleanDataset(store, { versionId: version.id, report, choices })).rejects.toThrow('no row would be left');
  const other = importRows(store, version.datasetId, [toNewRow(example('a', 'b'), { sourceFile: null, sourceRow: null })]);
  await expect(cleanDataset(store, { versionId: other.id, report, choices })).rejects.toThrow('another version');
});
