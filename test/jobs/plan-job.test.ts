/** @file A plan on the small model; and runs that keep to a budget, or find reference log-probabilities of an earlier run. */
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { CancelledError, SettingsError } from '#contract/errors.ts';
import { readAdapterFolder } from '#io/adapter-folder.ts';
import { planJob } from '#jobs/plan-job.ts';
import type { PlanReport, PlanRequest } from '#jobs/plan-request.ts';
import type { JobEvent, TrainingRequest } from '#jobs/training-request.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { BASE_MODEL, eventsOf, outcomeOf, requestFor, runJob, tokenExamples, tokenPairs, writeRows } from '#test/support/training-runs.ts';

const SETTINGS = { per_device_train_batch_size: 4, num_train_epochs: 2, learning_rate: 1e-2 };
const ADAPTER = join(BASE_MODEL, '../kto_default/adapter_final');

let folder: string;
let examples: string;
let pairs: string;
beforeAll(async () => {
  folder = await temporaryFolder();
  examples = await writeRows(folder, tokenExamples(12), 'examples.jsonl');
  pairs = await writeRows(folder, tokenPairs(12), 'pairs.jsonl');
});

const PLAN = { adapterInitDir: null, memoryBudgetBytes: 1e12, dryRun: false, badRows: 'stop' } as const;

function plan(more: Partial<PlanRequest> = {}, signal = new AbortController().signal): Promise<PlanReport> {
  const asked = { ...PLAN, modelDir: BASE_MODEL, dataFile: pairs, cacheDir: join(folder, 'cache'), ...more };
  return planJob({ ...asked, settings: { ...SETTINGS, ...more.settings } }, { signal });
}

describe.each([
  ['kto', 24],
  ['dpo', 12],
] as const)('the plan of a %s run', (method, trainRows) => {
  it('tells rows, steps and memory without opening the weights', async () => {
    const cacheDir = join(folder, `untouched-${method}`);
    const report = await plan({ cacheDir, settings: { method, gradient_accumulation_steps: 2 } });
    expect(report).toMatchObject({
      method,
      trainRows,
      steps: 2 * Math.ceil(trainRows / 4 / 2),
      longestRowTokens: 7,
      trainableParameters: 1792,
      budgetBytes: 1e12,
      fits: true,
      time: null,
    });
    expect(report.alternatives[0]).toEqual({ memory: report.memory, estimate: report.estimate });
    expect(report.alternatives).toHaveLength(method === 'kto' ? 20 : 10);
    expect(report.freeBytes).toBeGreaterThan(0);
    expect(await readdir(cacheDir).catch(() => 'none')).toBe('none');
  });

  it('measures the time where a dry run is asked for', async () => {
    const { time, steps } = await plan({ dryRun: true, settings: { method } });
    expect(time).not.toBeNull();
    const { secondsPerStep, secondsReferences, secondsTotal, gflops } = time as NonNullable<typeof time>;
    for (const value of [secondsPerStep, secondsReferences, gflops]) expect(value).toBeGreaterThan(0);
    expect(secondsTotal).toBeCloseTo(secondsReferences + steps * secondsPerStep, 9);
    expect(secondsTotal).toBeLessThan(60);
  });

  it('counts only the reference log-probabilities that the run needs', async () => {
    const gflopOf = async (maxSteps: number) => {
      const { time } = await plan({ dryRun: true, settings: { method, max_steps: maxSteps } });
      return (time?.secondsReferences ?? NaN) * (time?.gflops ?? NaN);
    };
    const [one, epoch, three] = await Promise.all([1, trainRows / 4, (3 * trainRows) / 4].map(gflopOf));
    expect(epoch).toBeCloseTo(((one ?? NaN) * trainRows) / 4, 9);
    expect(three).toBeCloseTo(epoch ?? NaN, 9);
  });

  it('is the most frugal one for a budget that nothing fits', async () => {
    const { fits, budgetBytes, estimate, alternatives, time } = await plan({ memoryBudgetBytes: 1000, dryRun: true, settings: { method } });
    expect({ fits, budgetBytes }).toEqual({ fits: false, budgetBytes: 1000 });
    expect(estimate.total).toBe(Math.min(...alternatives.map((other) => other.estimate.total)));
    expect(time?.secondsPerStep).toBeGreaterThan(0);
  });
});

describe('a plan', () => {
  it('is made for the adapter that training starts from', async () => {
    expect(await plan({ adapterInitDir: ADAPTER, dryRun: true, settings: { method: 'kto' } })).toMatchObject({ trainableParameters: 1664 });
  });

  it('is made for losses that sort rows', async () => {
    const { time } = await plan({ dryRun: true, settings: { method: 'dpo', loss_type: 'aot' } });
    expect(time?.secondsTotal).toBeGreaterThan(0);
  });

  it('does not count rows that are held out', async () => {
    expect(await plan({ settings: { method: 'dpo', eval_ratio: 0.25 } })).toMatchObject({ trainRows: 9, steps: 6 });
  });

  it('has as many steps as max_steps allows', async () => {
    expect(await plan({ settings: { method: 'dpo', max_steps: 2 } })).toMatchObject({ steps: 2 });
  });

  it('is refused for rows that the method cannot use, and ends when it is cancelled', async () => {
    await expect(plan({ dataFile: examples, settings: { method: 'dpo' } })).rejects.toThrow(SettingsError);
    await expect(plan({ dryRun: true, settings: { method: 'dpo' } }, AbortSignal.abort())).rejects.toThrow(CancelledError);
  });
});

let runs = 0;
function request(more: Partial<TrainingRequest> = {}): TrainingRequest {
  const outDir = join(folder, `run-${++runs}`);
  return requestFor({ dataFile: pairs, outDir, cacheDir: join(folder, 'cache'), ...more, settings: { ...SETTINGS, ...more.settings } });
}

describe.each(['kto', 'dpo'] as const)('a %s run', (method) => {
  it('with too small a budget says so, and trains the same adapter', async () => {
    const fresh = (memoryBudgetBytes: number | null) =>
      temporaryFolder().then((cacheDir) => request({ cacheDir, memoryBudgetBytes, settings: { method } }));
    const [free, tight] = [await fresh(null), await fresh(1000)];
    const texts = (events: readonly JobEvent[]) => eventsOf(events, 'warning').filter(({ text }) => text.includes('most frugal plan'));
    expect(texts(await runJob(free))).toEqual([]);
    expect(texts(await runJob(tight))).toEqual([
      { kind: 'warning', text: expect.stringMatching(/^Even the most frugal plan needs about .* GiB of memory/) as string },
    ]);
    const [expected, got] = [await readAdapterFolder(free.outDir), await readAdapterFolder(tight.outDir)];
    expect([...got.tensors.keys()]).toEqual([...expected.tensors.keys()]);
    const gaps = [...expected.tensors].flatMap(([module, { loraA, loraB }]) =>
      [
        [loraA, got.tensors.get(module)?.loraA],
        [loraB, got.tensors.get(module)?.loraB],
      ].map(([a, b]) => Math.max(...(a?.data ?? []).map((value, i) => Math.abs(value - (b?.data[i] ?? Infinity))))),
    );
    expect(Math.max(...gaps)).toBeLessThanOrEqual(1e-4);
  });

  it('looks up reference log-probabilities that an earlier run has computed', async () => {
    const cacheDir = await temporaryFolder();
    const caching = (events: readonly JobEvent[]) => eventsOf(events, 'progress').filter(({ phase }) => phase.startsWith('Caching'));
    const [first, second] = [request({ cacheDir, settings: { method } }), request({ cacheDir, settings: { method } })];
    const rows = method === 'kto' ? 24 : 12;
    expect(caching(await runJob(first)).at(-1)).toMatchObject({ done: rows, total: rows });
    expect(await readdir(join(cacheDir, 'reference_logps'))).toHaveLength(1);
    expect(caching(await runJob(second)).at(-1)).toMatchObject({ done: rows, total: rows });
    expect(await outcomeOf(second.outDir)).toEqual(await outcomeOf(first.outDir));
  });
});

describe('the store of reference log-probabilities', () => {
  const stored = async (cacheDir: string) => {
    const [name = ''] = await readdir(join(cacheDir, 'reference_logps'));
    return join(cacheDir, 'reference_logps', name);
  };

  it('is believed: a run takes what is in it, and leaves the file as it is where nothing is new', async () => {
    const cacheDir = await temporaryFolder();
    await runJob(request({ cacheDir, settings: { method: 'dpo' } }));
    const file = await stored(cacheDir);
    const bytes = await readFile(file);
    const logps = bytes.subarray(bytes.length - 4 * 24);
    for (let i = 0; i < 24; i++) logps.writeFloatLE(logps.readFloatLE(4 * i) - 1000, 4 * i);
    await writeFile(file, bytes);
    const { mtimeMs } = await stat(file);
    const events = await runJob(request({ cacheDir, settings: { method: 'dpo', beta: 0.1 } }));
    // Every answer is 1000 nats likelier than the reference says.
    expect(eventsOf(events, 'log')[0]?.entry['rewards/chosen']).toBeCloseTo(100, 3);
    expect(eventsOf(events, 'log')[0]?.entry['rewards/rejected']).toBeCloseTo(100, 3);
    expect((await stat(file)).mtimeMs).toBe(mtimeMs);
  });

  it('has a file of its own for a reference with an adapter', async () => {
    const cacheDir = await temporaryFolder();
    await runJob(request({ cacheDir, settings: { method: 'dpo' } }));
    await runJob(request({ cacheDir, adapterInitDir: ADAPTER, settings: { method: 'dpo' } }));
    expect(await readdir(join(cacheDir, 'reference_logps'))).toHaveLength(2);
  });
});
