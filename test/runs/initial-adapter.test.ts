/** @file Runs that go on from an adapter of the project: what they begin with, what they refuse, and what becomes of them when it is gone. */
import { cpSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeRunFully } from '#runs/describe-run.ts';
import { listAdapters, saveAdapter, type Adapter } from '#store/adapters.ts';
import { fromStoredPath } from '#store/data-folder.ts';
import { deleteWithFiles } from '#store/delete-with-files.ts';
import { getRun } from '#store/runs.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { BASE_MODEL } from '#test/support/training-runs.ts';
import { openWorld, type RunsWorld } from './support.ts';

const SHORT = { max_steps: 2, save_steps: 2, per_device_train_batch_size: 4, learning_rate: 1e-3 };

async function firstAdapter(world: RunsWorld): Promise<Adapter> {
  const [run] = await world.runs.create(world.request({ settings: SHORT }));
  await world.until(run!.id, 'completed');
  return listAdapters(world.store, world.projectId)[0]!;
}

test('a run goes on from an adapter, which its record and its page name', async () => {
  const world = await openWorld();
  const adapter = await firstAdapter(world);
  // What the settings say of a fresh adapter does not count.
  const [run] = await world.runs.create(world.request({ adapterId: adapter.id, settings: { ...SHORT, lora_r: 2 } }));
  const done = await world.until(run!.id, 'completed', 'failed');
  expect(done).toMatchObject({ status: 'completed', initialAdapterId: adapter.id, initialAdapterName: 'KTO 1' });
  const folder = fromStoredPath(world.store.folder, done.folder);
  const record = JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as { adapter_init: { dir: string } };
  expect(record.adapter_init.dir).toBe(fromStoredPath(world.store.folder, adapter.path));
  expect(listAdapters(world.store, world.projectId)[0]).toMatchObject({ name: 'KTO 2', facts: { r: 8 } });
  expect((await describeRunFully(world.store, done, null)).initialAdapter).toEqual({ id: adapter.id, name: 'KTO 1' });

  // The first run is deleted, and its adapter with it: the second still says what it began with.
  deleteWithFiles(world.store, 'run', adapter.runId ?? 0);
  expect((await describeRunFully(world.store, getRun(world.store, done.id)!, null)).initialAdapter).toEqual({ id: null, name: 'KTO 1' });
});

test('a run whose adapter was deleted while it waited does not begin with a fresh one', async () => {
  const world = await openWorld();
  const adapter = await firstAdapter(world);
  const [first] = await world.runs.create(world.request({ settings: SHORT }));
  const [second] = await world.runs.create(world.request({ adapterId: adapter.id, settings: SHORT }));
  deleteWithFiles(world.store, 'adapter', adapter.id);
  await world.until(first!.id, 'completed', 'failed');
  const refused = await world.until(second!.id, 'failed');
  expect(refused.error).toMatchObject({ message: 'This run goes on from KTO 1, which was deleted. Start a new run.' });
});

test('an adapter of another model, one that is gone, or one of another project is refused before anything starts', async () => {
  const world = await openWorld();
  const adapter = await firstAdapter(world);
  const folder = await temporaryFolder();
  const copy = join(folder, 'copy');
  cpSync(BASE_MODEL, copy, { recursive: true });
  await expect(world.runs.create(world.request({ adapterId: adapter.id, modelFolder: copy }))).rejects.toThrow(
    /^KTO 1 was made for the model in .*trl\/base, but the run would use the one in .*copy\./,
  );
  await expect(world.runs.create(world.request({ adapterId: 999 }))).rejects.toThrow(/was deleted/);
  await expect(world.runs.create(world.request({ projectId: world.pairProjectId, adapterId: adapter.id }))).rejects.toThrow(/was deleted/);

  // Of no known model, its shapes decide.
  const path = join(folder, 'elsewhere');
  cpSync(join(import.meta.dirname, '../golden/peft/from-peft-qwen3-plain'), path, { recursive: true });
  const { id: _id, createdAt: _at, ...same } = adapter;
  const other = saveAdapter(world.store, { ...same, runId: null, modelId: null, name: 'other', path, files: [] });
  await expect(world.runs.create(world.request({ adapterId: other.id }))).rejects.toThrow(/made for another model/);
  rmSync(path, { recursive: true });
  await expect(world.runs.create(world.request({ adapterId: other.id }))).rejects.toThrow(/files of other are not in .*elsewhere any more/);
  expect(world.activity.current).toEqual([]);
});
