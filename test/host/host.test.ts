/** @file What both hosts share: folders, files that are handed over, the log, and the order of the end. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dataDirArgument, dataDirFor } from '#host/data-dir.ts';
import { createHandedFiles } from '#host/handed-files.ts';
import { hasDisplay } from '#host/has-display.ts';
import { openLog } from '#host/open-log.ts';
import { openServices } from '#host/open-services.ts';
import { createOpenedFiles } from '#host/opened-files.ts';
import { createShutdown } from '#host/shutdown.ts';
import { listWindowFiles } from '#host/window-files.ts';
import { fakeServices } from '#test/support/fake-services.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const homeDir = '/home/me';
test.each([
  ['linux', {}, '/home/me/.local/share/prospect'],
  ['linux', { XDG_DATA_HOME: '/data' }, '/data/prospect'],
  ['linux', { XDG_DATA_HOME: 'relative' }, '/home/me/.local/share/prospect'],
  ['darwin', {}, '/home/me/Library/Application Support/Prospect'],
  ['win32', { APPDATA: '/roaming' }, '/roaming/Prospect'],
  ['win32', {}, '/home/me/AppData/Roaming/Prospect'],
  ['linux', { PROSPECT_DATA_DIR: '/mine' }, '/mine'],
] as const)('on %s with %j everything lies in %s', (platform, env, folder) => {
  expect(dataDirFor({ platform, env, homeDir })).toBe(folder);
});

test('what is asked for on the command line comes first', () => {
  const env = { PROSPECT_DATA_DIR: '/mine' };
  expect(dataDirFor({ chosen: '/asked', platform: 'linux', env, homeDir })).toBe('/asked');
  expect(dataDirArgument(['.', '--data-dir', '/asked', 'a.csv'])).toBe('/asked');
  expect(dataDirArgument(['--data-dir=/asked'])).toBe('/asked');
  expect(dataDirArgument(['a.csv'])).toBeUndefined();
});

test('a display is what X11 or Wayland says on Linux', () => {
  expect(
    [{}, { DISPLAY: '' }, { DISPLAY: ':0' }, { DISPLAY: '', WAYLAND_DISPLAY: 'wayland-0' }].map((env) => hasDisplay('linux', env)),
  ).toEqual([false, false, true, true]);
  expect(hasDisplay('win32', {})).toBe(true);
});

test('a path has to be whole, an upload has to be there, and only uploads are removed after use', async () => {
  const removed: string[] = [];
  const uploads = {
    pathOf: (id: string) => (id === 'a1' ? '/data/uploads/a1/x.csv' : undefined),
    remove: (id: string) => Promise.resolve(void removed.push(id)),
  };
  const files = createHandedFiles({ uploads, opened: createOpenedFiles(() => undefined) });
  expect(files.pathOf({ path: '/data/x.csv' })).toBe('/data/x.csv');
  expect(files.pathOf({ upload: 'a1' })).toBe('/data/uploads/a1/x.csv');
  expect(() => files.pathOf({ path: 'x.csv' })).toThrow(/whole path/);
  expect(() => files.pathOf({ upload: '../a1' })).toThrow(/Drop it again/);
  await files.release({ path: '/data/x.csv' });
  await files.release({ upload: 'a1' });
  expect(removed).toEqual(['a1']);
});

test('the log says when, how bad and what, with the causes of errors', async () => {
  const file = join(await temporaryFolder(), 'logs', 'prospect.log');
  const logger = openLog({ file, onTerminal: false });
  logger.info('Opened.');
  logger.error('Failed.', new Error('outer', { cause: new Error('inner') }));
  const text = await readFile(file, 'utf8');
  expect(text).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z \[info\] +Opened\.\n/);
  expect(text).toMatch(/\[error\] Failed\.\nError: outer[^]*host\.test\.ts[^]*inner/);
});

test('the log is begun anew when it is large, and three old ones are kept', async () => {
  const folder = await temporaryFolder();
  const logger = openLog({ file: join(folder, 'prospect.log'), onTerminal: false });
  const line = 'x'.repeat(2 ** 20);
  for (let count = 0; count < 20; count++) logger.info(`${count} ${line}`);
  expect((await readdir(folder)).toSorted()).toEqual(['prospect.log', 'prospect.old.1.log', 'prospect.old.2.log', 'prospect.old.3.log']);
  const firstOf = async (name: string) => Number(/\] +(\d+) x/.exec(await readFile(join(folder, name), 'utf8'))?.[1]);
  const firsts = await Promise.all(['prospect.old.3.log', 'prospect.old.2.log', 'prospect.old.1.log', 'prospect.log'].map(firstOf));
  expect(firsts).toEqual(firsts.toSorted((a, b) => a - b));
  expect(firsts.at(-1)).toBeGreaterThan(17);
});

test('what was opened last is ended first, once, and a failure or a delay keeps nothing else from ending', async () => {
  const services = await fakeServices();
  const ended: string[] = [];
  const shutdown = createShutdown(services.logger, 20);
  shutdown.add(() => void ended.push('store'));
  shutdown.add(() => Promise.reject(new Error('broken')));
  shutdown.add(() => new Promise(() => undefined));
  shutdown.add(() => void ended.push('runs'));
  await Promise.all([shutdown.run(), shutdown.run()]);
  expect(ended).toEqual(['runs', 'store']);
  expect(services.logged).toHaveLength(2);
});

test('services open a data folder that does not exist yet, and let go of it at the end', async () => {
  const { logger, desktop, about, spawnJob, spawnInquiry, spawnChat } = await fakeServices();
  const dataDir = join(await temporaryFolder(), 'new', 'folder');
  const open = () =>
    openServices({
      dataDir,
      logFile: join(dataDir, 'x.log'),
      logger,
      desktop,
      about,
      spawnJob,
      spawnInquiry,
      spawnChat,
      uploads: null,
      resourcesDir: dataDir,
      env: {},
    });
  const first = open();
  expect(() => open()).toThrow(/Another Prospect/);
  await first.shutdown.run();
  const second = open();
  await second.shutdown.run();
  expect(await readdir(dataDir)).toContain('prospect.sqlite');
});

test('a window that was not built is an error that says how to build it', () => {
  expect(() => listWindowFiles('/nowhere')).toThrow(/npm run build/);
});
