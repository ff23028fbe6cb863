/** @file What goes wrong with a run is a clear state, with what to do, and nothing is lost. */
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ToJob } from '#jobs/job-messages.ts';
import type { ChildHandle } from '#processes/child-handle.ts';
import type { FromJob } from '#jobs/job-messages.ts';
import { describeRun } from '#runs/describe-run.ts';
import { listCheckpoints } from '#store/checkpoints.ts';
import { getRun } from '#store/runs.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { BASE_MODEL } from '#test/support/training-runs.ts';
import { openWorld, type RunsWorld } from './support.ts';

function problemOf({ store }: RunsWorld, id: number) {
  return describeRun(store, getRun(store, id)!).problem;
}

/** A process that says what a test wants. */
function fakeProcess() {
  let tell: (message: unknown) => void = () => undefined;
  let exit: (code: number | null, signal: string | null) => void = () => undefined;
  const spawned = Promise.withResolvers<void>();
  const child: ChildHandle<ToJob> = {
    pid: 7,
    send: ({ type }) => void (type === 'stop' && exit(0, null)),
    onMessage: (listener) => (tell = listener),
    onExit(listener) {
      exit = listener;
      spawned.resolve();
    },
    kill: () => exit(null, 'SIGKILL'),
  };
  const say = (message: FromJob): void => tell(message);
  return { spawnJob: () => child, spawned: spawned.promise, say, exit: (code: number) => exit(code, null) };
}

async function startFake(world: RunsWorld, process: ReturnType<typeof fakeProcess>): Promise<number> {
  const [run] = await world.runs.create(world.request());
  await process.spawned;
  process.say({ type: 'ready' });
  return run!.id;
}

describe('a run that fails', () => {
  it.each([
    ['out-of-memory', 'Needs 9 GB.', 'Out of memory', /smaller per_device_train_batch_size/],
    ['training-diverged', 'loss is NaN at step 3.', 'The loss is not a number any more', /lower learning_rate/],
    ['storage', 'Could not write x: the disk is full. Free some space, then try again.', 'A file could not be read or written', /resume/],
    ['unsupported-model', 'It is a GPT-2.', 'This model can’t be trained', /another model/],
    ['unheard-of', 'Something.', 'Failed', /Resume/],
  ])('with %s says so in its own words', async (code, message, title, advice) => {
    const process = fakeProcess();
    const world = await openWorld({ spawnJob: process.spawnJob });
    const id = await startFake(world, process);
    process.say({ type: 'failed', error: { code, message, details: {}, stack: null } });
    process.exit(1);
    await world.until(id, 'failed');
    const problem = problemOf(world, id);
    expect(problem).toMatchObject({ code, message, title });
    expect(problem?.advice.join(' ')).toMatch(advice);
  });

  it('because its model is gone says where it was, and goes on when it is back', async () => {
    const model = join(await temporaryFolder(), 'model');
    cpSync(BASE_MODEL, model, { recursive: true });
    const world = await openWorld();
    const [run] = await world.runs.create(world.request({ modelFolder: model, settings: { max_steps: 4, save_steps: 2 } }));
    world.runs.stop(run!.id);
    await world.until(run!.id, 'stopped');
    rmSync(model, { recursive: true });
    world.runs.resume(run!.id);
    await world.until(run!.id, 'failed');
    expect(problemOf(world, run!.id)?.message).toContain(model);
    cpSync(BASE_MODEL, model, { recursive: true });
    world.runs.resume(run!.id);
    await world.until(run!.id, 'completed');
  });

  it('because its model changed meanwhile says that it must be the same', async () => {
    const model = join(await temporaryFolder(), 'model');
    cpSync(BASE_MODEL, model, { recursive: true });
    const world = await openWorld();
    const [run] = await world.runs.create(world.request({ modelFolder: model }));
    await expect.poll(() => listCheckpoints(world.store, run!.id).length, { timeout: 40_000, interval: 5 }).toBeGreaterThan(0);
    world.runs.stop(run!.id);
    await world.until(run!.id, 'stopped');
    const weights = readFileSync(join(model, 'model.safetensors'));
    weights[weights.length - 3]! ^= 1;
    writeFileSync(join(model, 'model.safetensors'), weights);
    world.runs.resume(run!.id);
    await world.until(run!.id, 'failed');
    expect(problemOf(world, run!.id)).toMatchObject({ title: 'The run does not fit what it began with', message: /model/ });
  });

  it('lets the next one begin', async () => {
    const process = fakeProcess();
    const world = await openWorld({ spawnJob: process.spawnJob });
    const id = await startFake(world, process);
    const [next] = await world.runs.create(world.request());
    process.say({ type: 'failed', error: { code: 'storage', message: 'Full.', details: {}, stack: null } });
    process.exit(1);
    await world.until(next!.id, 'running');
    expect(world.status(id)).toBe('failed');
  });
});

describe('a process that behaves badly', () => {
  it('and says something that is not understood leaves an interrupted run', async () => {
    const process = fakeProcess();
    const world = await openWorld({ spawnJob: process.spawnJob });
    const id = await startFake(world, process);
    process.say({ type: 'events', events: [{ kind: 'surprise' }] } as never);
    await world.until(id, 'interrupted');
    expect(problemOf(world, id)).toMatchObject({ title: 'Interrupted', message: /not understood/ });
  });

  it('and ends without a word leaves an interrupted run', async () => {
    const process = fakeProcess();
    const world = await openWorld({ spawnJob: process.spawnJob });
    const id = await startFake(world, process);
    process.say({ type: 'done' });
    process.exit(0);
    await world.until(id, 'interrupted');
    expect(problemOf(world, id)?.message).toMatch(/without a word/);
  });

  it('what it measured is kept and told at once', async () => {
    const process = fakeProcess();
    const world = await openWorld({ spawnJob: process.spawnJob });
    const id = await startFake(world, process);
    process.say({ type: 'events', events: [{ kind: 'log', entry: { step: 1, loss: 0.5, kl: 0, grad_norm: 1 } }] });
    await expect.poll(() => world.told.flatMap(({ steps }) => steps)).toMatchObject([{ step: 1, values: { loss: 0.5 } }]);
    expect(getRun(world.store, id)?.lastStep).toBe(1);
    process.exit(1);
  });
});
