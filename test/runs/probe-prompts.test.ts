/** @file What runs are asked, if a person says what: in the form of the rows, kept for each run, refused where it can not fit. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SettingsError } from '#contract/errors.ts';
import { promptsAsWritten, promptText } from '#runs/probe-prompts.ts';
import { readSamples } from '#runs/run-samples.ts';
import { fromStoredPath } from '#store/data-folder.ts';
import { setChoices } from '#projects/choices.ts';
import { proposeProbes } from '#setup/propose-probes.ts';
import { listRuns } from '#store/runs.ts';
import { example, importRows, sampleDataset, sampleStore } from '#test/store/sample-store.ts';
import { openWorld } from './support.ts';

const MODEL = { maxPositions: 512, vocabSize: 32_000 };

async function rowsOf(...rows: readonly Parameters<typeof example>[1][]) {
  const store = await sampleStore();
  const { datasetId, projectId } = sampleDataset(store);
  const version = importRows(
    store,
    datasetId,
    rows.map((row, index) => example(index, row)),
  );
  return { store, projectId, source: { versionId: version.id, splitId: null } };
}

test('texts are asked as texts, or as what a user says after the system message of the rows', async () => {
  const text = await rowsOf({ prompt: 'Hello?' });
  expect(promptsAsWritten(text.store, text.source, { texts: ['Hi'], model: MODEL })).toEqual(['Hi']);
  const system = { role: 'system', content: 'Be kind.' };
  const prompt = JSON.stringify([system, { role: 'user', content: 'Hello?' }]);
  const chat = await rowsOf({ form: 'chat', prompt, completion: '[{"role":"assistant","content":"Hi."}]' });
  expect(promptsAsWritten(chat.store, chat.source, { texts: ['Hi'], model: MODEL })).toEqual([[system, { role: 'user', content: 'Hi' }]]);
});

test('a prompt that leaves no room for an answer is refused with its number', async () => {
  const { store, source } = await rowsOf({ prompt: 'Hello?' });
  const texts = ['short', 'x'.repeat(641)];
  expect(() => promptsAsWritten(store, source, { texts, model: MODEL })).toThrow(SettingsError);
  expect(() => promptsAsWritten(store, source, { texts, model: MODEL })).toThrow('Probe prompt 2 has 641 bytes, and at most 640 fit');
});

test('of a conversation a person reads what was said last', () => {
  const said = [
    { role: 'user', content: 'First' },
    { role: 'assistant', content: 'Yes' },
    { role: 'user', content: 'Second' },
  ];
  expect(promptText(said)).toBe('Second');
  expect(promptText([{ role: 'assistant', content: 'Hi' }])).toBe('');
});

test('what is proposed are the first different texts of what the project trains on', async () => {
  const { store, projectId, source } = await rowsOf({ prompt: 'a' }, { prompt: 'a' }, { prompt: 'b' });
  expect(await proposeProbes(store, projectId)).toEqual(['a', 'b']);
  setChoices(store, projectId, { data: source, modelFolder: '/nowhere' });
  expect(await proposeProbes(store, projectId)).toEqual(['a', 'b']);
});

test('a run answers what a person wrote, and only that', async () => {
  const world = await openWorld();
  const [run] = await world.runs.create(world.request({ probePrompts: ['Who?', 'Why?'] }));
  await world.until(run!.id, 'completed');
  const samples = await readSamples(fromStoredPath(world.store.folder, run!.folder));
  expect(new Set(samples.map(({ prompt }) => prompt))).toEqual(new Set(['Who?', 'Why?']));
  expect(new Set(samples.map(({ step }) => step)).size).toBeGreaterThan(1);
});

test('a run that shall be asked nothing has no samples', async () => {
  const world = await openWorld();
  const [run] = await world.runs.create(world.request({ probePrompts: [] }));
  const { folder } = await world.until(run!.id, 'completed');
  const dir = fromStoredPath(world.store.folder, folder);
  expect(readFileSync(join(dir, 'probes.jsonl'), 'utf8')).toBe('');
  expect(await readSamples(dir)).toEqual([]);
});

test('where prompts are refused, nothing is created', async () => {
  const world = await openWorld();
  await expect(world.runs.create(world.request({ methods: ['kto'], probePrompts: ['x'.repeat(4000)] }))).rejects.toThrow('Probe prompt 1');
  expect(listRuns(world.store, world.projectId)).toEqual([]);
  expect(readdirSync(world.store.folder.runs)).toEqual([]);
});
