/** @file Archives from the window: made and brought in as tasks, told to every window, hidden until they are whole. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ProjectLoader } from '#store/archive/load-project.ts';
import { richProject } from '#test/transfer/archive/archive-support.ts';
import { ask } from '#test/support/ask.ts';
import { fakeServices } from '#test/support/fake-services.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

test('a project is packed, and brought in again beside itself', async () => {
  const services = await fakeServices();
  const { projectId } = await richProject(services.store, 50);
  const file = join(await temporaryFolder(), 'mine');
  const write = { task: 'a', projectId, path: file, hasWeights: true, replace: false };
  const packed = await ask(services, 'archives.write', write);
  expect(packed).toEqual({ path: `${file}.prospect`, bytes: expect.any(Number) });
  await expect(ask(services, 'archives.write', write)).rejects.toThrow(/is there already/);
  await ask(services, 'archives.write', { ...write, replace: true });
  const { project } = await ask(services, 'archives.read', { task: 'b', file: { path: packed.path } });
  expect((await ask(services, 'projects.list')).map(({ id }) => id)).toContain(project.id);
  expect(services.told.map(({ name }) => name)).toContain('projects.changed');
  await writeFile(packed.path, 'damaged');
  await expect(ask(services, 'archives.read', { task: 'c', file: { path: packed.path } })).rejects.toThrow(/is not an archive/);
});

test('a project that is coming is not listed', async () => {
  const services = await fakeServices();
  const { store } = services;
  const loader = ProjectLoader.begin(store, { name: 'Half', notes: '', maxIds: {}, models: new Map(), toStoredPath: (path) => path });
  expect(await ask(services, 'projects.list')).toEqual([]);
  loader.finish(() => undefined);
  expect((await ask(services, 'projects.list')).map(({ id }) => id)).toEqual([loader.projectId]);
});

test('archives that the program was opened with are not taken for rows', async () => {
  const services = await fakeServices();
  services.opened.add('/in/rows.csv');
  services.opened.add('/in/Mine.Prospect');
  expect(await ask(services, 'files.takeOpened')).toEqual({ paths: ['/in/rows.csv'] });
  expect(await ask(services, 'archives.takeOpened')).toEqual({ paths: ['/in/Mine.Prospect'] });
  expect(await ask(services, 'archives.takeOpened')).toEqual({ paths: [] });
});
