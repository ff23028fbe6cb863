/** @file The parts of a run's supervision that need no process. */
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, test, vi } from 'vitest';
import { LiveState } from '#runs/live-state.ts';
import { stepMetrics, toRunSteps } from '#runs/metric-batch.ts';
import { Pace } from '#runs/pace.ts';
import { readMetricsPage, type MetricsPage } from '#runs/read-metrics.ts';
import { runHints } from '#runs/run-hints.ts';
import { appendLog, readLog } from '#runs/run-log.ts';
import { runProblem } from '#runs/run-problem.ts';
import { readSamples } from '#runs/run-samples.ts';
import { watchSilence } from '#runs/watch-silence.ts';
import { writeProbes } from '#runs/write-probes.ts';
import { writeRows } from '#runs/write-rows.ts';
import { createSplit } from '#store/splits.ts';
import { writeMetrics } from '#store/metrics.ts';
import { getRun, recordProgress } from '#store/runs.ts';
import { sampleRun } from '#test/store/sample-project.ts';
import { example, importRows, sampleDataset, sampleStore } from '#test/store/sample-store.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

describe('pace', () => {
  it('is what was done of late, and nothing before it is known', () => {
    const pace = new Pace();
    expect(pace.perSecond).toBeNull();
    pace.add(0, 0);
    expect(pace.perSecond).toBeNull();
    pace.add(10, 1000);
    expect(pace.perSecond).toBe(10);
    for (let second = 2; second <= 120; second++) pace.add(10 + 2 * (second - 1), second * 1000);
    expect(pace.perSecond).toBeCloseTo(2, 9);
  });

  it('forgets what was before a sleep or a return to an earlier place', () => {
    const pace = new Pace();
    pace.add(0, 0);
    pace.add(100, 1000);
    pace.add(101, 3_600_000);
    expect(pace.perSecond).toBeNull();
    pace.add(103, 3_601_000);
    expect(pace.perSecond).toBe(2);
    pace.add(4, 3_602_000);
    expect(pace.perSecond).toBeNull();
  });
});

describe('what a run is doing', () => {
  it('does not count pauses as computing', () => {
    let now = 0;
    const live = new LiveState(() => now, { earlierMs: 5000, lastStep: 3, totalSteps: null });
    now = 1000;
    live.hold(true);
    now = 61_000;
    expect(live.computedMs).toBe(6000);
    live.hold(false);
    now = 62_000;
    expect(live.computedMs).toBe(7000);
  });

  it('tells the time left of the run from its steps, evaluations included', () => {
    let now = 0;
    const live = new LiveState(() => now, { earlierMs: 0, lastStep: 0, totalSteps: null });
    const plan = { trainRows: 8, evalRows: 0, droppedRows: 0, truncatedRows: 0, trainableParameters: 1, longestRowTokens: 9 };
    live.begin({ kind: 'plan', method: 'kto', steps: 10, stepsDone: 0, engine: 'onnx:cpu', device: null, ...plan });
    for (let step = 1; step <= 4; step++) {
      now += 2000;
      live.report({ kind: 'progress', phase: 'Training', done: step, total: 10, unit: 'steps' });
      live.reach(step, step * 100);
    }
    expect(live.toLive(0)).toMatchObject({ step: 4, totalSteps: 10, remainingMs: 12_000, tokensPerSecond: 50, perSecond: 0.5 });
    live.report({ kind: 'progress', phase: 'Evaluating', done: 1, total: 3, unit: 'batches' });
    expect(live.toLive(0)).toMatchObject({ phase: 'Evaluating', perSecond: null, remainingMs: 12_000 });
  });
});

test('a step is its own key, and what is no number is null on its way to the window', () => {
  const metrics = stepMetrics({ step: 3, loss: NaN, kl: Infinity, epoch: 0.5 }, { train_runtime: 1 });
  expect(metrics).toEqual({ step: 3, values: { loss: NaN, kl: Infinity, epoch: 0.5, train_runtime: 1 } });
  expect(toRunSteps(metrics)).toEqual({ step: 3, values: { loss: null, kl: null, epoch: 0.5, train_runtime: 1 } });
});

test('rows of every form become lines that training reads', async () => {
  const store = await sampleStore();
  const { datasetId } = sampleDataset(store);
  const message = [{ role: 'user', content: 'Hi' }];
  const version = importRows(store, datasetId, [
    example(1),
    example(2, {
      form: 'chat',
      prompt: JSON.stringify(message),
      completion: JSON.stringify([{ role: 'assistant', content: 'Ho' }]),
      options: JSON.stringify({ tools: [], templateKwargs: { thinking: false } }),
    }),
    example(3, { form: 'tokens', prompt: '[1,2]', completion: '[3]', options: JSON.stringify({ tools: null, templateKwargs: {} }) }),
    example(4, { label: null, rejected: 'No.' }),
  ]);
  const folder = await temporaryFolder();
  const counted: number[] = [];
  const signal = new AbortController().signal;
  const files = await writeRows(
    store,
    { versionId: version.id, splitId: null },
    { folder, signal, onProgress: (rows) => counted.push(rows) },
  );
  expect(files.evalDataFile).toBeNull();
  expect(counted).toEqual([4]);
  const lines = readFileSync(files.dataFile, 'utf8').trim().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { prompt: 'Question 1?', completion: 'Answer 1.', label: true },
    {
      prompt: message,
      completion: [{ role: 'assistant', content: 'Ho' }],
      label: true,
      tools: [],
      chat_template_kwargs: { thinking: false },
    },
    { prompt_ids: [1, 2], completion_ids: [3], label: false },
    { prompt: 'Question 4?', chosen: 'Answer 4.', rejected: 'No.' },
  ]);
});

const model = { maxPositions: 512, vocabSize: 32_000 };

test('probes are the first different prompts that training does not see', async () => {
  const store = await sampleStore();
  const { datasetId } = sampleDataset(store);
  const prompts = ['a', 'a', 'b', 'c', 'd', 'e', 'f', 'g'];
  const version = importRows(
    store,
    datasetId,
    prompts.map((prompt, index) => example(index, { prompt })),
  );
  const split = createSplit(store, { versionId: version.id, name: 'mine', settings: {}, heldOut: new Uint8Array([0b11111010]) });
  const read = (file: string | null): unknown[] =>
    readFileSync(file ?? '', 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
  const [folder, other] = [await temporaryFolder(), await temporaryFolder()];
  const file = await writeProbes(store, { versionId: version.id, splitId: split.id }, { folder, model });
  expect(read(file)).toEqual([{ prompt: 'a' }, { prompt: 'c' }, { prompt: 'd' }]);
  expect(await writeProbes(store, { versionId: version.id, splitId: null }, { folder, model })).toBe(file);
  expect(read(file)).toEqual([{ prompt: 'a' }, { prompt: 'c' }, { prompt: 'd' }]);
  expect(read(await writeProbes(store, { versionId: version.id, splitId: null }, { folder: other, model }))).toEqual([
    { prompt: 'a' },
    { prompt: 'b' },
    { prompt: 'c' },
  ]);
});

test('what a model might not read, and what asks nothing, is no probe', async () => {
  const store = await sampleStore();
  const { datasetId } = sampleDataset(store);
  const version = importRows(store, datasetId, [
    example(1, { form: 'tokens', prompt: '[1]', completion: '[2]' }),
    example(2, { prompt: 'x'.repeat(2000) }),
    example(3, { prompt: '  ' }),
    example(4, { form: 'chat', prompt: '[{"role":"assistant","content":"Hi"}]', completion: '[]' }),
  ]);
  expect(await writeProbes(store, { versionId: version.id, splitId: null }, { folder: await temporaryFolder(), model })).toBeNull();
});

test('metrics come in pages that together are everything', async () => {
  const store = await sampleStore();
  const { id } = sampleRun(store, sampleDataset(store).projectId);
  const steps = Array.from({ length: 12_000 }, (_, index) => ({ step: index + 1, values: { loss: index === 5 ? NaN : 1 / (index + 1) } }));
  writeMetrics(store, id, [...steps, { step: 6000, values: { eval_loss: 0.25 } }]);
  recordProgress(store, { runId: id, lastStep: 12_000, totalSteps: 12_000 });
  const pages: MetricsPage[] = [];
  for (let from: number | null = 0; from !== null; from = pages.at(-1)?.nextStep ?? null)
    pages.push(await readMetricsPage(store, id, from));
  const all = pages.flatMap(({ series }) => series);
  expect(all.filter(({ key }) => key === 'loss').flatMap((series) => series.steps)).toEqual(steps.map(({ step }) => step));
  expect(all.filter(({ key }) => key === 'eval_loss')).toEqual([{ key: 'eval_loss', steps: [6000], values: [0.25] }]);
  expect(all.find(({ key }) => key === 'loss')?.values.slice(4, 7)).toEqual([0.2, null, 1 / 7]);
  expect(pages).toHaveLength(3);
  await expect(readMetricsPage(store, 99, 0)).rejects.toThrow(/run/);
});

test('hints come from everything that was measured', async () => {
  const store = await sampleStore();
  const { id } = sampleRun(store, sampleDataset(store).projectId, { settings: { per_device_train_batch_size: 2 } });
  const steps = Array.from({ length: 40 }, (_, index) => ({ step: index + 1, values: { kl: 0, 'rewards/margins': 0.001 } }));
  writeMetrics(store, id, steps);
  recordProgress(store, { runId: id, lastStep: 40, totalSteps: 60 });
  const hints = await runHints(store, getRun(store, id)!);
  expect(hints.map(({ group, kind }) => [group, kind])).toEqual([
    ['rewards', 'warning'],
    ['kl', 'note'],
  ]);
  expect(hints[0]?.text).toContain('After 40 of 60 steps');
  expect(hints[1]?.text).toContain('Batches this small');
});

test('a log is read back without a line that was cut, and a folder that is gone is no error', async () => {
  const folder = await temporaryFolder();
  expect(appendLog(folder, { at: 1, kind: 'info', text: 'Begun.' })).toBe(true);
  const { appendFileSync } = await import('node:fs');
  appendFileSync(`${folder}/log.jsonl`, '{"at":2,"ki');
  appendFileSync(`${folder}/samples.jsonl`, '{"step":0,"prompt":"Hi","answer":"Ho"}\n{"step":');
  expect(readLog(folder)).toEqual([{ at: 1, kind: 'info', text: 'Begun.' }]);
  expect(await readSamples(folder)).toEqual([{ step: 0, prompt: 'Hi', answer: 'Ho' }]);
  expect(appendLog('/nowhere', { at: 1, kind: 'info', text: 'Begun.' })).toBe(false);
  expect(readLog('/nowhere')).toEqual([]);
  expect(await readSamples('/nowhere')).toEqual([]);
});

test('only a run that ended before its time has a problem', () => {
  expect(runProblem('stopped', { code: 'storage', message: 'x' })).toBeNull();
  expect(runProblem('interrupted', null)).toMatchObject({ title: 'Interrupted', message: /killed, or the power went/ });
  expect(runProblem('failed', { code: 'settings', message: 'The model changed.' })?.advice.join(' ')).toMatch(/Put back the model/);
});

describe('a silent process', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is ended after half an hour, but not because the machine slept', () => {
    const job = { silentForMs: 0 };
    const hung = vi.fn<(text: string) => void>();
    watchSilence(job, hung);
    job.silentForMs = 8 * 3_600_000; // the clock went on while it slept
    vi.advanceTimersByTime(29 * 60_000);
    expect(hung).not.toHaveBeenCalled();
    job.silentForMs = 100;
    vi.advanceTimersByTime(5000);
    job.silentForMs = 8 * 3_600_000;
    vi.advanceTimersByTime(29 * 60_000);
    expect(hung).not.toHaveBeenCalled();
    vi.advanceTimersByTime(60_000);
    expect(hung).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('said nothing for 30 minutes'));
    vi.advanceTimersByTime(3_600_000);
    expect(hung).toHaveBeenCalledOnce();
  });
});
