/** @file The first launch: a project that can be started at once, or nothing of it. */
import { cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeSampleProject } from '#setup/sample-project.ts';
import { setSampleState } from '#setup/sample-state.ts';
import { listDatasets, latestVersionOf } from '#store/datasets.ts';
import { createProject, listProjects } from '#store/projects.ts';
import { ask } from '#test/support/ask.ts';
import { fakeServices, type FakeServices } from '#test/support/fake-services.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { BASE_MODEL } from '#test/support/training-runs.ts';

const RESOURCES = join(import.meta.dirname, '../../resources');
/** The smallest that the blog's rows can be written with. */
const TEMPLATE = '{% for message in messages %}{{ message.role }}: {{ message.content }}\n{% endfor %}';

/** Resources with the real pairs and a tiny model. */
async function resources(files: { readonly model?: boolean; readonly pairs?: boolean } = {}): Promise<string> {
  const folder = await temporaryFolder();
  if (files.pairs !== false) await cp(join(RESOURCES, 'reviewer2'), join(folder, 'reviewer2'), { recursive: true });
  if (files.model === false) return folder;
  await cp(BASE_MODEL, join(folder, 'starter-model'), { recursive: true });
  await writeFile(join(folder, 'starter-model', 'chat_template.jinja'), TEMPLATE);
  return folder;
}

const make = (services: FakeServices, signal = new AbortController().signal) => makeSampleProject(services.setup, signal);
const withResources = async (resourcesDir: string) => fakeServices({ setupChanges: { resourcesDir } });

test('the first launch makes a project with data, a split, the model and settings, and Start works', { timeout: 60_000 }, async () => {
  const services = await withResources(await resources());
  const project = await make(services);
  const projectId = project?.id ?? 0;
  expect(listProjects(services.store).map(({ name }) => name)).toEqual(['Reviewer #2 (sample)']);
  const sizes = listDatasets(services.store, projectId).map(({ id, name }) => [name, latestVersionOf(services.store, id)?.rowCount]);
  expect(sizes).toEqual([
    ['Reviewer #2 pairs', 1000],
    ['Reviewer #2 unpaired', 2000],
  ]);
  const choices = await ask(services, 'choices.get', { projectId });
  expect(choices).toMatchObject({ modelFolder: join(services.dataDir, 'models', 'prospect-starter'), settings: { learning_rate: 5e-4 } });
  const steps = await ask(services, 'steps.list', { projectId });
  expect(steps.slice(0, 5).map(({ name, state }) => [name, state])).toEqual([
    ['data', 'done'],
    ['pairs', 'done'],
    ['model', 'done'],
    ['settings', 'done'],
    ['train', 'open'],
  ]);
  expect(await ask(services, 'settings.preview', { projectId, method: 'kto' })).toMatchObject({ trainRows: 1800, fits: true });
  expect(await ask(services, 'settings.check', { projectId, methods: ['kto', 'dpo'], settings: choices.settings })).toMatchObject({
    problem: null,
    warnings: [],
  });
  expect(await ask(services, 'models.list')).toMatchObject([{ isSample: true, isThere: true }]);
  expect(services.told.map(({ name }) => name)).toContain('projects.changed');
});

test('it is made once: who deletes it, or has projects, does not get it', async () => {
  const services = await withResources(await resources({ model: false }));
  const project = await make(services);
  expect(await make(services)).toBeNull();
  await ask(services, 'projects.delete', { id: project?.id ?? 0, deleteFiles: true });
  expect(await make(services)).toBeNull();
  const other = await withResources(await resources({ model: false }));
  const { id } = await ask(other, 'projects.create', { name: 'Mine' });
  expect(await make(other)).toBeNull();
  await ask(other, 'projects.delete', { id, deleteFiles: true });
  expect(await make(other)).toBeNull();
});

test('without the model it begins with choosing one, and without the data there is none', async () => {
  const services = await withResources(await resources({ model: false }));
  const project = await make(services);
  expect(await ask(services, 'choices.get', { projectId: project?.id ?? 0 })).toMatchObject({ modelFolder: null });
  expect(await make(await withResources(await resources({ pairs: false })))).toBeNull();
});

test('if something goes wrong nothing is left, and the next launch tries again', async () => {
  const folder = await resources();
  const services = await withResources(folder);
  await writeFile(join(folder, 'starter-model', 'model.safetensors'), 'damaged');
  await expect(make(services)).rejects.toThrow(/model\.safetensors/);
  expect(listProjects(services.store)).toEqual([]);
  expect((await readdir(services.dataDir)).filter((name) => name.startsWith('.unfinished'))).toEqual([]);
  expect(await readdir(join(services.dataDir, 'models'))).toEqual([]);
  await cp(join(BASE_MODEL, 'model.safetensors'), join(folder, 'starter-model', 'model.safetensors'));
  expect(await make(services)).not.toBeNull();
});

test('an end of the program meanwhile leaves nothing', async () => {
  const services = await withResources(await resources({ model: false }));
  const stop = new AbortController();
  const making = make(services, stop.signal);
  stop.abort();
  await expect(making).rejects.toMatchObject({ code: 'cancelled' });
  expect(listProjects(services.store)).toEqual([]);
});

test('a model that can not be copied is a sentence, and no half of it is there', async () => {
  const services = await withResources(await resources());
  await mkdir(join(services.dataDir, 'models'), { recursive: true });
  await cp(join(RESOURCES, 'reviewer2', 'README.md'), join(services.dataDir, 'models', 'prospect-starter'));
  // What lies there is in the way, and is replaced.
  expect(await make(services)).not.toBeNull();
  expect(existsSync(join(services.dataDir, 'models', 'prospect-starter', 'config.json'))).toBe(true);
});

test('it is hidden until it is ready, and what a killed program left is removed', async () => {
  const services = await withResources(await resources({ model: false }));
  const { id } = createProject(services.store, { name: 'Reviewer #2 (sample)' });
  setSampleState(services.store, { making: id });
  expect(await ask(services, 'projects.list')).toEqual([]);
  const project = await make(services);
  expect((await ask(services, 'projects.list')).map((listed) => listed.id)).toEqual([project?.id]);
  expect(project?.id).not.toBe(id);
});
