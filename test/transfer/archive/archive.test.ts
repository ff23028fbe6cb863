/** @file A project that was packed and brought in again is the same, in another data folder, too; or nothing is kept. */
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { setChoices, getChoices } from '#projects/choices.ts';
import { installSampleModel } from '#projects/sample-model.ts';
import { listAdapters } from '#store/adapters.ts';
import { NOT_PACKED, PROJECT_TABLES } from '#store/archive/project-tables.ts';
import { unfinishedProjects } from '#store/archive/unfinished-projects.ts';
import { ProjectLoader } from '#store/archive/load-project.ts';
import { fromStoredPath } from '#store/data-folder.ts';
import { readSeries } from '#store/metrics.ts';
import { openStore } from '#store/open-store.ts';
import { findOrphans } from '#store/orphans.ts';
import { listProjects } from '#store/projects.ts';
import { listQueue, listRuns, setRunStatus } from '#store/runs.ts';
import { CancelledError } from '#contract/errors.ts';
import { openArchive } from '#transfer/archive/open-archive.ts';
import { readArchive } from '#transfer/archive/read-archive.ts';
import { writeArchive } from '#transfer/archive/write-archive.ts';
import { sampleRun } from '#test/store/sample-project.ts';
import { sampleStore } from '#test/store/sample-store.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { everythingOf, pack, richProject, unpack, work } from './archive-support.ts';

test('every table is packed, or said not to be', async () => {
  const store = await sampleStore();
  const rows = store.all(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name`) as {
    name: string;
  }[];
  const known = [...PROJECT_TABLES.map(({ name }) => name), ...NOT_PACKED];
  expect(rows.map(({ name }) => name)).toEqual([...known].sort());
});

test('everything comes back, in another data folder beside other projects', async () => {
  const store = await sampleStore();
  const { projectId } = await richProject(store);
  const file = join(await temporaryFolder(), 'rich.prospect');
  const manifest = await pack(store, projectId, file);
  expect(manifest.tables.find(({ name }) => name === 'rows')?.rows).toBe(3032);
  const other = await sampleStore();
  await richProject(other, 50);
  const { project, notes } = await unpack(other, file, 'Brought');
  expect(await everythingOf(other, project.id)).toEqual(await everythingOf(store, projectId));
  expect(project.name).toBe('Brought');
  expect(notes).toEqual([expect.stringMatching(/^The model Sample \d+ is not on this machine/)]);
  const { data, settings } = getChoices(other, project.id);
  expect(settings).toEqual({ beta: 0.2 });
  expect(data?.splitId).toBeGreaterThan(0);
  expect(await findOrphans(other)).toMatchObject({ filesWithoutRow: [], changed: [] });
  expect((await readdir(other.folder.root)).filter((name) => name.startsWith('.unfinished'))).toEqual([]);
  // And once more, beside itself.
  const again = await unpack(other, file);
  expect(again.project.name).not.toBe(project.name);
  expect(await everythingOf(other, again.project.id)).toEqual(await everythingOf(other, project.id));
});

test('a curve has its not-a-numbers, infinities and every step', async () => {
  const store = await sampleStore();
  const { projectId, run } = await richProject(store, 20);
  const file = join(await temporaryFolder(), 'a.prospect');
  await pack(store, projectId, file);
  const { project } = await unpack(store, file);
  const [brought] = listRuns(store, project.id);
  for (const key of ['loss', 'kl', 'rewards/chosen']) {
    expect(readSeries(store, { runId: brought?.id ?? 0, key })).toEqual(readSeries(store, { runId: run.id, key }));
  }
});

test('without weights rows, curves and chats come, and no adapter', async () => {
  const store = await sampleStore();
  const { projectId } = await richProject(store, 20);
  const folder = await temporaryFolder();
  await pack(store, projectId, join(folder, 'all.prospect'));
  const manifest = await pack(store, projectId, join(folder, 'small.prospect'), false);
  expect(manifest.entries.filter(({ name }) => /safetensors|checkpoint-/.test(name))).toEqual([]);
  const { project, notes } = await unpack(store, join(folder, 'small.prospect'));
  expect(notes.at(-1)).toMatch(/without the files of adapters and checkpoints/);
  const [before, after] = [await everythingOf(store, projectId), await everythingOf(store, project.id)];
  for (const part of ['metrics', 'rows', 'versions', 'splits', 'chats', 'votes']) expect(after[part]).toEqual(before[part]);
  expect([after['adapters'], after['checkpoints']]).toEqual([[], []]);
  expect(listAdapters(store, project.id)).toEqual([]);
});

test('a run that waited does not start by itself, and one under way is not packed', async () => {
  const store = await sampleStore();
  const { projectId } = await richProject(store, 20);
  const waiting = sampleRun(store, projectId);
  const file = join(await temporaryFolder(), 'a.prospect');
  await pack(store, projectId, file);
  const queued = listQueue(store).length;
  const { project } = await unpack(store, file);
  expect(listQueue(store)).toHaveLength(queued);
  expect(
    listRuns(store, project.id)
      .map(({ status }) => status)
      .sort(),
  ).toEqual(['completed', 'stopped']);
  setRunStatus(store, waiting.id, 'running');
  await expect(pack(store, projectId, file)).rejects.toThrow(/is under way/);
});

test('the sample model goes along, is found again where it is, and another model is found by its hash', { timeout: 30_000 }, async () => {
  const resources = join(import.meta.dirname, '../../../resources');
  const store = await sampleStore();
  const { projectId } = await richProject(store, 20);
  const model = await installSampleModel(store, resources);
  setChoices(store, projectId, { modelFolder: model });
  const file = join(await temporaryFolder(), 'a.prospect');
  const manifest = await pack(store, projectId, file);
  expect(manifest.entries.some(({ name }) => name.endsWith('/model.safetensors'))).toBe(true);
  const other = await sampleStore();
  await rm(model, { recursive: true });
  const first = await unpack(other, file);
  const found = getChoices(other, first.project.id).modelFolder ?? '';
  expect(found.startsWith(other.folder.models)).toBe(true);
  expect(await readdir(found)).toContain('model.safetensors');
  const second = await unpack(other, file);
  expect(getChoices(other, second.project.id).modelFolder).toBe(found);
  expect(await readdir(other.folder.models)).toHaveLength(1);
});

test('packing that is cancelled leaves no file, and bringing in that is cancelled leaves nothing', async () => {
  const store = await sampleStore();
  const { projectId } = await richProject(store);
  const folder = await temporaryFolder();
  const stop = new AbortController();
  const cancelled = writeArchive(
    store,
    { projectId, file: join(folder, 'a.prospect'), hasWeights: true },
    {
      ...work(store, stop.signal),
      onProgress: ({ unit, done }) => unit === 'rows' && done > 500 && stop.abort(),
    },
  );
  await expect(cancelled).rejects.toBeInstanceOf(CancelledError);
  expect(await readdir(folder)).toEqual([]);
  await pack(store, projectId, join(folder, 'a.prospect'));
  const before = await stateOf(store);
  for (const label of ['Unpacking the files', 'Reading the rows']) {
    const stopped = new AbortController();
    const brought = readArchive(
      store,
      { file: join(folder, 'a.prospect'), name: null },
      {
        ...work(store, stopped.signal),
        onProgress: (progress) => progress.label === label && stopped.abort(),
      },
    );
    await expect(brought).rejects.toBeInstanceOf(CancelledError);
    expect(await stateOf(store)).toEqual(before);
  }
});

test('a program that ends while it brings a project in has none of it the next time', async () => {
  const root = await temporaryFolder();
  const store = openStore(root);
  const loader = ProjectLoader.begin(store, {
    name: 'Half',
    notes: '',
    maxIds: { datasets: 3 },
    models: new Map(),
    toStoredPath: (path) => path,
  });
  expect(unfinishedProjects(store)).toEqual(new Set([loader.projectId]));
  store.close();
  const again = openStore(root);
  expect(listProjects(again)).toEqual([]);
  expect(unfinishedProjects(again)).toEqual(new Set());
  again.close();
});

test('a taken name is refused, and the disk is not filled', async () => {
  const store = await sampleStore();
  const { projectId } = await richProject(store, 20);
  const file = join(await temporaryFolder(), 'a.prospect');
  await pack(store, projectId, file);
  const before = await stateOf(store);
  await expect(unpack(store, file, listProjects(store)[0]?.name)).rejects.toThrow(/can not be brought in|already a project/);
  expect(await stateOf(store)).toEqual(before);
});

test('an archive names the hash of each of its entries', async () => {
  const store = await sampleStore();
  const { projectId } = await richProject(store, 20);
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'x'));
  await writeFile(join(folder, 'x', 'note'), 'y');
  const manifest = await pack(store, projectId, join(folder, 'a.prospect'));
  const archive = await openArchive(join(folder, 'a.prospect'));
  expect(archive.manifest).toEqual(manifest);
  for (const { name, bytes } of manifest.entries) {
    let size = 0;
    for await (const chunk of archive.read(name)) size += chunk.length;
    expect([name, size]).toEqual([name, bytes]);
  }
  archive.close();
  expect((await readFile(join(folder, 'a.prospect'))).subarray(0, 2).toString()).toBe('PK');
});

async function stateOf(store: Awaited<ReturnType<typeof sampleStore>>): Promise<unknown> {
  const folders = [store.folder.root, store.folder.runs, store.folder.adapters, store.folder.models];
  const names = await Promise.all(folders.map((folder) => readdir(folder).catch(() => [])));
  return {
    projects: listProjects(store).map(({ id }) => id),
    names: names.map((list) => list.filter((name) => !/sqlite|cache/.test(name))),
    at: fromStoredPath(store.folder, '.'),
  };
}
