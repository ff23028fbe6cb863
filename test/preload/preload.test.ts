/** @file What an Electron page gets from the preload file, and nothing more. */
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test, vi } from 'vitest';
import { CHANNELS } from '#contract/channels.ts';
import type { WindowApi } from '#contract/window-api.ts';
import { fake, ipcRenderer } from '#test/support/fake-electron.ts';

vi.mock('electron', () => import('#test/support/fake-electron.ts'));

let api: WindowApi;
beforeAll(async () => {
  await import(fileURLToPath(new URL('../../preload/index.ts', import.meta.url)));
  api = fake.exposed.get('api') as WindowApi;
});

test('only three functions and the name of the host are exposed', () => {
  expect([...fake.exposed.keys()]).toEqual(['api']);
  expect(Object.keys(api).toSorted()).toEqual(['host', 'on', 'pathsOfDroppedFiles', 'request']);
  expect(api.host).toBe('electron');
});

test('a request goes over the one channel', async () => {
  expect(await api.request('projects.list', undefined)).toEqual({ ok: true, value: 'answer' });
  expect(fake.invoked).toEqual([[CHANNELS.request, { name: 'projects.list', input: undefined }]]);
});

test('events arrive without what Electron knows of their sender, until they are not wanted', () => {
  const told: unknown[] = [];
  const end = api.on((...values) => told.push(values));
  ipcRenderer.emit(CHANNELS.event, { sender: 'secret' }, { name: 'projects.changed', payload: undefined });
  end();
  ipcRenderer.emit(CHANNELS.event, {}, { name: 'projects.changed', payload: undefined });
  expect(told).toEqual([['projects.changed', undefined]]);
});

test('dropped files have paths, or none where they are no files of this disk', () => {
  expect(api.pathsOfDroppedFiles([{ path: '/data/prefs.csv' }, {}])).toEqual(['/data/prefs.csv', '']);
});
