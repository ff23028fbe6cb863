/** @file Runs side by side through the contract: what is compared, measured and answered, on two tiny runs trained for real. */
import { appendFile, cp, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { InputArguments, RequestName, RequestOutput } from '#contract/index.ts';
import { createDataset } from '#store/datasets.ts';
import { listModels, saveModel } from '#store/models.ts';
import { createProject } from '#store/projects.ts';
import { createRun, getRun, setRunStatus } from '#store/runs.ts';
import { deleteWithFiles } from '#store/delete-with-files.ts';
import { ask as askMain } from '#test/support/ask.ts';
import { importRows } from '#test/store/sample-store.ts';
import { completedRun, makeComparedProject, pairAt, type ComparedProject } from '#test/support/compared-runs.ts';
import { EXPORT_BASE } from '#test/support/export-runs.ts';
import { fakeServices, type FakeServices } from '#test/support/fake-services.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

interface Opened extends ComparedProject {
  readonly services: FakeServices;
  readonly ask: <N extends RequestName>(name: N, ...input: InputArguments<N>) => Promise<RequestOutput<N>>;
}

let task = 0;
const newTask = (): string => `task-${++task}`;

async function open(): Promise<Opened> {
  const services = await fakeServices();
  return {
    services,
    ...(await makeComparedProject(services.store)),
    ask: (name, ...input) => askMain(services, name, ...input),
  };
}

/** Processes are started one after the other, which a busy machine takes its time for. */
const PATIENCE = { timeout: 60_000 };
/** Little, so that tests are quick. */
const QUICK = { answers: 2, maxNewTokens: 6, prompts: 2, answerTokens: 8 };

test('the two that were started together are chosen, on the pairs that were held out from them', async () => {
  const { ask, projectId, ktoId, dpoId, versionId, splitId } = await open();
  const shown = await ask('comparisons.get', { projectId });
  expect(shown.chosen).toEqual([ktoId, dpoId]);
  expect(shown.candidates.map(({ run, problem, partnerId }) => [run.id, problem, partnerId])).toEqual([
    [dpoId, null, ktoId],
    [ktoId, null, dpoId],
  ]);
  expect(shown.pairs).toEqual({ versionId, splitId });
  expect(shown.offered).toMatchObject([
    { versionId, splitId, pairs: 4, note: null },
    { versionId, splitId: null, pairs: 12, note: 'KTO 1 and DPO 1 were trained on most of these pairs, so the figures flatter.' },
  ]);
  expect(await ask('comparisons.findPartner', { runId: ktoId })).toBe(dpoId);
  expect((await ask('comparisons.readSettings', { runIds: [ktoId, dpoId] })).filter(({ differs }) => differs)).toEqual([
    { name: 'method', values: ['kto', 'dpo'], differs: true },
    { name: 'loss_type', values: ['kto', 'sigmoid'], differs: true },
  ]);
});

test('models are measured once and kept one by one, whatever cancels it, and never taken for what they are not', PATIENCE, async () => {
  const { ask, services, projectId, ktoId, dpoId, adapterDirs } = await open();
  await ask('comparisons.choose', { projectId, changes: { settings: QUICK } });
  const before = await ask('comparisons.read', { projectId });
  expect(before).toMatchObject({ runIds: [ktoId, dpoId], pairCount: 4, missing: 3, figures: [], verdict: null });

  const id = newTask();
  services.hub.subscribe(({ name, payload }) => {
    if (name !== 'tasks.changed') return;
    const running = (payload as { tasks: { id: string; title: string; cancelling: boolean }[] }).tasks.find((other) => other.id === id);
    if (running?.title.endsWith('with KTO 1') && !running.cancelling) setImmediate(() => services.tasks.cancel(id));
  });
  await expect(ask('comparisons.measure', { task: id, projectId })).rejects.toMatchObject({ code: 'cancelled' });
  expect(await ask('comparisons.read', { projectId })).toMatchObject({ missing: 2, figures: [] });
  expect(services.told).toContainEqual({ name: 'comparisons.changed', payload: { projectId } });

  const after = await ask('comparisons.measure', { task: newTask(), projectId });
  expect(after).toMatchObject({ missing: 0, verdict: { betterId: null } });
  const figures = new Map(after.figures.map((figure) => [figure.key, figure]));
  expect([...figures.keys()]).toEqual([
    'rewards/accuracies',
    'rewards/margins',
    'rewards/chosen',
    'rewards/rejected',
    'eval_loss',
    'kl',
    'kl_per_token',
    'answer_tokens',
    'distinct_1',
    'distinct_2',
  ]);
  expect(figures.get('rewards/accuracies')?.runs.map((cell) => cell?.value)).toEqual([1, 1]);
  for (const { runs } of after.figures) for (const cell of runs) expect(cell?.low).toBeLessThanOrEqual(cell?.high ?? NaN);
  expect(figures.get('rewards/margins')?.base).toBeNull();
  expect(figures.get('answer_tokens')?.base?.value).toBeGreaterThan(0);
  expect(after.verdict?.text).toMatch(/On 4 held-out pairs .* within noise/);
  const titles = services.told.flatMap(({ name, payload }) =>
    name === 'tasks.changed' ? (payload as { tasks: { title: string }[] }).tasks.map(({ title }) => title) : [],
  );
  expect([...new Set(titles)]).toEqual(expect.arrayContaining(['Scoring pairs with the base model', 'Answering with DPO 1']));
  // What was written for the processes is gone again.
  expect(await readdir(join(services.dataDir, 'cache', 'comparisons'))).toEqual([]);

  // Known at once; β only says how rewards are read.
  expect((await ask('comparisons.read', { projectId })).figures).toEqual(after.figures);
  await ask('comparisons.choose', { projectId, changes: { settings: { beta: 0.2 } } });
  const doubled = await ask('comparisons.read', { projectId });
  const margin = (measured: typeof after): number => measured.figures.find(({ key }) => key === 'rewards/margins')?.runs[0]?.value ?? NaN;
  expect(margin(doubled)).toBeCloseTo(2 * margin(after), 9);

  // Another length, another seed, another adapter: not measured.
  await ask('comparisons.choose', { projectId, changes: { settings: { maxLength: 16 } } });
  expect(await ask('comparisons.read', { projectId })).toMatchObject({ missing: 3, figures: [] });
  await ask('comparisons.choose', { projectId, changes: { settings: { maxLength: null } } });
  // Weights whose hash was forgotten are read once more, by the first process; what else is known is not measured again.
  await rm(join(services.dataDir, 'cache', 'hashes'), { recursive: true });
  expect(await ask('comparisons.read', { projectId })).toMatchObject({ missing: 3 });
  services.told.length = 0;
  expect(await ask('comparisons.measure', { task: newTask(), projectId })).toMatchObject({ missing: 0 });
  expect(JSON.stringify(services.told)).not.toContain('with KTO 1');
  await appendFile(join(adapterDirs[0], 'adapter_config.json'), ' ');
  expect(await ask('comparisons.read', { projectId })).toMatchObject({ missing: 1, verdict: null });
});

test('prompts are answered by the base model and by each run with one seed, and stand in a report of everything', PATIENCE, async () => {
  const { ask, services, projectId, adapterDirs } = await open();
  await ask('comparisons.choose', { projectId, changes: { settings: QUICK } });
  expect(await ask('comparisons.listAnswers', { projectId })).toMatchObject({ missing: 6, more: 2 });
  const first = await ask('comparisons.answer', { task: newTask(), projectId });
  expect(first).toMatchObject({ missing: 0, more: 2 });
  expect(first.prompts.map(({ prompt }) => prompt)).toEqual(['Question 8? ', 'Question 9? ']);
  for (const { base, runs } of first.prompts) {
    for (const answer of [base, ...runs]) expect(answer).toMatchObject({ text: expect.any(String), tokens: expect.any(Number) });
  }
  await expect(ask('comparisons.report', { projectId, format: 'html' })).rejects.toThrow(/KTO 1 was not measured yet/);
  await ask('comparisons.measure', { task: newTask(), projectId });
  const { fileName, text } = await ask('comparisons.report', { projectId, format: 'html' });
  expect(fileName).toBe('KTO-1-vs-DPO-1.html');
  expect(text.match(/<svg /g)).toHaveLength(4);
  expect(text).toContain('Answers to the same prompts');
  expect((await ask('comparisons.report', { projectId, format: 'csv' })).text).toMatch(/^figure,KTO 1,KTO 1 low,KTO 1 high,DPO 1/);
  const path = join(services.dataDir, 'report.json');
  await ask('comparisons.saveReport', { projectId, format: 'json', path });
  expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ runs: [{ name: 'KTO 1' }, { name: 'DPO 1' }], votes: [] });
  await rm(join(adapterDirs[0], 'adapter_model.safetensors'));
  await expect(ask('comparisons.read', { projectId })).rejects.toThrow(/adapter_model\.safetensors: it does not exist/);
});

test('what can’t be measured says why, and is compared by its curves and settings even so', async () => {
  const { ask, services, projectId, versionId, splitId, ktoId, dpoId } = await open();
  const { store } = services;
  const other = await temporaryFolder();
  await cp(EXPORT_BASE, other, { recursive: true });
  const otherModel = saveModel(store, { path: other, name: 'other', sha256: null, facts: {} }).id;
  const run = { projectId, versionId, splitId, method: 'kto' } as const;
  const foreign = completedRun(store, { ...run, modelId: otherModel, folder: join(store.folder.runs, 'foreign'), name: 'KTO 2' });
  const modelId = getRun(store, ktoId)?.modelId ?? 0;
  const stopped = createRun(store, { ...run, modelId, name: 'KTO 3', settings: {}, folder: 'runs/x', engine: 'x', totalSteps: 6 }).id;
  setRunStatus(store, stopped, 'running');
  setRunStatus(store, stopped, 'stopped');
  const shown = await ask('comparisons.choose', { projectId, changes: { runIds: [ktoId, dpoId, foreign, stopped] } });
  expect(shown.candidates.map(({ problem }) => problem)).toEqual([
    'It was stopped; resume it to the end to measure it.',
    "It was made from other, and KTO 1 from base: log-probabilities of different models can't be compared.",
    null,
    null,
  ]);
  expect(shown.chosen).toEqual([ktoId, dpoId, foreign, stopped]);
  expect((await ask('comparisons.read', { projectId })).runIds).toEqual([ktoId, dpoId]);
  expect(listModels(store)).toHaveLength(2);
});

test('a run is added beside those that are chosen, or with its partner', async () => {
  const { ask, services, projectId, versionId, ktoId, dpoId } = await open();
  const modelId = getRun(services.store, ktoId)?.modelId ?? 0;
  const alone = { projectId, versionId, splitId: null, modelId, method: 'kto', name: 'KTO 2', folder: '/nowhere' } as const;
  const third = completedRun(services.store, alone);
  expect((await ask('comparisons.add', { projectId, runId: third })).chosen).toEqual([ktoId, dpoId, third]);
  expect((await ask('comparisons.add', { projectId, runId: dpoId })).chosen).toEqual([ktoId, dpoId]);
  expect(await ask('comparisons.findPartner', { runId: third })).toBeNull();
  await expect(ask('comparisons.add', { projectId, runId: 999 })).rejects.toThrow(/no run 999/);
  await expect(ask('comparisons.choose', { projectId, changes: { runIds: [1, 1] } })).rejects.toThrow(/Each run once/);
});

test('a project without runs has nothing to compare; one without pairs has nothing to measure on', async () => {
  const services = await fakeServices();
  const empty = createProject(services.store, { name: 'Empty' }).id;
  expect(await askMain(services, 'comparisons.get', { projectId: empty })).toMatchObject({
    candidates: [],
    chosen: [],
    offered: [],
    pairs: null,
  });
  expect(await askMain(services, 'comparisons.read', { projectId: empty })).toMatchObject({ runIds: [], pairCount: 0, missing: 0 });
  await expect(askMain(services, 'comparisons.report', { projectId: empty, format: 'html' })).rejects.toThrow(/nothing to report on yet/);
  await expect(askMain(services, 'comparisons.get', { projectId: 77 })).rejects.toThrow(/no project 77/);
});

test('the chosen pairs may be any dataset’s, and a dataset that is deleted is forgotten', async () => {
  const { ask, services, projectId, versionId, splitId } = await open();
  const { id: datasetId } = createDataset(services.store, { projectId, name: 'Others', kind: 'pair' });
  const others = importRows(services.store, datasetId, [pairAt(20), pairAt(21)]).id;
  const chosen = { versionId: others, splitId: null };
  expect((await ask('comparisons.choose', { projectId, changes: { pairs: chosen } })).pairs).toEqual(chosen);
  expect((await ask('comparisons.read', { projectId })).pairCount).toBe(2);
  deleteWithFiles(services.store, 'dataset', datasetId);
  expect((await ask('comparisons.get', { projectId })).pairs).toEqual({ versionId, splitId });
});
