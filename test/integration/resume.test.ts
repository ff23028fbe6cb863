/** @file A run that was stopped anywhere and resumed ends as if nothing had happened, bit for bit. */
import { appendFile, cp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { FormatError, OutputBusyError, SettingsError } from '#contract/errors.ts';
import type { JobEvent, TrainingRequest } from '#jobs/training-request.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import {
  BASE_MODEL,
  checkpointsIn,
  eventsOf,
  outcomeOf,
  requestFor,
  runJob,
  tokenExamples,
  tokenPairs,
  writeRows,
} from '#test/support/training-runs.ts';
import type { RunOutcome } from '#test/support/training-runs.ts';

/** Shuffled, three micro-batches a step but two in each epoch's last, evaluated and logged in rhythms of their own; 9 steps. */
const SETTINGS = {
  per_device_train_batch_size: 2,
  per_device_eval_batch_size: 2,
  gradient_accumulation_steps: 3,
  num_train_epochs: 3,
  learning_rate: 1e-2,
  lr_scheduler_type: 'cosine',
  warmup_steps: 2,
  weight_decay: 0.1,
  lora_r: 4,
  eval_ratio: 0.25,
  eval_steps: 1,
  save_steps: 4,
  logging_steps: 2,
};

type Stop = (event: JobEvent) => boolean;

const isProgress = (event: JobEvent, phase: string) => event.kind === 'progress' && event.phase === phase;

/** Stops at the n-th time that something happens. Progress is thinned out, but the first report of a phase is sure to come. */
function nth(n: number, happens: Stop): Stop {
  let count = 0;
  return (event) => happens(event) && ++count === n;
}

const evaluationBegins = (event: JobEvent) => isProgress(event, 'Evaluating') && event.kind === 'progress' && event.done === 1;

/** In the order of a run. */
const STOPS: readonly (readonly [where: string, stop: () => Stop])[] = [
  ['while reference log-probabilities are cached', () => (event) => isProgress(event, 'Caching reference log-probabilities')],
  ['inside the first step', () => (event) => isProgress(event, 'Training')],
  ['while step 1 is evaluated, between two logs', () => evaluationBegins],
  ['after the evaluation of step 2', () => (event) => event.kind === 'evaluation' && event.entry['step'] === 2],
  ['inside step 3', () => (event) => isProgress(event, 'Training') && event.kind === 'progress' && event.done > 2],
  ['at the checkpoint of step 4', () => (event) => event.kind === 'checkpoint' && event.step === 4],
  ['after the log of step 6', () => (event) => event.kind === 'log' && event.entry['step'] === 6],
  ['at the checkpoint of step 8', () => (event) => event.kind === 'checkpoint' && event.step === 8],
];

interface Scene {
  readonly folder: string;
  readonly request: (name: string, more?: Partial<TrainingRequest>) => TrainingRequest;
  readonly full: RunOutcome;
}

async function uninterrupted(method: 'kto' | 'dpo'): Promise<Scene> {
  const folder = await temporaryFolder();
  const dataFile = await writeRows(folder, method === 'kto' ? tokenExamples(22) : tokenPairs(22));
  const request = (name: string, more: Partial<TrainingRequest> = {}) =>
    requestFor({ dataFile, outDir: join(folder, name), settings: { method, ...SETTINGS }, ...more });
  await runJob(request('full'));
  return { folder, request, full: await outcomeOf(join(folder, 'full')) };
}

describe('a KTO run', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await uninterrupted('kto');
  });

  /** A stopped run to copy, with checkpoints of steps 4 and 5. */
  let stopped: string;
  beforeAll(async () => {
    stopped = join(scene.folder, 'stopped');
    await runJob(scene.request('stopped'), { stopAt: nth(5, evaluationBegins) });
  });

  async function copyOfStopped(name: string): Promise<TrainingRequest> {
    const request = scene.request(name, { resume: true });
    await cp(stopped, request.outDir, { recursive: true });
    return request;
  }

  it('makes nine steps and is evaluated after each', async () => {
    expect(scene.full.metrics.match(/"eval_loss".*"step":(\d)/g)).toHaveLength(9);
    expect(await checkpointsIn(join(scene.folder, 'full'))).toEqual(['checkpoint-8', 'checkpoint-9']);
    expect(await checkpointsIn(stopped)).toEqual(['checkpoint-4', 'checkpoint-5']);
  });

  it.each(STOPS.filter((_, i) => i % 2 === 0))(
    'stopped once, %s, ends with the same adapter, metrics and optimizer',
    async (where, stop) => {
      const request = scene.request(where.replaceAll(' ', '-'));
      const first = await runJob(request, { stopAt: stop() });
      const resumed = await runJob({ ...request, resume: true });
      expect([first.at(-1)?.kind, resumed.at(-1)?.kind]).toEqual(['stopped', 'finished']);
      expect(await outcomeOf(request.outDir)).toEqual(scene.full);
    },
  );

  it('stopped while its last step is evaluated is still evaluated after the resume', async () => {
    const request = scene.request('last');
    const first = await runJob(request, { stopAt: nth(9, evaluationBegins) });
    expect(first.at(-1)).toEqual({ kind: 'stopped', step: 9, checkpointDir: join(request.outDir, 'checkpoint-9') });
    await runJob({ ...request, resume: true });
    expect(await outcomeOf(request.outDir)).toEqual(scene.full);
  });

  it('asked to stop when everything is computed finishes', async () => {
    const request = scene.request('too-late');
    const events = await runJob(request, { stopAt: (event) => isProgress(event, 'Saving') });
    expect(events.at(-1)?.kind).toBe('finished');
    expect(await outcomeOf(request.outDir)).toEqual(scene.full);
  });

  it('needs only the model and the data to be resumed: settings come from the run', async () => {
    const request = await copyOfStopped('no-settings');
    const events = await runJob({ ...request, settings: {} });
    expect(eventsOf(events, 'plan')).toMatchObject([{ steps: 9, stepsDone: 5 }]);
    expect(await outcomeOf(request.outDir)).toEqual(scene.full);
  });

  it('may be given its settings again by the other names they have', async () => {
    const request = await copyOfStopped('aliases');
    await runJob({ ...request, settings: { r: 4, lora_target_modules: ['q_proj', 'v_proj'] } });
    expect(await outcomeOf(request.outDir)).toEqual(scene.full);
  });

  it('drops the entries of steps it makes again, and half a line', async () => {
    const request = await copyOfStopped('later-entries');
    await appendFile(join(request.outDir, 'metrics.jsonl'), '{"loss":9,"step":6}\n{"eval_loss":9,"step":6}\n{"loss":9,"st');
    await runJob(request);
    expect((await outcomeOf(request.outDir)).metrics).toBe(scene.full.metrics);
  });

  it('falls back on the checkpoint before a damaged one, and says so', async () => {
    const request = await copyOfStopped('damaged');
    await truncate(join(request.outDir, 'checkpoint-5/optimizer.safetensors'), 500);
    const events = await runJob(request);
    expect(eventsOf(events, 'warning').map(({ text }) => text)).toContainEqual(
      `${request.outDir}/checkpoint-5 is damaged and was passed over; the run continues from ${request.outDir}/checkpoint-4.`,
    );
    expect(eventsOf(events, 'plan')).toMatchObject([{ stepsDone: 4 }]);
    expect(await outcomeOf(request.outDir)).toEqual(scene.full);
    expect(await checkpointsIn(request.outDir)).toEqual(['checkpoint-8', 'checkpoint-9']);
  });

  it('computes the reference log-probabilities again if their file is damaged', async () => {
    const request = await copyOfStopped('no-references');
    await truncate(join(request.outDir, 'reference_logps.safetensors'), 30);
    const events = await runJob(request);
    expect(events.some((event) => isProgress(event, 'Caching reference log-probabilities'))).toBe(true);
    expect(await outcomeOf(request.outDir)).toEqual(scene.full);
  });

  it('does not compute them again otherwise', async () => {
    const request = await copyOfStopped('references');
    const events = await runJob(request);
    expect(events.some((event) => isProgress(event, 'Caching reference log-probabilities'))).toBe(false);
  });

  it('that is finished has nothing left to do, and stays as it is', async () => {
    const request = scene.request('finished', { resume: true });
    await cp(join(scene.folder, 'full'), request.outDir, { recursive: true });
    const before = await readFile(join(request.outDir, 'run.json'), 'utf8');
    const events = await runJob(request);
    expect(eventsOf(events, 'finished')).toEqual([{ kind: 'finished', step: 9, outDir: request.outDir, trainLoss: scene.full.trainLoss }]);
    expect(eventsOf(events, 'log')).toEqual([]);
    expect(await outcomeOf(request.outDir)).toEqual(scene.full);
    expect(await readFile(join(request.outDir, 'run.json'), 'utf8')).toBe(before);
  });

  it('starts from the beginning where there is no checkpoint yet', async () => {
    const request = await copyOfStopped('no-checkpoint');
    for (const name of await checkpointsIn(request.outDir)) await rm(join(request.outDir, name), { recursive: true });
    const events = await runJob(request);
    expect(eventsOf(events, 'note')).toContainEqual({
      kind: 'note',
      text: 'There is no checkpoint yet, so the run starts from the beginning.',
    });
    expect(await outcomeOf(request.outDir)).toEqual(scene.full);
  });

  it('keeps its checkpoint when it is stopped before anything is read', async () => {
    const request = await copyOfStopped('at-once');
    const events = await runJob(request, { signal: AbortSignal.abort() });
    expect(events).toEqual([{ kind: 'stopped', step: 5, checkpointDir: join(request.outDir, 'checkpoint-5') }]);
  });

  it('may be logged, evaluated and saved in another rhythm from now on', async () => {
    const request = await copyOfStopped('rhythm');
    await runJob({ ...request, settings: { logging_steps: 1, eval_steps: 5, save_steps: 100, per_device_eval_batch_size: 3 } });
    expect((await outcomeOf(request.outDir)).adapter).toBe(scene.full.adapter);
  });

  it.each([
    [{ learning_rate: 0.02 }, 'learning_rate 0.01, now it is 0.02'],
    [{ method: 'dpo' }, 'method "kto", now it is "dpo"'],
    [{ lora_r: 8 }, 'lora_r 4, now it is 8'],
    [{ seed: 1 }, 'seed 42, now it is 1'],
  ])('refuses %j', async (settings, what) => {
    const request = await copyOfStopped(`settings-${Object.keys(settings)[0]}`);
    // Pairs can be read for either method.
    const dataFile = await writeRows(scene.folder, tokenPairs(22), 'pairs.jsonl');
    const resume = runJob({ ...request, ...('method' in settings ? { dataFile } : {}), settings });
    await expect(resume).rejects.toThrow(SettingsError);
    await expect(resume).rejects.toThrow(`The checkpoint was made with ${what}. Set it back, or start a new run.`);
  });

  it('refuses other rows', async () => {
    const request = await copyOfStopped('rows');
    const dataFile = await writeRows(scene.folder, tokenExamples(23), 'others.jsonl');
    const resume = runJob({ ...request, dataFile });
    await expect(resume).rejects.toThrow(SettingsError);
    await expect(resume).rejects.toThrow(
      'The training rows changed since the checkpoint was made. Restore what was used then, or start a new run.',
    );
  });

  it('refuses another model', async () => {
    const request = await copyOfStopped('model');
    const modelDir = join(scene.folder, 'other-model');
    await cp(BASE_MODEL, modelDir, { recursive: true });
    const config = JSON.parse(await readFile(join(modelDir, 'config.json'), 'utf8')) as object;
    await writeFile(join(modelDir, 'config.json'), JSON.stringify({ ...config, rms_norm_eps: 1e-5 }));
    const resume = runJob({ ...request, modelDir });
    await expect(resume).rejects.toThrow(SettingsError);
    await expect(resume).rejects.toThrow('The base model changed since the checkpoint was made.');
  });

  it('refuses to go on when no checkpoint is whole, and when its record is damaged', async () => {
    const request = await copyOfStopped('all-damaged');
    for (const name of await checkpointsIn(request.outDir)) await rm(join(request.outDir, name, 'trainer_state.json'));
    const resume = runJob(request);
    await expect(resume).rejects.toThrow(FormatError);
    await expect(resume).rejects.toThrow(/^No checkpoint in .* can be read\. .*trainer_state\.json.* start a new run in another folder\.$/);
    await writeFile(join(request.outDir, 'run.json'), '{"started_at":');
    await expect(runJob(request)).rejects.toThrow(/run\.json/);
    await writeFile(join(request.outDir, 'run.json'), '{"started_at":"yesterday"}');
    await expect(runJob(request)).rejects.toThrow(/run\.json is not the record of a run: started_at is missing or wrong\. Start a new run/);
  });

  it('cannot be resumed where none is, nor written over', async () => {
    const resume = runJob(scene.request('nowhere', { resume: true }));
    await expect(resume).rejects.toThrow(OutputBusyError);
    await expect(resume).rejects.toThrow(/nowhere holds no run to resume\. Leave --resume out to start one\.$/);
    const again = runJob(scene.request('stopped'));
    await expect(again).rejects.toThrow(OutputBusyError);
    await expect(again).rejects.toThrow(/stopped already holds a run\. Continue it with --resume, or choose another output folder\.$/);
  });
});

/** Method by method, because each has its own references, batches and evaluation. */
describe.each(['kto', 'dpo'] as const)('a %s run', (method) => {
  it('stopped at every one of these points, one after the other, ends as if nothing had happened', async () => {
    const { request, full } = await uninterrupted(method);
    const chain = request('chain');
    const ends: unknown[] = [];
    for (const [index, [, stop]] of STOPS.entries()) {
      const events = await runJob({ ...chain, resume: index > 0 }, { stopAt: stop() });
      ends.push(events.at(-1));
    }
    await runJob({ ...chain, resume: true });
    expect(ends).toMatchObject([0, 0, 1, 2, 2, 4, 6, 8].map((step) => ({ kind: 'stopped', step })));
    expect(await outcomeOf(chain.outDir)).toEqual(full);
  });
});
