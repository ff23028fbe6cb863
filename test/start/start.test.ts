/** @file `npm start` chooses a host, says why, and builds only what is out of date. */
import { chmod, mkdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isBuilt } from '#start/build.ts';
import { chooseHost } from '#start/choose-host.ts';
import { installElectron } from '#start/electron-binary.ts';
import { parseStartOptions } from '#start/options.ts';
import { runElectron } from '#start/run-electron.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const DISPLAY = { DISPLAY: ':0' };
const choose = async (root: string, changes: Partial<Parameters<typeof chooseHost>[0]> = {}) => {
  const said: string[] = [];
  const install = () => Promise.resolve(false);
  return {
    ...(await chooseHost({
      wantsBrowser: false,
      root,
      env: DISPLAY,
      platform: 'linux',
      install,
      say: (line) => said.push(line),
      ...changes,
    })),
    said,
  };
};

async function withElectron(script = 'exit 0'): Promise<string> {
  const root = await temporaryFolder();
  const folder = join(root, 'node_modules', 'electron');
  await mkdir(join(folder, 'dist'), { recursive: true });
  await writeFile(join(folder, 'path.txt'), 'electron\n');
  await writeFile(join(folder, 'dist', 'electron'), `#!/bin/sh\n${script}\n`);
  await chmod(join(folder, 'dist', 'electron'), 0o755);
  return root;
}

test('words are read, and unknown ones are refused', () => {
  expect(parseStartOptions(['--browser', '--data-dir', '/d', '--port', '80'])).toEqual({ browser: true, dataDir: '/d', port: '80' });
  expect(() => parseStartOptions(['--broswer'])).toThrow(/--broswer.*npm start -- takes --browser/);
  expect(() => parseStartOptions(['stray'])).toThrow(/stray/);
});

test('Electron is chosen where its program and a display are', async () => {
  const root = await withElectron();
  expect(await choose(root)).toMatchObject({ kind: 'electron', path: join(root, 'node_modules/electron/dist/electron') });
});

test('a browser is chosen without a word where it was asked for', async () => {
  expect(await choose(await withElectron(), { wantsBrowser: true })).toEqual({ kind: 'browser', why: '', said: [] });
});

test('without a display the reason is said, and nothing is fetched', async () => {
  expect(await choose(await temporaryFolder(), { env: {} })).toEqual({ kind: 'browser', why: 'There is no display.', said: [] });
});

test("where Electron's program is not here it is fetched, and if that fails the reason is said", async () => {
  const answer = await choose(await temporaryFolder());
  expect(answer).toMatchObject({ kind: 'browser', why: "Electron's program could not be fetched." });
  expect(answer.said.join()).toMatch(/fetched once/);
  const root = await temporaryFolder();
  const install = async () => {
    await mkdir(join(root, 'node_modules/electron/dist'), { recursive: true });
    await writeFile(join(root, 'node_modules/electron/dist/electron'), '');
    await writeFile(join(root, 'node_modules/electron/path.txt'), 'electron');
    return true;
  };
  expect(await choose(root, { install })).toMatchObject({ kind: 'electron' });
});

test('a package without its script, or whose script fails, installs nothing', async () => {
  const root = await temporaryFolder();
  expect(await installElectron(root)).toBe(false);
  await mkdir(join(root, 'node_modules/electron'), { recursive: true });
  await writeFile(join(root, 'node_modules/electron/install.js'), 'process.exit(1)');
  expect(await installElectron(root)).toBe(false);
});

test('a window that was closed is the end, one that never came up is a reason', async () => {
  const run = async (script: string, nowMs?: () => number) => {
    const root = await withElectron(script);
    return runElectron(join(root, 'node_modules/electron/dist/electron'), { root, dataDir: '/d', ...(nowMs ? { nowMs } : {}) });
  };
  expect(await run('test "$2 $3" = "--data-dir /d"')).toBeNull();
  expect(await run('exit 127')).toMatch(/does not start here \(exit code 127\)/);
  expect(await run('kill -SEGV $$')).toMatch(/SIGSEGV/);
  let now = 0;
  expect(await run('exit 1', () => (now += 10_000))).toBeNull();
  process.exitCode = 0;
  expect(await runElectron('/nowhere/electron', { root: '/', dataDir: undefined })).toMatch(/ENOENT/);
});

test('a build is used until a source is changed, added or removed', async () => {
  const root = await temporaryFolder();
  const [before, at, after] = [new Date(1000), new Date(2000), new Date(3000)];
  const put = async (path: string, time: Date) => {
    await mkdir(join(root, path, '..'), { recursive: true });
    await writeFile(join(root, path), '');
    await utimes(join(root, path), time, time);
  };
  const sources = [
    'main/a.ts',
    'preload/b.ts',
    'renderer/c.tsx',
    'resources/build/d.ts',
    'electron.vite.config.ts',
    'package.json',
    'package-lock.json',
  ];
  for (const source of sources) await put(source, before);
  for (const folder of ['main', 'preload', 'renderer', 'resources/build']) await utimes(join(root, folder), before, before);
  expect(isBuilt(root)).toBe(false);
  await put('dist/renderer/index.html', at);
  expect(isBuilt(root)).toBe(true);
  await put('renderer/c.tsx', after);
  expect(isBuilt(root)).toBe(false);
  await put('renderer/c.tsx', before);
  await utimes(join(root, 'renderer'), before, before);
  expect(isBuilt(root)).toBe(true);
  await utimes(join(root, 'main'), after, after);
  expect(isBuilt(root)).toBe(false);
});
