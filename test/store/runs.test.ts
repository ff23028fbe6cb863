/** @file Runs, their queue and what can follow what. */
import { expect, test } from 'vitest';
import { forgetCheckpoint, latestCheckpoint, listCheckpoints, saveCheckpoint } from '#store/checkpoints.ts';
import {
  createRun,
  getRun,
  interruptRunningRuns,
  listQueue,
  listRuns,
  moveInQueue,
  recordProgress,
  setRunStatus,
  type RunStatus,
} from '#store/runs.ts';
import { listStoredFiles } from '#store/stored-files.ts';
import { sampleRun } from './sample-project.ts';
import { NOON, sampleDataset, sampleStore, storeErrorOf } from './sample-store.ts';

test('a run comes back as it was made, at the end of the queue', async () => {
  const store = await sampleStore();
  const { projectId } = sampleDataset(store);
  const first = sampleRun(store, projectId, { settings: { beta: 0.1, lora: { r: 8 }, target: ['q_proj'] } });
  const second = sampleRun(store, projectId, { totalSteps: 7 });
  expect(first).toMatchObject({
    status: 'queued',
    queuePosition: 1,
    lastStep: 0,
    totalSteps: null,
    createdAt: NOON,
    startedAt: null,
    error: null,
  });
  expect(first.settings).toEqual({ beta: 0.1, lora: { r: 8 }, target: ['q_proj'] });
  expect(getRun(store, first.id)).toEqual(first);
  expect(getRun(store, 99)).toBeNull();
  expect(listRuns(store, projectId)).toEqual([second, first]);
  expect(listQueue(store)).toEqual([first, second]);
});

test('times and the queue follow the status', async () => {
  let time = NOON;
  const store = await sampleStore({ now: () => time });
  const { id } = sampleRun(store, sampleDataset(store).projectId);
  time += 10;
  expect(setRunStatus(store, id, 'running')).toMatchObject({ startedAt: NOON + 10, endedAt: null, queuePosition: null });
  recordProgress(store, { runId: id, lastStep: 5, totalSteps: 20 });
  time += 10;
  expect(setRunStatus(store, id, 'interrupted')).toMatchObject({ startedAt: NOON + 10, endedAt: NOON + 20, lastStep: 5, totalSteps: 20 });
  time += 10;
  expect(setRunStatus(store, id, 'queued')).toMatchObject({ queuePosition: 1, endedAt: null });
  expect(setRunStatus(store, id, 'running')).toMatchObject({ startedAt: NOON + 10 });
  const error = { code: 'training-diverged', message: 'The loss is NaN.', details: { step: 6 } };
  expect(setRunStatus(store, id, 'failed', error)).toMatchObject({ status: 'failed', error, endedAt: NOON + 30 });
  expect(setRunStatus(store, id, 'running').error).toBeNull();
});

test.each<[RunStatus[], RunStatus]>([
  [[], 'completed'],
  [[], 'paused'],
  [['running', 'completed'], 'running'],
  [['running', 'completed'], 'queued'],
  [['running', 'stopped'], 'completed'],
  [['running', 'failed'], 'interrupted'],
])('after %j a run can not become %s', async (before, after) => {
  const store = await sampleStore();
  const { id } = sampleRun(store, sampleDataset(store).projectId);
  for (const status of before) setRunStatus(store, id, status);
  const error = storeErrorOf(() => setRunStatus(store, id, after));
  expect(error.reason).toBe('conflict');
  expect(error.message).toBe(`Run “first” is ${before.at(-1) ?? 'queued'}, so it can't become ${after}.`);
  expect(getRun(store, id)?.status).toBe(before.at(-1) ?? 'queued');
});

test('a run that does not exist, or would share its folder, is refused', async () => {
  const store = await sampleStore();
  const { projectId } = sampleDataset(store);
  const run = sampleRun(store, projectId);
  expect(storeErrorOf(() => setRunStatus(store, 99, 'running')).reason).toBe('not-found');
  expect(storeErrorOf(() => createRun(store, run)).reason).toBe('conflict');
  expect(storeErrorOf(() => sampleRun(store, 99)).reason).toBe('not-found');
});

test('the queue can be put in another order', async () => {
  const store = await sampleStore();
  const { projectId } = sampleDataset(store);
  const [a = 0, b = 0, c = 0] = Array.from({ length: 3 }, () => sampleRun(store, projectId).id);
  const order = (): number[] => listQueue(store).map(({ id }) => id);
  moveInQueue(store, c, a);
  expect(order()).toEqual([c, a, b]);
  moveInQueue(store, c, null);
  expect(order()).toEqual([a, b, c]);
  setRunStatus(store, b, 'running');
  expect(order()).toEqual([a, c]);
  expect(storeErrorOf(() => moveInQueue(store, b, null)).reason).toBe('conflict');
  expect(storeErrorOf(() => moveInQueue(store, a, b)).reason).toBe('conflict');
  sampleRun(store, projectId);
  expect(order().slice(0, 2)).toEqual([a, c]);
});

test('runs that were running or held when the program died are interrupted, others are not', async () => {
  const store = await sampleStore();
  const { projectId } = sampleDataset(store);
  const [a = 0, b = 0, c = 0] = Array.from({ length: 3 }, () => sampleRun(store, projectId).id);
  for (const id of [a, b]) setRunStatus(store, id, 'running');
  setRunStatus(store, b, 'paused');
  expect(interruptRunningRuns(store).map(({ id, status }) => [id, status])).toEqual([
    [a, 'interrupted'],
    [b, 'interrupted'],
  ]);
  expect(getRun(store, c)?.status).toBe('queued');
  expect(interruptRunningRuns(store)).toEqual([]);
});

test('checkpoints are listed by step, replaced at the same step, and forgotten with their files', async () => {
  const store = await sampleStore();
  const run = sampleRun(store, sampleDataset(store).projectId);
  const save = (step: number, file: string): number =>
    saveCheckpoint(store, { runId: run.id, step, folder: `${run.folder}/${step}`, files: [{ path: file, sha256: 'ab', bytes: 1 }] }).id;
  expect(latestCheckpoint(store, run.id)).toBeNull();
  const ten = save(10, 'runs/a');
  save(5, 'runs/b');
  expect(listCheckpoints(store, run.id).map(({ step }) => step)).toEqual([5, 10]);
  expect(latestCheckpoint(store, run.id)).toMatchObject({ id: ten, step: 10, folder: `${run.folder}/10`, createdAt: NOON });
  const again = save(10, 'runs/c');
  expect(listStoredFiles(store).map(({ path }) => path)).toEqual(['runs/b', 'runs/c']);
  forgetCheckpoint(store, again);
  expect(latestCheckpoint(store, run.id)?.step).toBe(5);
  expect(listStoredFiles(store).map(({ path }) => path)).toEqual(['runs/b']);
});
