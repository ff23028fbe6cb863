/** @file The built Electron program: under a fake Electron always, and in the real one where its binary and a display are. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { _electron as electron } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasDisplay } from '#host/has-display.ts';
import { findElectron } from '#start/electron-binary.ts';
import { ROOT } from './support/start-host.ts';

let dataDir = '';
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'prospect-e2e-'));
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

test('the built program opens its folder and window, answers its page, and ends in order', async () => {
  const words = [
    '--import',
    './test/e2e/support/electron-hook.ts',
    'test/e2e/support/run-built-main.ts',
    join(ROOT, 'dist/index.js'),
    dataDir,
  ];
  const { stdout } = await promisify(execFile)(process.execPath, words, { cwd: ROOT, env: { ...process.env, PROSPECT_NO_SAMPLE: '1' } });
  const report: unknown = JSON.parse(stdout);
  expect(report).toMatchObject({
    windowsBeforeReady: 0,
    page: { status: 200, text: expect.stringContaining('<div id="root">') as string },
    info: { ok: true, value: { host: 'electron', dataFolder: dataDir } },
    created: { ok: true, value: { id: 1, name: 'Reviews' } },
    opened: { ok: true, value: { paths: [join(ROOT, 'prefs.csv')] } },
    licences: expect.arrayContaining(['react', '@mantine/core', 'zod', 'onnxruntime-node', 'better-sqlite3']) as string[],
    told: ['projects.changed'],
    preferences: { preload: join(ROOT, 'dist/preload/index.cjs'), sandbox: true },
    userData: join(dataDir, 'window'),
    errors: [],
    exitCode: 0,
  });
  expect(existsSync(join(dataDir, 'window.json'))).toBe(true);
  expect(readFileSync(join(dataDir, 'logs', 'prospect.log'), 'utf8')).toContain(`opened ${dataDir}`);
});

test('the preload file is one file that needs nothing but Electron', () => {
  const text = readFileSync(join(ROOT, 'dist/preload/index.cjs'), 'utf8');
  expect([...text.matchAll(/require\("([^"]+)"\)/g)].map(([, name]) => name)).toEqual(['electron']);
  expect(text).not.toMatch(/^import /m);
});

const binary = findElectron(ROOT, process.env);
const missing = binary === null ? "Electron's binary is not here" : 'there is no display';
const skipped = binary === null || !hasDisplay(process.platform, process.env);

describe.skipIf(skipped)(`in Electron${skipped ? ` (${missing})` : ''}`, () => {
  test('the window opens and makes a project', async () => {
    const app = await electron.launch({ executablePath: binary ?? '', args: [ROOT, '--data-dir', dataDir, '--no-sandbox'] });
    const page = await app.firstWindow();
    await page.getByRole('button', { name: 'New' }).click();
    await page.getByLabel('Name').fill('From Electron');
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByRole('heading', { name: 'From Electron' }).waitFor();
    expect(await page.evaluate(() => typeof (globalThis as { require?: unknown }).require)).toBe('undefined');
    await app.close();
  });
});
