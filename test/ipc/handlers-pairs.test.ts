/** @file Rows become what is trained on through the contract: unpaired, cleaned, divided, weighed, reported on. */
import { beforeEach, expect, test } from 'vitest';
import { Choices } from '#contract/choices.ts';
import type { InputArguments, RequestInput, RequestName, RequestOutput } from '#contract/index.ts';
import { unwrap, type Result } from '#contract/result.ts';
import { createDispatch } from '#ipc/dispatch.ts';
import { handlers } from '#ipc/handlers.ts';
import { getChoices, setChoices } from '#projects/choices.ts';
import { createDataset } from '#store/datasets.ts';
import { createProject } from '#store/projects.ts';
import type { NewRow } from '#store/row-columns.ts';
import { toNewRow } from '#datasets/row-texts.ts';
import { importRows } from '#test/store/sample-store.ts';
import { fakeServices, type FakeServices } from '#test/support/fake-services.ts';

const CHOICES: RequestInput<'pairs.survey'>['choices'] = {
  duplicates: 'merge',
  compare: 'near',
  conflicts: 'ask',
  emptyAnswers: 'leave-out',
  decisions: [],
};

let services: FakeServices;
let projectId: number;
beforeEach(async () => {
  services = await fakeServices();
  projectId = createProject(services.store, { name: 'Reviews' }).id;
});

async function ask<N extends RequestName>(name: N, ...input: InputArguments<N>): Promise<RequestOutput<N>> {
  return unwrap((await createDispatch(handlers, services)({ name, input: input[0] })) as Result<RequestOutput<N>>);
}

const example = (prompt: string, completion: string, label: boolean): NewRow =>
  toNewRow({ kind: 'example', form: 'text', row: 1, prompt, completion, label }, { sourceFile: null, sourceRow: null });

function examplesOf(rows: readonly NewRow[]): number {
  const { id } = createDataset(services.store, { projectId, name: 'Answers', kind: 'example' });
  return importRows(services.store, id, rows).id;
}

/** Three desirable for each undesirable, each prompt once. */
const unequal = (count: number): NewRow[] =>
  Array.from({ length: count }, (_, index) =>
    example(`Question number ${index}, about ${index * 7}?`, `Answer ${index}.`, index % 4 !== 0),
  );

test('pairs become a dataset of examples, as a task of their project', async () => {
  const { id: datasetId } = createDataset(services.store, { projectId, name: 'Pairs', kind: 'pair' });
  const pair = { kind: 'pair', form: 'text', row: 1, prompt: 'Hi', chosen: 'Hello!', rejected: 'What?' } as const;
  const versionId = importRows(services.store, datasetId, [toNewRow(pair, { sourceFile: null, sourceRow: null })]).id;
  const version = await ask('pairs.unpair', { task: 't1', versionId, name: 'Examples' });
  expect(version).toMatchObject({
    rowCount: 2,
    desirableCount: 1,
    undesirableCount: 1,
    origin: 'Made from the pairs of “Pairs”, version 1.',
  });
  expect(services.told).toContainEqual({ name: 'datasets.changed', payload: { projectId } });
  expect(services.told.find(({ name }) => name === 'tasks.changed')).toMatchObject({ payload: { tasks: [{ projectId, unit: 'pairs' }] } });
  await expect(ask('pairs.unpair', { task: 't2', versionId: version.id, name: 'Again' })).rejects.toThrow(/holds examples already/);
});

test('duplicates and contradictions are found with their rows, decided, and left out of the next version', async () => {
  const rows = [example('Hi', 'Hello!', true), example('Hi', 'hello', true), example('Bye', 'Go.', true), example('Bye', 'Go.', false)];
  const versionId = examplesOf(rows);
  setChoices(services.store, projectId, { data: { versionId, splitId: null } });
  const found = await ask('pairs.survey', { task: 't1', versionId, choices: CHOICES });
  expect(found).toMatchObject({ rows: 4, kept: 1, counts: { mergedNear: 1, pending: 2 }, conflictCount: 1 });
  const [conflict] = found.conflicts;
  expect(conflict).toMatchObject({
    decision: null,
    first: { rows: 1, row: { index: 2, label: true } },
    second: { row: { index: 3, label: false } },
  });
  const decided = { ...CHOICES, decisions: [{ key: conflict?.key ?? 0, decision: 'second' as const }] };
  expect(await ask('pairs.survey', { task: 't2', versionId, choices: decided })).toMatchObject({
    kept: 2,
    counts: { conflict: 1, pending: 0 },
  });
  const version = await ask('pairs.clean', { task: 't3', versionId, choices: decided });
  expect(version).toMatchObject({ number: 2, rowCount: 2, desirableCount: 1, undesirableCount: 1 });
  expect(getChoices(services.store, projectId).data).toEqual({ versionId: version?.id, splitId: null });
});

test('a dataset in which all rows stay makes no version', async () => {
  const versionId = examplesOf(unequal(8));
  expect(await ask('pairs.clean', { task: 't1', versionId, choices: CHOICES })).toBeNull();
});

test('prompts are held out, chosen for training, and told', async () => {
  const versionId = examplesOf(unequal(40));
  const made = await ask('pairs.split', { task: 't1', projectId, versionId, ratio: 0.25, seed: 7, keepNearTogether: false });
  expect(made).toMatchObject({ train: { rows: 30, prompts: 30 }, heldOut: { rows: 10 }, leftOut: { rows: 0 }, keptSides: false });
  expect(getChoices(services.store, projectId).data).toEqual({ versionId, splitId: made.id });
  expect(await ask('pairs.getSplit', { splitId: made.id })).toEqual({
    id: made.id,
    trainCount: 30,
    heldOutCount: 10,
    leftOutCount: 0,
    ratio: 0.25,
    seed: 7,
  });
  expect(services.told).toContainEqual({ name: 'choices.changed', payload: { projectId } });
  await expect(ask('pairs.getSplit', { splitId: made.id + 1 })).rejects.toThrow(/no split/i);
});

test('weights that balance the labels are offered, and what is in use follows the settings', async () => {
  const versionId = examplesOf(unequal(40));
  const before = await ask('pairs.balance', { projectId, versionId, splitId: null });
  expect(before).toMatchObject({ counts: { desirable: 30, undesirable: 10 }, isBalanced: false, desirableWeight: 1, undesirableWeight: 1 });
  const advised = before.choices.find(({ isAdvised }) => isAdvised);
  expect(advised?.kind).toBe('raise-weight');
  expect(advised?.ratio).toBeGreaterThanOrEqual(1);
  expect(advised?.ratio).toBeLessThanOrEqual(4 / 3);
  expect(before.mixing).toMatchObject({ batches: Math.ceil(40 / before.mixing.batchSize) });
  await ask('choices.set', {
    projectId,
    changes: { settings: { undesirable_weight: advised?.undesirableWeight ?? 0, per_device_train_batch_size: 4 } },
  });
  const after = await ask('pairs.balance', { projectId, versionId, splitId: null });
  expect(after).toMatchObject({ undesirableWeight: advised?.undesirableWeight, mixing: { batchSize: 4, batches: 10 } });
});

test('leaving examples out makes a version that is divided in the same way', async () => {
  const versionId = examplesOf(unequal(80));
  const { id: splitId } = await ask('pairs.split', { task: 't1', projectId, versionId, ratio: 0.25, seed: 7, keepNearTogether: false });
  const version = await ask('pairs.subsample', { task: 't2', projectId, versionId, splitId });
  expect(version.rowCount).toBeLessThan(80);
  const { data } = getChoices(services.store, projectId);
  expect(data?.versionId).toBe(version.id);
  const split = await ask('pairs.getSplit', { splitId: data?.splitId ?? 0 });
  // Held-out rows stay held out.
  expect(split).toMatchObject({ heldOutCount: 20, trainCount: version.rowCount - 20, ratio: 0.25, seed: 7 });
  const balance = await ask('pairs.balance', { projectId, versionId: version.id, splitId: split.id });
  expect(balance.isBalanced).toBe(true);
});

test('a report has lengths, scripts, repeated prompts, the longest rows, and what leaks', async () => {
  const rows = [
    ...unequal(20),
    example('Question number 3, about 21?', 'A much longer answer than any other of them.', true),
    example('Как дела?', 'Хорошо.', true),
  ];
  const versionId = examplesOf(rows);
  const { id: splitId } = await ask('pairs.split', { task: 't1', projectId, versionId, ratio: 0.2, seed: 1, keepNearTogether: false });
  const report = await ask('pairs.report', { task: 't2', versionId, splitId });
  expect(report).toMatchObject({ rows: 22, distinctPrompts: 21, repeatedPrompts: [{ text: 'Question number 3, about 21?', rows: 2 }] });
  expect(report.promptScripts.map(({ script }) => script)).toContain('Cyrillic');
  expect(report.longest[0]).toMatchObject({ row: { index: 20 } });
  expect(report.promptLengths.count).toBe(22);
  expect(report.leaks?.same).toBe(0);
  expect(await ask('pairs.report', { task: 't3', versionId, splitId: null })).toMatchObject({ leaks: null });
});

test('long work is cancelled, and what was there stays', async () => {
  const versionId = examplesOf(unequal(3000));
  const splitting = ask('pairs.split', { task: 't1', projectId, versionId, ratio: 0.25, seed: 7, keepNearTogether: true });
  await ask('tasks.cancel', { id: 't1' });
  await expect(splitting).rejects.toMatchObject({ code: 'cancelled' });
  expect(getChoices(services.store, projectId)).toEqual(Choices.parse({}));
});
