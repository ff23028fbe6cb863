/** @file Models from a Hub of this machine, as a window asks for them. */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import type { HubDownload } from '#contract/hub.ts';
import { findOrphans } from '#store/orphans.ts';
import { ask } from '#test/support/ask.ts';
import { COMMIT, fakeHub, filesOf, type FakeHubOptions } from '#test/support/fake-hub.ts';
import { fakeServices, type FakeServices } from '#test/support/fake-services.ts';
import { BASE_MODEL } from '#test/support/training-runs.ts';

const FILES = filesOf(BASE_MODEL);
const ID = 'me/tiny';

let services: FakeServices;
async function withHub(options: Partial<FakeHubOptions> = {}, dataDir?: FakeServices) {
  const hub = await fakeHub({ files: FILES, ...options });
  services = dataDir ?? (await fakeServices({ setupChanges: { hub: { url: hub.url, forbidden: null } } }));
  return hub;
}

async function ended(): Promise<HubDownload> {
  await expect.poll(async () => (await ask(services, 'hub.listDownloads'))[0]?.state, { timeout: 10_000 }).not.toBe('running');
  const [download] = await ask(services, 'hub.listDownloads');
  if (!download) throw new Error('There is no download.');
  return download;
}

const modelFolders = () => readdir(services.store.folder.models);

describe('a download', () => {
  beforeEach(() => withHub());

  test('is looked at first: files, sizes, where it will lie', async () => {
    const model = await ask(services, 'hub.look', { id: ID });
    expect(model).toMatchObject({ commit: COMMIT, problem: null, folder: join(services.store.folder.models, 'me--tiny') });
    expect(model.bytes).toBe(model.files.reduce((sum, { bytes }) => sum + bytes, 0));
    expect(await modelFolders()).toEqual([]);
  });

  test('ends as a model that can be chosen, is known, and owns its files', async () => {
    await ask(services, 'hub.download', { id: ID, commit: COMMIT });
    const done = await ended();
    expect(done).toMatchObject({ state: 'done', message: null, bytesDone: done.bytesTotal });
    expect((await ask(services, 'models.inspect', { folder: done.folder ?? '' })).problem).toBeNull();
    expect(await ask(services, 'models.list')).toMatchObject([{ name: 'me--tiny', isThere: true }]);
    expect(await findOrphans(services.store, { checkHashes: true })).toEqual({ filesWithoutRow: [], rowsWithoutFile: [], changed: [] });
    expect(await readdir(join(services.dataDir, 'downloads'))).toEqual([]);
    expect(services.activity.current).toEqual([]);
  });

  test('is not begun twice', async () => {
    const [first, second] = await Promise.allSettled([
      ask(services, 'hub.download', { id: ID, commit: COMMIT }),
      ask(services, 'hub.download', { id: ID, commit: COMMIT }),
    ]);
    expect([first.status, second.status]).toEqual(['fulfilled', 'rejected']);
    await ended();
  });
});

test('one that is stopped is no model, survives a restart, and goes on', async () => {
  let isSlow = true;
  const onFile: FakeHubOptions['onFile'] = (path, response) => {
    if (!isSlow || path !== 'model.safetensors') return false;
    response.writeHead(200, { 'content-length': FILES['model.safetensors']?.length }).write(FILES['model.safetensors']?.subarray(0, 5000));
    return true;
  };
  const hub = await withHub({ onFile });
  await ask(services, 'hub.download', { id: ID, commit: COMMIT });
  await expect.poll(async () => (await ask(services, 'hub.listDownloads'))[0]?.file).toBe('model.safetensors');
  expect(services.activity.current).toEqual(['The download of me/tiny']);
  await expect.poll(() => existsSync(join(services.dataDir, 'downloads/me--tiny/files/model.safetensors.part'))).toBe(true);
  await ask(services, 'hub.stop', { id: ID });
  expect(await ended()).toMatchObject({ state: 'stopped', folder: null });
  expect(await modelFolders()).toEqual([]);

  // As after a restart: nothing is known but what lies on the disk.
  const { createSetup } = await import('#setup/setup.ts');
  const again = createSetup(services.setup, () => false);
  services = { ...services, setup: again };
  const [found] = await ask(services, 'hub.listDownloads');
  expect(found).toMatchObject({ id: ID, state: 'stopped' });
  expect(found?.bytesDone).toBeGreaterThan(5000);
  isSlow = false;
  await ask(services, 'hub.download', { id: ID, commit: COMMIT });
  expect(await ended()).toMatchObject({ state: 'done' });
  expect(hub.asked.filter((line) => line.includes('config.json') && line.includes('resolve') && !line.includes('_config'))).toHaveLength(1);
});

test('one that fails says why, and what came of it can be thrown away', async () => {
  const wrong = { 'model.safetensors': new Uint8Array(FILES['model.safetensors']?.length ?? 0) };
  await withHub({ served: wrong });
  await ask(services, 'hub.download', { id: ID, commit: COMMIT });
  expect(await ended()).toMatchObject({ state: 'failed', folder: null, message: /hash is wrong/ });
  expect(await modelFolders()).toEqual([]);
  await ask(services, 'hub.discard', { id: ID });
  expect(await ask(services, 'hub.listDownloads')).toEqual([]);
  expect(await readdir(join(services.dataDir, 'downloads'))).toEqual([]);
});

test('a model that can not be trained is found out before its weights come', async () => {
  const hub = await withHub({ files: { ...FILES, 'config.json': '{"model_type":"mamba","architectures":["MambaForCausalLM"]}' } });
  await ask(services, 'hub.download', { id: ID, commit: COMMIT });
  expect(await ended()).toMatchObject({ state: 'failed', message: /Mamba/ });
  expect(hub.asked.filter((line) => line.includes('model.safetensors'))).toEqual([]);
});

test('in offline mode nothing is asked of anyone', async () => {
  const hub = await withHub();
  await ask(services, 'app.setPreferences', { offline: true });
  expect(await ask(services, 'hub.getAccess')).toMatchObject({ offlineBecause: /Offline mode is on/ });
  await expect(ask(services, 'hub.look', { id: ID })).rejects.toThrow(/Offline mode is on/);
  await expect(ask(services, 'hub.download', { id: ID, commit: COMMIT })).rejects.toThrow(/Offline mode is on/);
  expect(hub.asked).toEqual([]);
});

test.each(['../../etc', 'a/../b', '..', 'a/b/c', 'http://x/y', 'me/tiny\0', '/etc/passwd', '', 'a\\b', '%2e%2e/x'])(
  '%j is no name of a model',
  async (id) => {
    await withHub();
    await expect(ask(services, 'hub.look', { id })).rejects.toMatchObject({ code: 'settings' });
    await expect(ask(services, 'hub.discard', { id })).rejects.toMatchObject({ code: 'settings' });
  },
);

test.each(['../main', 'a/b', '..', 'main\0'])('%j is no revision', async (revision) => {
  await withHub();
  await expect(ask(services, 'hub.look', { id: ID, revision })).rejects.toMatchObject({ code: 'settings' });
});
