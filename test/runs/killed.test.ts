/** @file Runs whose process, or whose program, is killed: nothing that was measured is lost, and resuming ends in the same bytes. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readLog } from '#runs/run-log.ts';
import { fromStoredPath } from '#store/data-folder.ts';
import { readSeries, type MetricPoint } from '#store/metrics.ts';
import { getRun } from '#store/runs.ts';
import { forkChild } from '#processes/fork-child.ts';
import type { ToJob } from '#jobs/job-messages.ts';
import type { ChildHandle } from '#processes/child-handle.ts';
import { outcomeOf, type RunOutcome } from '#test/support/training-runs.ts';
import { STEPS, WORKER } from './support-settings.ts';
import { openWorld, type RunsWorld } from './support.ts';

function lossOf({ store }: RunsWorld, id: number): MetricPoint[] {
  return readSeries(store, { runId: id, key: 'loss' });
}

function outcome({ store }: RunsWorld, id: number): Promise<RunOutcome> {
  return outcomeOf(fromStoredPath(store.folder, getRun(store, id)?.folder ?? ''));
}

/** Kills its process as soon as the store has so many steps. @returns the steps it had when it was interrupted */
async function killAfter(world: RunsWorld, id: number, child: () => ChildHandle<ToJob> | undefined, steps: number): Promise<number[]> {
  await expect.poll(() => lossOf(world, id).length, { interval: 5, timeout: 40_000 }).toBeGreaterThanOrEqual(steps);
  child()?.kill();
  await world.until(id, 'interrupted');
  return lossOf(world, id).map(({ step }) => step);
}

function upTo(step: number): number[] {
  return Array.from({ length: step }, (_, index) => index + 1);
}

describe('a run that is killed', () => {
  let expected: { readonly loss: readonly MetricPoint[]; readonly outcome: RunOutcome };

  beforeAll(async () => {
    const world = await openWorld({ inHook: true });
    const [run] = await world.runs.create(world.request());
    await world.until(run!.id, 'completed');
    expected = { loss: lossOf(world, run!.id), outcome: await outcome(world, run!.id) };
    await world.close();
  });

  it('by its process is interrupted with a whole curve, says so, and is resumed to the same bytes', async () => {
    let child: ChildHandle<ToJob> | undefined;
    const fork = forkChild(WORKER, () => undefined);
    const world = await openWorld({ spawnJob: () => (child = fork()) });
    const [run] = await world.runs.create(world.request());
    const seen = await killAfter(world, run!.id, () => child, 5);
    expect(seen).toEqual(upTo(seen.length));
    expect(getRun(world.store, run!.id)).toMatchObject({ status: 'interrupted', error: { code: 'out-of-memory' }, lastStep: seen.length });
    expect(world.activity.current).toEqual([]);
    world.runs.resume(run!.id);
    await world.until(run!.id, 'completed', 'failed');
    expect(lossOf(world, run!.id)).toEqual(expected.loss);
    expect(await outcome(world, run!.id)).toEqual(expected.outcome);
  });

  it('before its first checkpoint begins again, and ends the same', async () => {
    let child: ChildHandle<ToJob> | undefined;
    const fork = forkChild(WORKER, () => undefined);
    const world = await openWorld({ spawnJob: () => (child = fork()) });
    const [run] = await world.runs.create(world.request());
    await expect.poll(() => child !== undefined, { interval: 2 }).toBe(true);
    child?.kill();
    await world.until(run!.id, 'interrupted');
    expect(lossOf(world, run!.id)).toEqual([]);
    world.runs.resume(run!.id);
    await world.until(run!.id, 'completed', 'failed');
    expect(await outcome(world, run!.id)).toEqual(expected.outcome);
  });

  it('with the program is interrupted when it is opened again, its curve is complete, and it is resumed to the same bytes', async () => {
    const first = await openWorld();
    await first.close();
    const program = spawn(process.execPath, [join(import.meta.dirname, '../support/start-run-and-die.ts'), first.root, '6'], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    expect((await once(program, 'exit'))[1]).toBe('SIGKILL');
    const world = await openWorld({ root: first.root });
    expect(world.status(1)).toBe('interrupted');
    await world.runs.recovered;
    const seen = lossOf(world, 1).map(({ step }) => step);
    expect(seen.length).toBeGreaterThanOrEqual(6);
    expect(seen).toEqual(upTo(seen.length));
    world.runs.resume(1);
    await world.until(1, 'completed', 'failed');
    expect(lossOf(world, 1)).toEqual(expected.loss);
    expect(await outcome(world, 1)).toEqual(expected.outcome);
  });

  it('with the program, but went on to its end alone, is completed when it is opened again', async () => {
    const world = await openWorld();
    const [run] = await world.runs.create(world.request());
    await world.until(run!.id, 'completed');
    // As the store was before the last that it was told.
    world.store.run(`UPDATE runs SET status = 'running', last_step = 30 WHERE id = 1`);
    world.store.run('DELETE FROM metrics WHERE step > 30');
    world.store.run('DELETE FROM adapters');
    await world.close();
    const again = await openWorld({ root: world.root });
    await again.runs.recovered;
    expect(getRun(again.store, 1)).toMatchObject({ status: 'completed', lastStep: STEPS });
    expect(lossOf(again, 1)).toEqual(expected.loss);
  });

  it('says in its log what happened', async () => {
    let child: ChildHandle<ToJob> | undefined;
    const fork = forkChild(WORKER, () => undefined);
    const world = await openWorld({ spawnJob: () => (child = fork()) });
    const [run] = await world.runs.create(world.request());
    await killAfter(world, run!.id, () => child, 2);
    const lines = readLog(fromStoredPath(world.store.folder, run!.folder));
    expect(lines.at(-1)).toMatchObject({ kind: 'error', text: expect.stringMatching(/ended by SIGKILL.*Resume the run/) });
  });
});
