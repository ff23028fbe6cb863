/** @file Runs from a stored configuration to an adapter in the store, on the real job process. */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeRunFully } from '#runs/describe-run.ts';
import { readLog } from '#runs/run-log.ts';
import { listAdapters } from '#store/adapters.ts';
import { listCheckpoints } from '#store/checkpoints.ts';
import { fromStoredPath } from '#store/data-folder.ts';
import { listMetricKeys, readSeries } from '#store/metrics.ts';
import { getRun } from '#store/runs.ts';
import { createSplit } from '#store/splits.ts';
import { outcomeOf } from '#test/support/training-runs.ts';
import { STEPS } from './support-settings.ts';
import { openWorld, type RunsWorld } from './support.ts';

function folderOf({ store }: RunsWorld, id: number): string {
  return fromStoredPath(store.folder, getRun(store, id)?.folder ?? '');
}

function lossSteps({ store }: RunsWorld, id: number): number[] {
  return readSeries(store, { runId: id, key: 'loss' }).map(({ step }) => step);
}

const ALL_STEPS = Array.from({ length: STEPS }, (_, index) => index + 1);

describe('a run', () => {
  it('is completed: every metric of every step, its adapter and its checkpoints are in the store', async () => {
    const world = await openWorld();
    const [run] = await world.runs.create(world.request());
    const { id } = run!;
    expect(world.activity.current).toEqual(['KTO 1']);
    const done = await world.until(id, 'completed', 'failed');
    expect(done).toMatchObject({ status: 'completed', lastStep: STEPS, totalSteps: STEPS, error: null });
    expect(lossSteps(world, id)).toEqual(ALL_STEPS);
    expect(listMetricKeys(world.store, id)).toEqual(
      expect.arrayContaining(['loss', 'kl', 'grad_norm', 'learning_rate', 'rewards/chosen', 'eval_loss', 'epoch', 'train_runtime']),
    );
    expect(listAdapters(world.store, world.projectId)).toMatchObject([{ runId: id, name: 'KTO 1', facts: { method: 'kto', r: 8 } }]);
    expect(listCheckpoints(world.store, id).map(({ step }) => step)).toEqual([32, 36]);
    expect(await readdir(folderOf(world, id))).not.toContain('rows.jsonl');
    expect(readLog(folderOf(world, id)).map(({ text }) => text)).toEqual(
      expect.arrayContaining([expect.stringContaining('KTO on 12 rows, 3 held out'), 'Saved a checkpoint at step 36.']),
    );
    expect(world.activity.current).toEqual([]);
    expect(world.runs.liveOf(id)).toBeNull();
  });

  it('tells every step once, at most ten times a second, and how far each phase is', async () => {
    const world = await openWorld();
    const times: number[] = [];
    world.onTold = () => times.push(performance.now());
    const [run] = await world.runs.create(world.request());
    await world.until(run!.id, 'completed');
    const steps = world.told.flatMap((told) => told.steps.filter(({ values }) => 'loss' in values).map(({ step }) => step));
    expect(steps).toEqual(ALL_STEPS);
    // The end is told at once; everything else waits for its turn. Timers may be a millisecond early.
    const gaps = times.slice(1, -1).map((time, index) => time - (times[index] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThan(95);
    expect(world.told.at(-1)?.live).toMatchObject({ step: STEPS, totalSteps: STEPS });
  });

  it('is held and goes on to the same result; held, it does not keep the machine awake', async () => {
    const world = await openWorld();
    const awake: boolean[] = [];
    world.activity.onAwake((is) => awake.push(is));
    const [straight] = await world.runs.create(world.request());
    await world.until(straight!.id, 'completed');
    // A run is completed a moment before its process is gone.
    await expect.poll(() => awake).toEqual([true, false]);
    const [held] = await world.runs.create(world.request());
    await expect.poll(() => world.runs.liveOf(held!.id)?.step, { interval: 10, timeout: 40_000 }).toBeGreaterThan(2);
    world.runs.pause(held!.id);
    expect(world.runs.liveOf(held!.id)?.asked).toBe('pause');
    await world.until(held!.id, 'paused');
    expect(world.runs.liveOf(held!.id)?.asked).toBeNull();
    expect(awake).toEqual([true, false, true, false]);
    expect(world.activity.current).toEqual(['KTO 2']);
    const { step } = world.runs.liveOf(held!.id)!;
    expect(step).toBeLessThan(STEPS);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(world.runs.liveOf(held!.id)!.step).toBe(step);
    world.runs.resume(held!.id);
    await world.until(held!.id, 'completed');
    expect(awake).toEqual([true, false, true, false, true, false]);
    expect(await outcomeOf(folderOf(world, held!.id))).toEqual(await outcomeOf(folderOf(world, straight!.id)));
  });

  it('is stopped and saved, and resumed to the same result', async () => {
    const world = await openWorld();
    const [straight] = await world.runs.create(world.request());
    await world.until(straight!.id, 'completed');
    const [run] = await world.runs.create(world.request());
    await expect.poll(() => world.runs.liveOf(run!.id)?.step, { interval: 10, timeout: 40_000 }).toBeGreaterThan(2);
    world.runs.stop(run!.id);
    const { lastStep } = await world.until(run!.id, 'stopped');
    expect(lossSteps(world, run!.id)).toEqual(ALL_STEPS.slice(0, lastStep));
    expect(listCheckpoints(world.store, run!.id).at(-1)?.step).toBe(lastStep);
    world.runs.resume(run!.id);
    await world.until(run!.id, 'completed', 'failed');
    expect(lossSteps(world, run!.id)).toEqual(ALL_STEPS);
    expect(await outcomeOf(folderOf(world, run!.id))).toEqual(await outcomeOf(folderOf(world, straight!.id)));
    expect(readSeries(world.store, { runId: run!.id, key: 'loss' })).toEqual(readSeries(world.store, { runId: straight!.id, key: 'loss' }));
  });

  it('trains on one part of a split and evaluates on the other', async () => {
    const world = await openWorld();
    const split = createSplit(world.store, { versionId: 1, name: 'mine', settings: {}, heldOut: new Uint8Array([0b11, 0b100]) });
    const [run] = await world.runs.create(world.request({ data: { versionId: 1, splitId: split.id } }));
    await world.until(run!.id, 'completed');
    expect(readLog(folderOf(world, run!.id)).map(({ text }) => text)).toContainEqual(expect.stringContaining('KTO on 12 rows, 3 held out'));
    const [whole] = await world.runs.create(
      world.request({
        data: {
          versionId: 1,
          splitId: createSplit(world.store, { versionId: 1, name: 'none', settings: {}, heldOut: new Uint8Array(2) }).id,
        },
      }),
    );
    await world.until(whole!.id, 'completed');
    expect(readLog(folderOf(world, whole!.id)).map(({ text }) => text)).toContainEqual(
      expect.stringContaining('KTO on 15 rows, none held out'),
    );
  });

  it('that is discarded is gone with its files', async () => {
    const world = await openWorld();
    const [run] = await world.runs.create(world.request());
    await expect.poll(() => lossSteps(world, run!.id).length, { timeout: 40_000 }).toBeGreaterThan(0);
    const folder = folderOf(world, run!.id);
    await world.runs.delete(run!.id, { deleteFiles: true });
    expect(getRun(world.store, run!.id)).toBeNull();
    expect(existsSync(folder)).toBe(false);
    expect(world.activity.current).toEqual([]);
  });
});

describe('the queue', () => {
  it('runs both methods on the same data, one after the other', async () => {
    const world = await openWorld();
    const runs = await world.runs.create(
      world.request({ projectId: world.pairProjectId, methods: ['kto', 'dpo'], settings: { max_steps: 3, loss_type: 'sigmoid' } }),
    );
    expect(runs.map(({ name, method }) => [name, method])).toEqual([
      ['KTO 1', 'kto'],
      ['DPO 1', 'dpo'],
    ]);
    expect(runs.map(({ id }) => world.status(id))).toEqual(['running', 'queued']);
    await world.until(runs[1]!.id, 'completed');
    expect(world.status(runs[0]!.id)).toBe('completed');
    const [first, second] = await Promise.all(runs.map(({ id }) => describeRunFully(world.store, getRun(world.store, id)!, null)));
    expect(second!.startedAt!).toBeGreaterThanOrEqual(first!.endedAt!);
  });

  it('lets a run leave it, and come back', async () => {
    const world = await openWorld();
    const [first] = await world.runs.create(world.request());
    const [second] = await world.runs.create(world.request({ settings: { max_steps: 1 } }));
    world.runs.stop(second!.id);
    expect(world.status(second!.id)).toBe('stopped');
    world.runs.resume(second!.id);
    expect(world.status(second!.id)).toBe('queued');
    await world.until(second!.id, 'completed');
    expect(world.status(first!.id)).toBe('completed');
  });

  it('waits to be started when the program is opened again', async () => {
    const world = await openWorld();
    await world.runs.create(world.request());
    const [waiting] = await world.runs.create(world.request({ settings: { max_steps: 2 } }));
    await world.close();
    const again = await openWorld({ root: world.root });
    expect(again.runs.isQueueHeld).toBe(true);
    expect(again.status(1)).toBe('stopped');
    expect(again.status(waiting!.id)).toBe('queued');
    again.runs.startQueue();
    await again.until(waiting!.id, 'completed');
    expect(again.runs.isQueueHeld).toBe(false);
  });
});

describe('a run is not created', () => {
  it.each([
    ['with a model that is not there', { modelFolder: '/nowhere' }, /\/nowhere/],
    [
      'with a setting that does not exist',
      { settings: { learning_rat: 1 } },
      /no setting named learning_rat; the nearest is learning_rate/,
    ],
    ['by DPO on single answers', { methods: ['dpo' as const] }, /DPO needs pairs/],
    ['in a project that is not there', { projectId: 99 }, /project/],
    ['on a version that is not there', { data: { versionId: 99, splitId: null } }, /dataset version/],
    ['with a split of another version', { data: { versionId: 1, splitId: 99 } }, /another version/],
  ])('%s', async (_name, change, message) => {
    const world = await openWorld();
    await expect(world.runs.create(world.request(change))).rejects.toThrow(message);
    expect(getRun(world.store, 1)).toBeNull();
    expect(await readdir(join(world.root, 'runs')).catch(() => [])).toEqual([]);
  });
});
