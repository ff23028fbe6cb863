/** @file Exports from the window: what can be exported, what it takes, that it is made whole or not at all, and that it is found again. */
import { cp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ExportForm } from '#contract/exports.ts';
import { openRunSource } from '#exports/run-source.ts';
import { setChoices } from '#projects/choices.ts';
import { importAdapter } from '#projects/import-adapter.ts';
import { importRun } from '#projects/import-run.ts';
import { deleteProject } from '#projects/project-contents.ts';
import { listSettings } from '#store/settings.ts';
import { createProject } from '#store/projects.ts';
import { ask } from '#test/support/ask.ts';
import { GOLDEN } from '#test/support/chat.ts';
import { EXPORT_BASE, trainForExport } from '#test/support/export-runs.ts';
import { fakeServices, type FakeServices } from '#test/support/fake-services.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const KTO = join(GOLDEN, 'trl/kto_default/adapter_final');

let folder = '';
let runDir = '';
beforeAll(async () => {
  folder = await temporaryFolder();
  runDir = await trainForExport('kto', folder);
}, 60_000);

let services: FakeServices;
let parent = '';
let projectId = 0;
let adapterId = 0;
beforeEach(async () => {
  services = await fakeServices();
  parent = await temporaryFolder();
  const { store } = services;
  projectId = createProject(store, { name: 'Reviews' }).id;
  await importRun(store, { projectId, source: await openRunSource(runDir, null), name: 'KTO 1' });
  const [source] = await ask(services, 'exports.listSources', { projectId });
  adapterId = source?.adapterId ?? 0;
});

const wanted = (form: ExportForm, name: string = form) => ({ projectId, adapterId, form, dtype: 'F16' as const, parent, name });
const start = (form: ExportForm, name?: string) => ask(services, 'exports.start', { task: `t-${form}`, ...wanted(form, name) });

describe('what can be exported', () => {
  test('is every adapter, with its run and its model', async () => {
    await importAdapter(services.store, { projectId, adapterDir: KTO, modelDir: EXPORT_BASE, name: 'Elsewhere' });
    const sources = await ask(services, 'exports.listSources', { projectId });
    expect(sources).toMatchObject([
      { name: 'Elsewhere', runId: null, method: null, problem: null, jobProblem: expect.stringMatching(/brought in as an adapter alone/) },
      { name: 'KTO 1', method: 'kto', modelName: 'base', modelFolder: EXPORT_BASE, problem: null, jobProblem: null },
    ]);
  });

  test('is nothing without its files or its model, and says so', async () => {
    await rm(join(services.store.folder.runs), { recursive: true });
    const [source] = await ask(services, 'exports.listSources', { projectId });
    expect(source?.problem).toMatch(/^Its files are not in .* any more/);
    await expect(start('adapter')).rejects.toThrow(/^Its files are not in/);
    expect(await readdir(parent)).toEqual([]);
  });
});

describe('what it takes', () => {
  test.each(['adapter', 'merged', 'gguf', 'gguf-lora', 'trl-job'] as const)(
    'is told of %s before anything is written, and is about right',
    async (form) => {
      const plan = await ask(services, 'exports.plan', wanted(form));
      expect(plan).toMatchObject({ problem: null, folder: join(parent, form), freeBytes: expect.any(Number) });
      expect(plan.cacheBytes > 0).toBe(form === 'gguf-lora');
      expect(await readdir(parent)).toEqual([]);
    },
  );

  test('a place that can not be used is said, and refused', async () => {
    await mkdir(join(parent, 'full'));
    await writeFile(join(parent, 'full', 'thesis.txt'), 'mine');
    await writeFile(join(parent, 'file'), 'mine');
    for (const [name, message] of [
      ['full', /is there already and not an empty folder/],
      ['file', /is there already/],
      ['../x', /has none of/],
      ['.hidden', /neither begins with a dot/],
      ['con', /Windows has devices/],
      ['', /Give the new folder a name/],
    ] as const) {
      const { problem, folder: place } = await ask(services, 'exports.plan', wanted('adapter', name));
      expect([name, problem, place]).toEqual([name, expect.stringMatching(message), null]);
      await expect(start('adapter', name)).rejects.toThrow(message);
    }
    const gone = { ...wanted('adapter'), parent: join(parent, 'nowhere') };
    expect((await ask(services, 'exports.plan', gone)).problem).toMatch(/does not exist/);
    expect(await readFile(join(parent, 'full', 'thesis.txt'), 'utf8')).toBe('mine');
    expect((await readdir(parent)).sort()).toEqual(['file', 'full']);
  });
});

describe('an export', () => {
  test.each([
    ['adapter', /^Verified: loaded again by Prospect/],
    ['merged', /^Verified: loaded again by Prospect/],
    ['gguf', /^Verified: loaded again by llama\.cpp/],
    ['gguf-lora', /^Verified: loaded again by llama\.cpp/],
    ['trl-job', /^not tried$/],
  ] as const)('as %s is made in a process of its own, loaded again, and found later', { timeout: 60_000 }, async (form, verified) => {
    const needed = (await ask(services, 'exports.plan', wanted(form))).neededBytes;
    const made = await start(form);
    expect(await readdir(parent)).toEqual([form]);
    expect(made.folder).toBe(join(parent, form));
    expect((await readdir(made.folder)).sort()).toEqual(made.files.map(({ name }) => name));
    expect(made.check?.text ?? 'not tried').toMatch(verified);
    expect(made.nextSteps.length).toBeGreaterThan(0);
    const written = made.files.reduce((sum, { bytes }) => sum + bytes, 0);
    expect(written).toBeLessThanOrEqual(needed);
    expect(await ask(services, 'exports.list', { projectId })).toEqual([{ ...made, isThere: true }]);
    expect(services.told.filter(({ name }) => name === 'exports.changed')).toHaveLength(1);
    await rm(made.folder, { recursive: true });
    expect(await ask(services, 'exports.list', { projectId })).toMatchObject([{ id: made.id, isThere: false }]);
    expect(await ask(services, 'exports.reveal', { projectId, exportId: made.id })).toEqual({ path: made.folder, shown: true });
    await ask(services, 'exports.forget', { projectId, exportId: made.id });
    expect(await ask(services, 'exports.list', { projectId })).toEqual([]);
  });

  test('names its parts while it is made, and takes an empty folder that is there', { timeout: 60_000 }, async () => {
    await mkdir(join(parent, 'mine'));
    await start('merged', 'mine');
    const titles = services.told.flatMap(({ name, payload }) =>
      name === 'tasks.changed' ? (payload as { tasks: { title: string }[] }).tasks.map(({ title }) => title) : [],
    );
    expect([...new Set(titles)]).toEqual([
      'Exporting mine',
      'mine: merging the weights',
      'mine: computing with what was trained',
      'mine: loading the export again',
    ]);
  });

  test('that is cancelled leaves nothing, wherever it was', { timeout: 60_000 }, async () => {
    for (const part of ['Exporting', 'loading']) {
      const stop = services.hub.subscribe(({ name, payload }) => {
        const [task] = name === 'tasks.changed' ? (payload as { tasks: { id: string; title: string; cancelling: boolean }[] }).tasks : [];
        if (task?.title.includes(part) === true && !task.cancelling) services.tasks.cancel(task.id);
      });
      await expect(start('merged', 'cancelled')).rejects.toThrow('Cancelled');
      stop();
      expect(await readdir(parent)).toEqual([]);
    }
    expect(await ask(services, 'exports.list', { projectId })).toEqual([]);
  });

  test('that fails says why and leaves nothing', { timeout: 60_000 }, async () => {
    const [source] = await ask(services, 'exports.listSources', { projectId });
    const weights = join(services.store.folder.runs, (await readdir(services.store.folder.runs))[0] ?? '', 'adapter_model.safetensors');
    await cp(weights, `${weights}.kept`);
    await writeFile(weights, 'not weights');
    expect(source?.problem).toBeNull();
    await expect(start('adapter')).rejects.toThrow(/adapter_model\.safetensors/);
    expect(await readdir(parent)).toEqual([]);
  });

  test('is forgotten with its project, and its files stay', { timeout: 60_000 }, async () => {
    const { folder: made } = await start('adapter');
    await deleteProject(services.store, projectId, { deleteFiles: true });
    expect(Object.keys(listSettings(services.store)).filter((key) => key.startsWith('exports'))).toEqual([]);
    expect(await readdir(made)).toContain('adapter_model.safetensors');
  });
});

describe('what was made elsewhere', () => {
  test('comes in as an adapter, checked against the model that was given or chosen', async () => {
    const folders = { projectId, folder: KTO, name: null };
    await expect(ask(services, 'adapters.import', { ...folders, modelFolder: null })).rejects.toThrow(/Choose the model/);
    const brought = await ask(services, 'adapters.import', { ...folders, modelFolder: EXPORT_BASE });
    expect(brought).toMatchObject({ name: 'adapter_final', notes: [] });
    setChoices(services.store, projectId, { modelFolder: EXPORT_BASE });
    await ask(services, 'adapters.import', { ...folders, modelFolder: null, name: 'Again' });
    const wrong = { ...folders, folder: join(GOLDEN, 'peft/from-peft-qwen3-plain'), modelFolder: null };
    await expect(ask(services, 'adapters.import', wrong)).rejects.toThrow(/made for another model/);
    expect((await ask(services, 'exports.listSources', { projectId })).map(({ name }) => name)).toEqual([
      'Again',
      'adapter_final',
      'KTO 1',
    ]);
    expect(services.told.filter(({ name }) => name === 'adapters.changed')).toHaveLength(2);
  });

  test('comes in as a run, whose adapter can be exported', async () => {
    const run = await ask(services, 'runs.import', { projectId, folder: runDir, modelFolder: null, name: 'Mine' });
    const sources = await ask(services, 'exports.listSources', { projectId });
    expect(sources[0]).toMatchObject({ adapterId: run.adapterId, name: 'Mine', method: 'kto', problem: null });
    expect((await ask(services, 'runs.list', { projectId })).map(({ name }) => name)).toEqual(['Mine', 'KTO 1']);
  });
});
