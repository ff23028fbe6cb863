/** @file How far the steps of a project are, and what was chosen in them. */
import { expect, test } from 'vitest';
import { Choices } from '#contract/choices.ts';
import type { Step } from '#contract/steps.ts';
import { getChoices, setChoices } from '#projects/choices.ts';
import { duplicateProject } from '#projects/duplicate-project.ts';
import { listSteps } from '#projects/list-steps.ts';
import { deleteProject } from '#projects/project-contents.ts';
import { saveMeasurements } from '#store/measurements.ts';
import { createProject } from '#store/projects.ts';
import { setRunStatus } from '#store/runs.ts';
import { listSettings, setSetting } from '#store/settings.ts';
import { createSplit } from '#store/splits.ts';
import type { Store } from '#store/store.ts';
import { sampleProject } from '#test/store/sample-project.ts';
import { examples, importRows, sampleDataset, sampleStore } from '#test/store/sample-store.ts';

/** `state note`, by the step's name. */
function stepsOf(store: Store, projectId: number): Readonly<Record<Step['name'], string>> {
  const entries = listSteps(store, projectId).map(({ name, state, note }) => [name, `${state}: ${note}`]);
  return Object.fromEntries(entries) as Readonly<Record<Step['name'], string>>;
}

test('an empty project asks for data, and says what is blocked by that', async () => {
  const store = await sampleStore();
  const { id } = createProject(store, { name: 'Reviews' });
  expect(stepsOf(store, id)).toEqual({
    data: 'open: Add a file of rated answers.',
    pairs: 'blocked: Add data first.',
    model: 'open: Choose a model.',
    settings: 'done: Defaults.',
    train: 'blocked: Add data first.',
    chat: 'blocked: After the first run.',
    compare: 'blocked: After the first run.',
    export: 'blocked: After the first run.',
  });
});

test('data, a split, a model and settings bring a project to its first run', async () => {
  const store = await sampleStore();
  const { projectId, datasetId } = sampleDataset(store);
  const version = importRows(store, datasetId, examples(10));
  expect(stepsOf(store, projectId)).toMatchObject({
    data: 'done: 1 dataset, 10 rows.',
    pairs: 'open: Check duplicates, balance and what is held out.',
    train: 'blocked: Choose a model first.',
  });
  const split = createSplit(store, { versionId: version.id, name: 'default', settings: {}, heldOut: new Uint8Array([3, 0]) });
  setChoices(store, projectId, {
    data: { versionId: version.id, splitId: split.id },
    modelFolder: '/models/tiny',
    settings: { beta: 0.2 },
  });
  expect(stepsOf(store, projectId)).toMatchObject({
    pairs: 'done: 8 rows to train on, 2 held out.',
    model: 'done: tiny.',
    settings: 'done: 1 setting differs from its default.',
    train: 'open: Ready to start.',
  });
});

test('a run that is completed finishes training, and its adapter opens what comes after', async () => {
  const store = await sampleStore();
  const { projectId, run } = sampleProject(store);
  expect(stepsOf(store, projectId)).toMatchObject({ train: 'open: No run is completed yet.', chat: 'open: 1 adapter.' });
  setRunStatus(store, run.id, 'running');
  setRunStatus(store, run.id, 'completed');
  expect(stepsOf(store, projectId)).toMatchObject({ train: 'done: 1 completed run.', compare: 'open: 1 adapter.' });
  saveMeasurements(store, [
    { projectId, key: 'a', runId: run.id, value: {} },
    { projectId, key: 'b', runId: null, value: {} },
  ]);
  expect(stepsOf(store, projectId)).toMatchObject({ compare: 'done: 1 run was measured.', export: 'open: 1 adapter.' });
});

test('choices change one by one, and go with their project', async () => {
  const store = await sampleStore();
  const { id } = createProject(store, { name: 'Reviews' });
  expect(getChoices(store, id)).toEqual(Choices.parse({}));
  setChoices(store, id, { modelFolder: '/models/tiny' });
  setChoices(store, id, { settings: { desirable_weight: 1.5 } });
  expect(getChoices(store, id)).toEqual({
    data: null,
    modelFolder: '/models/tiny',
    adapterId: null,
    methods: ['kto'],
    settings: { desirable_weight: 1.5 },
    probePrompts: null,
  });
  await deleteProject(store, id, { deleteFiles: true });
  expect(listSettings(store)).toEqual({});
  expect(() => getChoices(store, id)).toThrow(/no project/i);
});

test('a copy of a project has its model and settings, but chooses rows of its own', async () => {
  const store = await sampleStore();
  const { projectId } = sampleDataset(store);
  setChoices(store, projectId, { data: { versionId: 1, splitId: null }, modelFolder: '/models/tiny', settings: { beta: 0.2 } });
  const copy = await duplicateProject(store, projectId, 'Copy');
  expect(getChoices(store, copy.id)).toEqual({
    data: null,
    modelFolder: '/models/tiny',
    adapterId: null,
    methods: ['kto'],
    settings: { beta: 0.2 },
    probePrompts: null,
  });
});

test('choices of a version that knew others are as if nothing was chosen', async () => {
  const store = await sampleStore();
  const { id } = createProject(store, { name: 'Reviews' });
  setSetting(store, `choices of project ${id}`, { modelFolder: 7 });
  expect(getChoices(store, id)).toEqual(Choices.parse({}));
});
