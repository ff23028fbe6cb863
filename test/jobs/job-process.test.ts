/** @file Jobs in processes of their own, on the real worker and a tiny model. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { forkChild } from '#processes/fork-child.ts';
import { JobProcess } from '#jobs/job-process.ts';
import type { JobEnd } from '#jobs/job-process.ts';
import type { ToJob } from '#jobs/job-messages.ts';
import type { ChildHandle } from '#processes/child-handle.ts';
import type { JobEvent, TrainingRequest } from '#jobs/training-request.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { eventsOf, outcomeOf, requestFor, runJob, tokenExamples, writeRows } from '#test/support/training-runs.ts';

const WORKER = join(import.meta.dirname, '../../main/jobs/worker.ts');
const SETTINGS = {
  per_device_train_batch_size: 2,
  num_train_epochs: 6,
  learning_rate: 1e-2,
  eval_ratio: 0.2,
  eval_steps: 6,
  save_steps: 4,
};
const STEPS = 36;

interface Running {
  readonly job: JobProcess;
  readonly events: JobEvent[];
  /** Number of events in each message. */
  readonly batches: number[];
  readonly pauses: boolean[];
  readonly memory: number[];
  readonly ended: Promise<JobEnd>;
}

/** @param onEvents - called with the job after each message */
function start(request: TrainingRequest, onEvents: (running: Running) => void = () => undefined): Running {
  const output: string[] = [];
  let end: (end: JobEnd) => void = () => undefined;
  const running: Running = {
    events: [],
    batches: [],
    pauses: [],
    memory: [],
    ended: new Promise((resolve) => (end = resolve)),
    job: new JobProcess(
      forkChild(WORKER, (text) => output.push(text)),
      request,
      {
        onEvents(events) {
          running.events.push(...events);
          running.batches.push(events.length);
          onEvents(running);
        },
        onPaused: (paused) => running.pauses.push(paused),
        onMemory: ({ residentBytes }) => running.memory.push(residentBytes),
        onEnd: (how) => end(how),
      },
      () => performance.now(),
    ),
  };
  return running;
}

const lastStep = ({ events }: Running) => eventsOf(events, 'log').at(-1)?.entry['step'] ?? 0;

describe('a job in a process of its own', () => {
  let folder: string;
  let request: (name: string) => TrainingRequest;
  let expected: Awaited<ReturnType<typeof outcomeOf>>;

  beforeAll(async () => {
    folder = await temporaryFolder();
    const dataFile = await writeRows(folder, tokenExamples(15));
    request = (name) => requestFor({ dataFile, outDir: join(folder, name), settings: SETTINGS });
    await runJob(request('here'));
    expected = await outcomeOf(join(folder, 'here'));
  });

  it('leaves the files that it leaves in this process, and tells of every step', async () => {
    const running = start(request('there'));
    expect(await running.ended).toEqual({ how: 'done' });
    expect(await outcomeOf(join(folder, 'there'))).toEqual(expected);
    expect(eventsOf(running.events, 'log').map(({ entry }) => entry['step'])).toEqual(Array.from({ length: STEPS }, (_, i) => i + 1));
    expect(running.events.at(-1)?.kind).toBe('finished');
    expect(running.memory.length).toBeGreaterThan(0);
    expect(running.job.silentForMs).toBe(0);
  });

  it('is held and goes on, to the same result', async () => {
    let stepsWhilePaused = -1;
    const running = start(request('held'), ({ job, pauses, events }) => {
      if (pauses.length === 0 && eventsOf(events, 'log').length > 0) job.pause();
    });
    await expect.poll(() => running.pauses, { timeout: 20_000 }).toEqual([true]);
    stepsWhilePaused = lastStep(running);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(lastStep(running)).toBe(stepsWhilePaused);
    expect(stepsWhilePaused).toBeLessThan(STEPS);
    running.job.resume();
    expect(await running.ended).toEqual({ how: 'done' });
    expect(running.pauses).toEqual([true, false]);
    expect(await outcomeOf(join(folder, 'held'))).toEqual(expected);
  });

  it('is stopped while it is held, keeps a checkpoint, and is resumed to the same result', async () => {
    const running = start(request('stopped'), ({ job, pauses, events }) => {
      if (pauses.length === 0 && eventsOf(events, 'log').length > 0) job.pause();
    });
    await expect.poll(() => running.pauses, { timeout: 20_000 }).toEqual([true]);
    running.job.stop();
    expect(await running.ended).toEqual({ how: 'done' });
    const stopped = running.events.at(-1);
    expect(stopped).toMatchObject({ kind: 'stopped', step: lastStep(running) });
    const resumed = start({ ...request('stopped'), resume: true, settings: {} });
    expect(await resumed.ended).toEqual({ how: 'done' });
    expect(await outcomeOf(join(folder, 'stopped'))).toEqual(expected);
  });

  it('that is killed has died, and is resumed to the same result', async () => {
    const running = start(request('killed'), ({ job, events }) => {
      if (eventsOf(events, 'checkpoint').length > 0) job.kill();
    });
    const end = await running.ended;
    expect(end).toMatchObject({ how: 'died', error: { code: 'out-of-memory' } });
    expect((end as Extract<JobEnd, { how: 'died' }>).error.message).toMatch(/ended by SIGKILL: by someone, or .* memory ran out\. Resume/);
    expect(await start({ ...request('killed'), resume: true, settings: {} }).ended).toEqual({ how: 'done' });
    expect(await outcomeOf(join(folder, 'killed'))).toEqual(expected);
  });

  it('that can not run says why in the words of the error', async () => {
    const { ended } = start({ ...request('impossible'), modelDir: join(folder, 'nowhere') });
    const end = await ended;
    expect(end).toMatchObject({ how: 'failed' });
    const { error } = end as Extract<JobEnd, { how: 'failed' }>;
    expect(error.message).toContain(join(folder, 'nowhere'));
    expect(['storage', 'format']).toContain(error.code);
    expect(await readdir(folder)).not.toContain('impossible');
  });

  it('saves and ends when the process that started it is gone', async () => {
    const outDir = join(folder, 'orphaned');
    const parent = spawn(
      process.execPath,
      [join(import.meta.dirname, '../support/start-job-and-die.ts'), WORKER, JSON.stringify(request('orphaned'))],
      { stdio: 'ignore' },
    );
    await once(parent, 'exit');
    const status = async () => {
      const { readFile } = await import('node:fs/promises');
      return (JSON.parse(await readFile(join(outDir, 'run.json'), 'utf8')) as { status: string }).status;
    };
    await expect.poll(status, { timeout: 20_000 }).toBe('stopped');
    await expect.poll(() => readdir(outDir), { timeout: 5000 }).not.toContain('.prospect-lock');
    expect(await start({ ...request('orphaned'), resume: true, settings: {} }).ended).toEqual({ how: 'done' });
    expect(await outcomeOf(outDir)).toEqual(expected);
  });
});

describe('a job whose child misbehaves', () => {
  const request = requestFor({ dataFile: '/rows.jsonl', outDir: '/run' });

  function fakeChild() {
    const child = {
      sent: [] as unknown[],
      killed: false,
      message: (_data: unknown): void => undefined,
      exit: (_exitCode: number | null, _signal: string | null): void => undefined,
    };
    const handle: ChildHandle<ToJob> = {
      pid: 7,
      send: (message) => child.sent.push(message),
      onMessage: (listener) => (child.message = listener),
      onExit: (listener) => (child.exit = listener),
      kill: () => (child.killed = true),
    };
    return { child, handle };
  }

  function listen(handle: ChildHandle<ToJob>, clock: { ms: number }) {
    const ends: JobEnd[] = [];
    const none = () => undefined;
    const job = new JobProcess(
      () => handle,
      request,
      { onEvents: none, onPaused: none, onMemory: none, onEnd: (end) => ends.push(end) },
      () => clock.ms,
    );
    return { job, ends };
  }

  it('ends it at a message that is not understood', () => {
    const { child, handle } = fakeChild();
    const { ends } = listen(handle, { ms: 0 });
    child.message({ type: 'events', events: [{ kind: 'surprise' }] });
    expect(child.killed).toBe(true);
    child.exit(null, 'SIGKILL');
    expect(ends).toMatchObject([{ how: 'died', error: { message: 'The job sent a message that is not understood.' } }]);
  });

  it('hears of its end once, and tells it nothing more', () => {
    const { child, handle } = fakeChild();
    const { job, ends } = listen(handle, { ms: 0 });
    child.exit(3, null);
    child.exit(3, null);
    expect(ends).toMatchObject([{ how: 'died', error: { message: /with exit code 3/ } }]);
    job.pause();
    job.stop();
    job.kill();
    expect(child).toMatchObject({ sent: [], killed: false });
  });

  it('knows how long it has been silent', () => {
    const { child, handle } = fakeChild();
    const clock = { ms: 1000 };
    const { job } = listen(handle, clock);
    clock.ms = 61_000;
    expect(job.silentForMs).toBe(60_000);
    child.message({ type: 'heartbeat', residentBytes: 1, peakResidentBytes: 2 });
    expect(job.silentForMs).toBe(0);
  });
});
