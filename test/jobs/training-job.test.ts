import { readdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { OutputBusyError, SettingsError, StorageError, TrainingDivergedError } from '#contract/errors.ts';
import { readAdapterFolder } from '#io/adapter-folder.ts';
import { trainingJob } from '#jobs/training-job.ts';
import type { TrainingRequest } from '#jobs/training-request.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import {
  BASE_MODEL,
  eventsOf,
  FINISHED_FILES,
  outcomeOf,
  requestFor,
  runJob,
  tokenExamples,
  tokenPairs,
  writeRows,
} from '#test/support/training-runs.ts';

/** Trained: r 4, alpha 8 on q_proj, v_proj and down_proj. */
const ADAPTER = join(BASE_MODEL, '../kto_default/adapter_final');
const SETTINGS = { per_device_train_batch_size: 4, num_train_epochs: 1, learning_rate: 1e-2 };

let folder: string;
let examples: string;
let pairs: string;
beforeAll(async () => {
  folder = await temporaryFolder();
  examples = await writeRows(folder, tokenExamples(12), 'examples.jsonl');
  pairs = await writeRows(folder, tokenPairs(12), 'pairs.jsonl');
});

let runs = 0;
function request(more: Partial<TrainingRequest> = {}): TrainingRequest {
  const outDir = join(folder, `run-${++runs}`);
  return requestFor({ dataFile: examples, outDir, cacheDir: join(folder, 'cache'), ...more, settings: { ...SETTINGS, ...more.settings } });
}

describe('a training job', () => {
  it('tells its plan, then what happens, and leaves an adapter, metrics and a record', async () => {
    const job = request({ settings: { eval_ratio: 0.25, save_steps: 1 } });
    const events = await runJob(job);
    const milestones = events.map(({ kind }) => kind).filter((kind) => !['progress', 'note', 'warning'].includes(kind));
    expect(milestones.join(' ')).toBe('plan log checkpoint log checkpoint log evaluation checkpoint finished');
    expect(eventsOf(events, 'plan')).toEqual([
      {
        kind: 'plan',
        method: 'kto',
        trainRows: 9,
        evalRows: 3,
        droppedRows: 0,
        truncatedRows: 0,
        steps: 3,
        stepsDone: 0,
        trainableParameters: 1792,
        longestRowTokens: 7,
        engine: 'onnx:cpu',
        device: expect.any(String) as string,
      },
    ]);
    expect(await readdir(job.outDir)).toEqual([...FINISHED_FILES, 'checkpoint-2', 'checkpoint-3'].toSorted());
    const metrics = (await readFile(join(job.outDir, 'metrics.jsonl'), 'utf8')).trimEnd().split('\n');
    const told = events.flatMap((event) => (event.kind === 'log' || event.kind === 'evaluation' ? [JSON.stringify(event.entry)] : []));
    expect(metrics).toEqual(told);
    expect(JSON.parse(await readFile(join(job.outDir, 'run.json'), 'utf8'))).toMatchObject({
      status: 'finished',
      settings: { method: 'kto', learning_rate: 0.01, eval_ratio: 0.25 },
      model: { dir: BASE_MODEL, architecture: 'llama', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
      data: { file: examples, rows: 9 },
      eval_data: { file: null, rows: 3 },
      adapter_init: null,
      backend: expect.stringMatching(/^onnxruntime \d/) as string,
      steps: { done: 3, total: 3 },
      result: { train_loss: eventsOf(events, 'finished')[0]?.trainLoss },
    });
    const checkpoint = await readAdapterFolder(join(job.outDir, 'checkpoint-3'));
    expect((await readAdapterFolder(job.outDir)).tensors).toEqual(checkpoint.tensors);
  });

  it('gives the same adapter every time, and another for another seed', async () => {
    const jobs = [request(), request(), request({ settings: { seed: 1 } })];
    for (const job of jobs) await runJob(job);
    const [first, again, other] = await Promise.all(jobs.map(({ outDir }) => outcomeOf(outDir)));
    expect(again).toEqual(first);
    expect(other?.adapter).not.toBe(first?.adapter);
  });

  it('evaluates on a file of its own, and on as many held-out prompts as asked', async () => {
    const job = request({ evalDataFile: await writeRows(folder, tokenExamples(5), 'eval.jsonl'), settings: { eval_ratio: 0.5 } });
    expect(eventsOf(await runJob(job), 'plan')).toMatchObject([{ trainRows: 12, evalRows: 5 }]);
    const record = JSON.parse(await readFile(join(job.outDir, 'run.json'), 'utf8')) as Record<string, unknown>;
    expect(record['eval_data']).toMatchObject({ file: join(folder, 'eval.jsonl'), rows: 5 });
    const dpo = await runJob(request({ dataFile: pairs, settings: { method: 'dpo', eval_ratio: 0.5 } }));
    expect(eventsOf(dpo, 'plan')).toMatchObject([{ method: 'dpo', trainRows: 6, evalRows: 6 }]);
    expect(eventsOf(dpo, 'evaluation')).toHaveLength(1);
  });

  it('stopped at once has made nothing', async () => {
    const job = request();
    expect(await runJob(job, { signal: AbortSignal.abort() })).toEqual([{ kind: 'stopped', step: 0, checkpointDir: null }]);
    expect(await readdir(folder)).not.toContain(job.outDir.split('/').at(-1));
  });

  it('stopped while the model is loaded leaves nothing but the cache', async () => {
    const job = request({ cacheDir: await temporaryFolder() });
    const events = await runJob(job, { stopAt: (event) => event.kind === 'progress' && event.phase === 'Loading model' });
    expect(events.at(-1)).toEqual({ kind: 'stopped', step: 0, checkpointDir: null });
    expect(await readdir(job.outDir).catch(() => 'none')).toBe('none');
  });
});

describe('a run that diverges', () => {
  it('says so, records it, and keeps the checkpoint before', async () => {
    const job = request({ settings: { learning_rate: 1e38, save_steps: 1 } });
    const run = runJob(job);
    await expect(run).rejects.toThrow(TrainingDivergedError);
    await expect(run).rejects.toThrow(/^Training stopped at step 2 because the .* became /);
    expect(await readdir(job.outDir)).toEqual(['checkpoint-1', 'metrics.jsonl', 'reference_logps.safetensors', 'run.json']);
    expect(JSON.parse(await readFile(join(job.outDir, 'run.json'), 'utf8'))).toMatchObject({ status: 'failed', steps: { done: 1 } });
  });
});

describe('an initial adapter', () => {
  it.each([
    ['kto', 0.5],
    ['dpo', Math.LN2],
  ] as const)('is the reference of a %s run: its first loss is %d', async (method, loss) => {
    // Of its own: the other method packs rows differently, and its reference log-probabilities may differ in their last bit.
    const job = request({ dataFile: pairs, adapterInitDir: ADAPTER, cacheDir: await temporaryFolder(), settings: { method } });
    const events = await runJob(job);
    const [first] = eventsOf(events, 'log');
    expect(first?.entry['loss']).toBe(loss);
    expect(first?.entry['rewards/chosen']).toBe(0);
    const { config } = await readAdapterFolder(job.outDir);
    expect(config).toMatchObject({ r: 4, loraAlpha: 8, targetModules: (await readAdapterFolder(ADAPTER)).config.targetModules });
    expect(eventsOf(events, 'plan')).toMatchObject([{ trainableParameters: 1664 }]);
  });

  it('is the reference of a dpo run that finds the log-probabilities of a kto run', async () => {
    const job = { dataFile: pairs, adapterInitDir: ADAPTER, cacheDir: await temporaryFolder() };
    await runJob(request({ ...job, settings: { method: 'kto' } }));
    const events = await runJob(request({ ...job, settings: { method: 'dpo' } }));
    const caching = eventsOf(events, 'progress').filter(({ phase }) => phase === 'Caching reference log-probabilities');
    expect(caching.filter(({ done, total }) => done !== total)).toEqual([]);
    expect(eventsOf(events, 'log')[0]?.entry['loss']).toBeCloseTo(Math.LN2, 6);
  });

  it('begins elsewhere than a fresh one', async () => {
    const first = async (adapterInitDir: string | null) =>
      eventsOf(await runJob(request({ adapterInitDir })), 'log')[0]?.entry['logps/chosen'];
    expect(await first(ADAPTER)).not.toBeCloseTo((await first(null)) ?? 0, 3);
  });
});

describe('a resumed run', () => {
  /** Stopped after its first step. */
  async function stopped(more: Partial<TrainingRequest> = {}): Promise<TrainingRequest> {
    const job = request(more);
    const events = await runJob(job, { stopAt: (event) => event.kind === 'log' });
    expect(events.at(-1)).toMatchObject({ kind: 'stopped', step: 1 });
    return { ...job, resume: true };
  }

  it('takes evaluation file and initial adapter from the run it continues', async () => {
    const evalDataFile = await writeRows(folder, tokenExamples(5), 'eval-2.jsonl');
    const whole = request({ evalDataFile, adapterInitDir: ADAPTER });
    await runJob(whole);
    const job = await stopped({ evalDataFile, adapterInitDir: ADAPTER });
    await runJob({ ...job, evalDataFile: null, adapterInitDir: null, settings: {} });
    expect(await outcomeOf(job.outDir)).toEqual(await outcomeOf(whole.outDir));
  });

  it('refuses other rows to evaluate on, and another initial adapter', async () => {
    const evalDataFile = await writeRows(folder, tokenExamples(5), 'eval-3.jsonl');
    const job = await stopped({ evalDataFile });
    await writeRows(folder, tokenExamples(6), 'eval-3.jsonl');
    await expect(runJob(job)).rejects.toThrow(SettingsError);
    await expect(runJob(job)).rejects.toThrow(
      'The evaluation rows changed since the run began. Restore what was used then, or start a new run.',
    );
    await writeRows(folder, tokenExamples(5), 'eval-3.jsonl');
    await expect(runJob({ ...job, adapterInitDir: ADAPTER })).rejects.toThrow('The initial adapter changed since the run began.');
    expect((await runJob(job)).at(-1)?.kind).toBe('finished');
  });
});

describe('an output folder', () => {
  it('is kept by one run at a time, and given back', async () => {
    const job = request();
    const first = trainingJob(job, { signal: new AbortController().signal });
    for await (const event of first) {
      if (event.kind !== 'plan') continue;
      const second = runJob(request({ outDir: job.outDir }));
      await expect(second).rejects.toThrow(OutputBusyError);
      await expect(second).rejects.toThrow(`Another run (process ${process.pid}) is writing to ${job.outDir}.`);
      await expect(runJob(request({ outDir: job.outDir, resume: true }))).rejects.toThrow(`process ${process.pid}`);
    }
    const third = runJob(request({ outDir: job.outDir }));
    await expect(third).rejects.toThrow(`${job.outDir} already holds a run. Continue it with --resume, or choose another output folder.`);
  });

  it('is given back by a run that nobody listens to any more', async () => {
    const job = request();
    for await (const event of trainingJob(job, { signal: new AbortController().signal })) {
      if (event.kind === 'progress' && event.phase.startsWith('Caching')) break;
    }
    expect((await runJob({ ...job, resume: true })).at(-1)?.kind).toBe('finished');
    expect(await readdir(job.outDir)).toEqual([...FINISHED_FILES, 'checkpoint-3'].toSorted());
  });

  it('is taken over from a run that was killed', async () => {
    const job = request();
    await runJob(job, { stopAt: (event) => event.kind === 'log' });
    await writeFile(join(job.outDir, '.prospect-lock'), JSON.stringify({ pid: 2 ** 22, host: hostname(), started: null, id: 'x' }));
    expect((await runJob({ ...job, resume: true })).at(-1)?.kind).toBe('finished');
    expect(await readdir(job.outDir)).toEqual([...FINISHED_FILES, 'checkpoint-1', 'checkpoint-3'].toSorted());
  });

  it('that is a file is refused before anything is read', async () => {
    const outDir = join(folder, 'a-file');
    await writeFile(outDir, '');
    const run = runJob(request({ outDir, modelDir: '/nowhere' }));
    await expect(run).rejects.toThrow(StorageError);
    await expect(run).rejects.toThrow(`${outDir} is a file; the output must be a folder.`);
  });
});
