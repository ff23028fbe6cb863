/** @file What each request of the program and its projects does. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import type { InputArguments, RequestName, RequestOutput } from '#contract/index.ts';
import { unwrap, type Result } from '#contract/result.ts';
import { createDispatch } from '#ipc/dispatch.ts';
import { handlers } from '#ipc/handlers.ts';
import type { Services } from '#ipc/services.ts';
import { setSetting } from '#store/settings.ts';
import { fakeServices, type FakeServices } from '#test/support/fake-services.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

let services: FakeServices;
beforeEach(async () => {
  services = await fakeServices();
});

/** As a window would: through the contract. */
async function ask<N extends RequestName>(name: N, ...input: InputArguments<N>): Promise<RequestOutput<N>> {
  return unwrap((await createDispatch(handlers, services as Services)({ name, input: input[0] })) as Result<RequestOutput<N>>);
}

test('the program says what it is and where it keeps things', async () => {
  expect(await ask('app.getInfo')).toMatchObject({
    version: '0.0.0-test',
    host: 'browser',
    dataFolder: services.dataDir,
    electronVersion: null,
  });
});

test('preferences have defaults, change one by one, last, and are told to every window', async () => {
  expect(await ask('app.getPreferences')).toEqual({ theme: 'auto', showAdvancedSettings: false, offline: false });
  await ask('app.setPreferences', { theme: 'dark' });
  await ask('app.setPreferences', { showAdvancedSettings: true });
  expect(await ask('app.getPreferences')).toEqual({ theme: 'dark', showAdvancedSettings: true, offline: false });
  expect(services.told.at(-1)).toEqual({
    name: 'app.preferencesChanged',
    payload: { theme: 'dark', showAdvancedSettings: true, offline: false },
  });
});

test('preferences of a version that knew others are the defaults', async () => {
  setSetting(services.store, 'preferences', { theme: 'sepia' });
  expect(await ask('app.getPreferences')).toEqual({ theme: 'auto', showAdvancedSettings: false, offline: false });
});

test('folders are shown, and where none can be shown the path is told', async () => {
  expect(await ask('app.revealDataFolder')).toEqual({ path: services.dataDir, shown: true });
  services = await fakeServices({ desktop: { ...services.desktop, open: () => Promise.resolve(false) } });
  expect(await ask('app.openLog')).toEqual({ path: services.logFile, shown: false });
});

test('licences of both halves are listed once each, by name', async () => {
  const folder = await temporaryFolder();
  const licenceFiles = [join(folder, 'main.json'), join(folder, 'renderer.json')];
  const licence = (name: string) => ({ name, version: '1.0.0', licence: 'MIT', text: 'Permission is hereby granted' });
  await writeFile(join(folder, 'main.json'), JSON.stringify([licence('zod'), licence('ws')]));
  await writeFile(join(folder, 'renderer.json'), JSON.stringify([licence('react'), licence('zod')]));
  services = await fakeServices({ about: { ...services.about, licenceFiles } });
  expect((await ask('app.listLicences')).map(({ name }) => name)).toEqual(['react', 'ws', 'zod']);
});

test('licences that were not built are an error that says what to do', async () => {
  services = await fakeServices({ about: { ...services.about, licenceFiles: [join(services.dataDir, 'licences.json')] } });
  await expect(ask('app.listLicences')).rejects.toThrow(/npm run build/);
});

test('a project is made, renamed, copied and deleted, and every window is told', async () => {
  const { id } = await ask('projects.create', { name: 'Reviews' });
  await ask('projects.rename', { id, name: 'Reviewer #2' });
  await ask('projects.duplicate', { id, name: 'Another' });
  expect((await ask('projects.list')).map(({ name }) => name)).toEqual(['Another', 'Reviewer #2']);
  expect(await ask('projects.describeContents', { id })).toMatchObject({ runs: 0, bytes: 0 });
  await ask('projects.delete', { id, deleteFiles: true });
  expect((await ask('projects.list')).map(({ name }) => name)).toEqual(['Another']);
  expect(services.told.filter(({ name }) => name === 'projects.changed')).toHaveLength(4);
});

test('a name that is taken, and a project that is gone, are errors that say so', async () => {
  const { id } = await ask('projects.create', { name: 'Reviews' });
  await expect(ask('projects.create', { name: 'Reviews' })).rejects.toThrow(/Reviews/);
  await ask('projects.delete', { id, deleteFiles: false });
  await expect(ask('projects.rename', { id, name: 'x' })).rejects.toThrow(/no project/);
  await expect(ask('projects.reveal', { id })).rejects.toThrow(/no project/);
});

test('picking says whether there is a dialog at all', async () => {
  expect(await ask('files.pick', { purpose: 'dataset' })).toEqual({ available: false, paths: [] });
  services = await fakeServices({ desktop: { ...services.desktop, pick: () => Promise.resolve(['/a.csv']) } });
  expect(await ask('files.pick', { purpose: 'dataset' })).toEqual({ available: true, paths: ['/a.csv'] });
});

test('where to write a file is asked in a dialog where there is one', async () => {
  expect(await ask('files.pickTarget', { fileName: 'a.csv' })).toEqual({ available: false, paths: [] });
  services = await fakeServices({ desktop: { ...services.desktop, pickTarget: (name) => Promise.resolve([`/out/${name}`]) } });
  expect(await ask('files.pickTarget', { fileName: 'a.csv' })).toEqual({ available: true, paths: ['/out/a.csv'] });
});

test('files the program was opened with are taken once', async () => {
  services.opened.add('/data/prefs.csv');
  expect(services.told.map(({ name }) => name)).toEqual(['files.opened']);
  expect(await ask('files.takeOpened')).toEqual({ paths: ['/data/prefs.csv'] });
  expect(await ask('files.takeOpened')).toEqual({ paths: [] });
});
