/** @file Fetching from a Hub that does everything a network and a server can do. */
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { CancelledError } from '#contract/errors.ts';
import { downloadFile, type DownloadFileOptions } from '#io/hub/download-file.ts';
import { lookUpModel } from '#io/hub/look-up-model.ts';
import { missingParts, wantedFiles, type RepositoryFile } from '#io/hub/wanted-files.ts';
import { COMMIT, fakeHub, type FakeHub, type FakeHubOptions } from '#test/support/fake-hub.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const WEIGHTS = new Uint8Array(200_000).map((_, i) => (i * 7) % 251);
const FILES = {
  'config.json': '{}',
  'tokenizer.json': '{}',
  'model.safetensors': WEIGHTS,
  'pytorch_model.bin': 'x',
  'README.md': '# Model',
};

describe('looking up a model', () => {
  const look = async (options: Partial<FakeHubOptions>) =>
    lookUpModel({ url: (await fakeHub({ files: FILES, ...options })).url, id: 'me/model', revision: 'main' });

  test('tells its commit, the files that are needed with their hashes, and its licence', async () => {
    const listing = await look({ licence: 'mit' });
    expect(listing).toMatchObject({ id: 'me/model', commit: COMMIT, licence: 'mit', problem: null, otherFiles: 1 });
    expect(listing.files.map(({ path }) => path)).toEqual(['README.md', 'config.json', 'tokenizer.json', 'model.safetensors']);
    expect(listing.files.at(-1)).toMatchObject({
      bytes: 200_000,
      sha256: createHash('sha256').update(WEIGHTS).digest('hex'),
      gitHash: null,
    });
    expect(listing.files[0]?.gitHash).toMatch(/^[0-9a-f]{40}$/);
  });

  test.each([
    [404, /no such model/],
    [401, /private or gated/],
    [429, /asks for a pause/],
    [503, /status 503/],
  ])('status %d is explained', async (status, message) => {
    await expect(look({ status })).rejects.toMatchObject({ code: 'storage', message });
  });

  test('a Hub that can not be reached is one sentence', async () => {
    await expect(lookUpModel({ url: 'http://127.0.0.1:9', id: 'me/model', revision: 'main' })).rejects.toThrow(
      /127\.0\.0\.1:9 could not be reached/,
    );
  });

  test.each([
    [{ 'model.gguf': 'x', 'config.json': '{}' }, /GGUF/],
    [{ 'pytorch_model.bin': 'x', 'config.json': '{}' }, /pickle/],
    [{ 'model.safetensors': 'x' }, /no config\.json/],
    [{ 'config.json': '{}', 'model.safetensors': 'x' }, /no tokenizer\.json/],
  ])('%j can not be trained, and it says why', async (files, problem) => {
    expect((await look({ files })).problem).toMatch(problem);
  });

  test('shards come with their index, and a single file instead of them', () => {
    const file = (path: string): RepositoryFile => ({ path, bytes: 1, sha256: null, gitHash: null });
    const shards = ['model-00002-of-00002.safetensors', 'model-00001-of-00002.safetensors', 'model.safetensors.index.json', 'config.json'];
    expect(wantedFiles(shards.map(file)).map(({ path }) => path)).toEqual([
      'config.json',
      'model-00001-of-00002.safetensors',
      'model-00002-of-00002.safetensors',
      'model.safetensors.index.json',
    ]);
    expect(wantedFiles([...shards, 'model.safetensors'].map(file)).map(({ path }) => path)).toEqual(['config.json', 'model.safetensors']);
    expect(missingParts(shards.map(file), 'me/model')).toMatch(/tokenizer\.json/);
  });

  test('a file that would be put elsewhere is never wanted', () => {
    const paths = [
      '../config.json',
      'additional_chat_templates/../../x.jinja',
      '/config.json',
      'additional_chat_templates/\0.jinja',
      '..\\config.json',
    ];
    expect(wantedFiles(paths.map((path) => ({ path, bytes: 1, sha256: null, gitHash: null })))).toEqual([]);
  });
});

describe('fetching a file', () => {
  let folder = '';
  let path = '';
  let progress: number[] = [];
  beforeEach(async () => {
    folder = await temporaryFolder();
    path = join(folder, 'deep', 'model.safetensors');
    progress = [];
  });
  const expected: RepositoryFile = {
    path: 'model.safetensors',
    bytes: WEIGHTS.length,
    sha256: createHash('sha256').update(WEIGHTS).digest('hex'),
    gitHash: null,
  };

  async function fetchFrom(hub: FakeHub, more: Partial<DownloadFileOptions> = {}): Promise<void> {
    await downloadFile({
      url: `${hub.url}/me/model/resolve/${COMMIT}/model.safetensors`,
      expected,
      path,
      signal: new AbortController().signal,
      onProgress: (bytes) => progress.push(bytes),
      pauseMs: 1,
      ...more,
    });
  }
  const there = () => readdir(join(folder, 'deep')).catch(() => []);

  test('it comes whole, with its progress', async () => {
    await fetchFrom(await fakeHub({ files: FILES }));
    expect(Buffer.compare(await readFile(path), WEIGHTS)).toBe(0);
    expect(await there()).toEqual(['model.safetensors']);
    expect(progress.at(-1)).toBe(WEIGHTS.length);
  });

  test('what is there already is not asked for again', async () => {
    const hub = await fakeHub({ files: FILES });
    await fetchFrom(hub);
    await fetchFrom(hub);
    expect(hub.asked).toHaveLength(1);
  });

  test('it goes on where an earlier time stopped', async () => {
    await mkdir(join(folder, 'deep'));
    await writeFile(`${path}.part`, WEIGHTS.subarray(0, 1000));
    const hub = await fakeHub({ files: FILES });
    await fetchFrom(hub);
    expect(hub.asked).toEqual([expect.stringContaining('bytes=1000-')]);
    expect(Buffer.compare(await readFile(path), WEIGHTS)).toBe(0);
  });

  test('a server without ranges sends it all again', async () => {
    await mkdir(join(folder, 'deep'));
    await writeFile(`${path}.part`, WEIGHTS.subarray(0, 1000));
    const onFile: FakeHubOptions['onFile'] = (_path, response) => Boolean(response.writeHead(200).end(WEIGHTS));
    await fetchFrom(await fakeHub({ files: FILES, onFile }));
    expect(Buffer.compare(await readFile(path), WEIGHTS)).toBe(0);
  });

  test('a line that breaks is tried again from where it broke', async () => {
    let times = 0;
    const onFile: FakeHubOptions['onFile'] = (_path, response) => {
      if (++times > 2) return false;
      response.writeHead(200, { 'content-length': WEIGHTS.length }).write(WEIGHTS.subarray(0, 50_000), () => response.destroy());
      return true;
    };
    const hub = await fakeHub({ files: FILES, onFile });
    await fetchFrom(hub);
    expect(Buffer.compare(await readFile(path), WEIGHTS)).toBe(0);
    expect(hub.asked.length).toBe(3);
  });

  test('a server that falls silent is given up after a while, and what came stays', async () => {
    const onFile: FakeHubOptions['onFile'] = (_path, response) =>
      response.writeHead(200, { 'content-length': WEIGHTS.length }).write(WEIGHTS.subarray(0, 50_000));
    const hub = await fakeHub({ files: FILES, onFile });
    await expect(fetchFrom(hub, { silenceMs: 60 })).rejects.toThrow(/nothing came for 0\.06 s.*fetch model\.safetensors/);
    expect(await there()).toEqual(['model.safetensors.part']);
  });

  test.each([
    ['sha256', expected],
    [
      "git's hash",
      { ...expected, sha256: null, gitHash: createHash('sha1').update(`blob ${WEIGHTS.length}\0`).update(WEIGHTS).digest('hex') },
    ],
  ])('other bytes of the same length are found out by %s, and removed', async (_what, file) => {
    const other = WEIGHTS.map((byte, i) => (i === 777 ? byte ^ 1 : byte));
    await expect(fetchFrom(await fakeHub({ files: FILES, served: { 'model.safetensors': other } }), { expected: file })).rejects.toThrow(
      /hash is wrong/,
    );
    expect(await there()).toEqual([]);
    await fetchFrom(await fakeHub({ files: FILES }), { expected: file });
    expect(await there()).toEqual(['model.safetensors']);
  });

  test('more bytes than were said are refused', async () => {
    const served = { 'model.safetensors': new Uint8Array(WEIGHTS.length + 1) };
    await expect(fetchFrom(await fakeHub({ files: FILES, served }))).rejects.toThrow(/larger than the Hub said/);
  });

  test('a refusal is not asked again', async () => {
    const hub = await fakeHub({ files: FILES, status: 403 });
    await expect(fetchFrom(hub)).rejects.toThrow(/gated/);
    expect(hub.asked).toHaveLength(1);
  });

  test('it is cancelled at once, and what came stays', async () => {
    const stop = new AbortController();
    const onFile: FakeHubOptions['onFile'] = (_path, response) =>
      response.writeHead(200, { 'content-length': WEIGHTS.length }).write(WEIGHTS.subarray(0, 50_000));
    const fetching = fetchFrom(await fakeHub({ files: FILES, onFile }), { signal: stop.signal });
    await expect.poll(() => progress.at(-1)).toBe(50_000);
    stop.abort();
    await expect(fetching).rejects.toBeInstanceOf(CancelledError);
    expect(await there()).toEqual(['model.safetensors.part']);
  });

  test('a folder that can not be written is a sentence', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(fetchFrom(await fakeHub({ files: FILES }), { path: join(folder, 'file', 'x') })).rejects.toMatchObject({
      code: 'storage',
    });
  });
});
