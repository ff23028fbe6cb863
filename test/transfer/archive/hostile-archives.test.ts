/** @file Archives that lie, lead elsewhere, explode or are damaged: each is refused with a sentence, and nothing is kept of it. */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ZipFile } from 'yazl';
import { FormatError } from '#contract/errors.ts';
import { openStore } from '#store/open-store.ts';
import { listProjects } from '#store/projects.ts';
import type { Store } from '#store/store.ts';
import { entryPlace } from '#transfer/archive/entry-name.ts';
import { Manifest } from '#transfer/archive/manifest.ts';
import { openArchive } from '#transfer/archive/open-archive.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { everythingOf, pack, richProject, unpack } from './archive-support.ts';

let folder = '';
let store: Store;
let good: Buffer = Buffer.alloc(0);
let entries = new Map<string, Buffer>();
let before: unknown;
let content: unknown;

beforeAll(async () => {
  folder = await temporaryFolder();
  store = openStore(join(folder, 'data'));
  const { projectId } = await richProject(store, 4);
  const file = join(folder, 'good.prospect');
  await pack(store, projectId, file, true);
  good = await readFile(file);
  const archive = await openArchive(file);
  for (const name of ['manifest.json', ...archive.manifest.entries.map((entry) => entry.name)]) {
    const chunks: Buffer[] = [];
    if (name === 'manifest.json') chunks.push(Buffer.from(JSON.stringify(archive.manifest)));
    else for await (const chunk of archive.read(name)) chunks.push(chunk);
    entries.set(name, Buffer.concat(chunks));
  }
  archive.close();
  content = await everythingOf(store, projectId);
  before = await stateOf();
});
afterAll(() => store.close());

/** Everything that could have been left. */
async function stateOf(): Promise<unknown> {
  const { root, runs, adapters, models } = store.folder;
  const names = await Promise.all([root, runs, adapters, models, folder].map((path) => readdir(path).catch(() => [])));
  return [listProjects(store).map(({ id }) => id), names.map((list) => list.filter((name) => !/sqlite|cache|\.prospect$/.test(name)))];
}

async function refused(bytes: Buffer, message: RegExp): Promise<void> {
  const file = join(folder, 'bad.prospect');
  await writeFile(file, bytes);
  const error: unknown = await unpack(store, file).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(FormatError);
  expect((error as Error).message).toMatch(message);
  expect(await stateOf()).toEqual(before);
}

/** @param rehash - the manifest says the truth about what was changed, as one who means harm would */
async function made(changes: Readonly<Record<string, Buffer | string | null>>, { rehash = true, mode = 0o100644 } = {}): Promise<Buffer> {
  const changed = new Map(entries);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) changed.delete(name);
    else changed.set(name, Buffer.from(value));
  }
  if (rehash && changes['manifest.json'] === undefined) {
    const manifest = Manifest.parse(JSON.parse(String(entries.get('manifest.json'))));
    const said = [...changed]
      .filter(([name]) => name !== 'manifest.json')
      .map(([name, bytes]) => ({ name, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }));
    changed.set('manifest.json', Buffer.from(JSON.stringify({ ...manifest, entries: said })));
  }
  const zip = new ZipFile();
  for (const [name, bytes] of changed) zip.addBuffer(bytes, name, { mode: name in changes ? mode : 0o100644 });
  zip.end();
  const file = join(folder, 'made.zip.prospect');
  await pipeline(zip.outputStream, createWriteStream(file));
  return readFile(file);
}

/** In headers and the central directory alike. */
function renamed(bytes: Buffer, from: string, to: string): Buffer {
  expect(from).toHaveLength(to.length);
  return Buffer.from(bytes.toString('latin1').replaceAll(from, to), 'latin1');
}

const text = (name: string): string => String(entries.get(name));
const manifestWith = (change: object): string => JSON.stringify({ ...(JSON.parse(text('manifest.json')) as object), ...change });

test('the archive they are made of is brought in', async () => {
  const file = join(folder, 'same.prospect');
  await writeFile(file, await made({}));
  const { project } = await unpack(store, file);
  expect(await everythingOf(store, project.id)).toEqual(content);
  before = await stateOf();
});

test.each([
  ['out of its folder', '../../0/run.json'],
  ['to the root', '/iles/0/run.json'],
  ['to a drive', 'c:les/0/run.json'],
  ['with backslashes', String.raw`files\0\run.json`],
  ['to another name on Windows', 'files/0/con.json'],
  ['to a hidden stream', 'files/0/run:json'],
  ['with a zero', 'files/0/run\0json'],
  ['up and down', 'files/0/../.json'],
])('a name that leads %s', async (_what, name) => {
  await refused(renamed(await made({ 'files/0/run.json': '{}' }), 'files/0/run.json', name), /can not be brought in|is not an archive/);
});

test('names that no entry may have, and those that may', () => {
  for (const name of [
    'files/0',
    'files/0/',
    'files/01/x',
    'files/-1/x',
    'files/0/a//b',
    'files/0/./b',
    'files/0/a/..',
    'files/0/x.',
    'files/0/x ',
    'tables/../x.jsonl',
    'tables/Rows.jsonl',
    'x',
    '',
    'files/0/a/b/c/d/e/f/g/h/i',
    'files/0/NUL',
    'files/0/a\nb',
  ])
    expect([name, entryPlace(name)]).toEqual([name, null]);
  expect(entryPlace('files/12/checkpoint-5/größe 1.json')).toEqual({
    kind: 'file',
    folder: 12,
    segments: ['checkpoint-5', 'größe 1.json'],
  });
});

test('a link, and anything else that is no file', async () => {
  for (const mode of [0o120777, 0o040755, 0o020666])
    await refused(await made({ 'files/0/run.json': '/etc/passwd' }, { mode }), /is a link or something else|can not be brought in/);
});

test('entries that are not those that are listed, too many, or twice', async () => {
  await refused(await made({ 'files/0/more': 'x' }, { rehash: false }), /lists \d+ entries, but it has \d+/);
  await refused(await made({ 'files/0/run.json': null }, { rehash: false }), /lists \d+ entries/);
  await refused(await made({ 'files/0/run.json': null, 'files/0/jun.jsor': '{}' }, { rehash: false }), /is listed and not there/);
  await refused(await made({ 'files/99/x': '{}' }), /is in no folder/);
  await refused(renamed(await made({ 'files/0/xun.json': '{}' }), 'files/0/xun.json', 'files/0/run.json'), /twice/);
  await refused(renamed(await made({ 'files/0/RuN.jsom': '{}' }), 'files/0/RuN.jsom', 'files/0/RuN.json'), /twice/);
});

test('content that is not what was packed', async () => {
  await refused(await made({ 'files/0/run.json': '{"settings":[]}' }, { rehash: false }), /run\.json is not what was packed/);
  await refused(
    await made({ 'tables/rows.jsonl': text('tables/rows.jsonl').replace('Answer', 'Answxr') }, { rehash: false }),
    /rows\.jsonl is not what was packed/,
  );
  await refused(await made({ 'files/0/run.json': 'x' }, { rehash: false }), /should have 15 bytes, and has 1/);
});

test('one that explodes', { timeout: 30_000 }, async () => {
  const bomb = await made({ 'files/0/run.json': Buffer.alloc(80 * 2 ** 20) });
  expect(bomb.length).toBeLessThan(200_000);
  await refused(bomb, /bytes would become \d+, which no real project does/);
  // An entry that says that it is small is not read beyond what it says.
  const liar = await made({ 'files/0/run.json': Buffer.alloc(2 ** 20) });
  const central = liar.lastIndexOf(Buffer.from('files/0/run.json'));
  liar.writeUInt32LE(10, central - 22);
  await refused(liar, /can not be brought in|not an archive/);
});

test('entries that lie over each other', async () => {
  const bytes = await made({});
  const [first, second] = ['tables/datasets.jsonl', 'tables/splits.jsonl'].map((name) => bytes.lastIndexOf(Buffer.from(name)));
  // The second says that it begins where the first does.
  bytes.writeUInt32LE(bytes.readUInt32LE((first ?? 0) - 4), (second ?? 0) - 4);
  await refused(bytes, /lies over another entry/);
});

test('a newer format, another program’s, and no archive at all', async () => {
  await refused(await made({ 'manifest.json': manifestWith({ version: 2 }) }), /made by a newer Prospect .* Update Prospect/);
  await refused(await made({ 'manifest.json': manifestWith({ format: 'other' }) }), /is not that of prospect-project/);
  await refused(await made({ 'manifest.json': '{' }), /is no JSON/);
  await refused(await made({ 'manifest.json': manifestWith({ tables: 7 }) }), /damaged at tables/);
  await refused(await made({ 'manifest.json': null }), /has no manifest\.json/);
  await refused(Buffer.from('prompt,completion\n'), /is not an archive of Prospect/);
  await refused(Buffer.alloc(0), /is not an archive of Prospect/);
  await refused(await made({ 'tables/secrets.jsonl': '{}\n' }), /not those that it lists|does not know/);
});

test.each([
  ['rows', (row: Row) => ({ ...row, prompt: 7 }), /row 1 of rows is wrong at/],
  ['rows', (row: Row) => ({ ...row, form: 'chat' }), /row 1 of rows is wrong at/],
  ['rows', (row: Row) => ({ ...row, form: 'tokens', prompt: '[-1]' }), /row 1 of rows is wrong at/],
  ['rows', (row: Row) => ({ ...row, label: 2 }), /contradict/],
  ['rows', (row: Row) => ({ ...row, label: Number(!row['label']) }), /those that came are others/],
  ['rows', (row: Row) => ({ ...row, position: 3 }), /those that came are others/],
  ['rows', (row: Row) => ({ ...row, position: -5 }), /those that came are others/],
  ['rows', (row: Row) => ({ ...row, dataset_id: 1e9 }), /names datasets 1000000000/],
  ['rows', (row: Row) => ({ ...row, prompt_key: '99999999999999999999' }), /prompt_key, where INTEGER/],
  ['rows', (row: Row) => ({ ...row, evil: 1 }), /unknown column evil/],
  ['rows', () => [], /row 1 of rows is wrong/],
  ['dataset_versions', (row: Row) => ({ ...row, row_count: 5000 }), /is said to have 5000 rows/],
  ['dataset_versions', (row: Row) => ({ ...row, origin: 'no json' }), /has no JSON in origin/],
  ['splits', (row: Row) => ({ ...row, held_out: 'AAAA' }), /does not fit/],
  ['runs', (row: Row) => ({ ...row, folder: '../../../etc' }), /is no path in an archive/],
  ['runs', (row: Row) => ({ ...row, folder: 'files/0/../../x' }), /is no path in an archive/],
  ['runs', (row: Row) => ({ ...row, folder: '/etc' }), /is no path in an archive/],
  ['runs', (row: Row) => ({ ...row, method: 'sft' }), /wrong at method/],
  ['runs', (row: Row) => ({ ...row, name: 'a\nb' }), /wrong at name/],
  ['runs', (row: Row) => ({ ...row, id: -1 }), /names runs -1/],
  ['stored_files', (row: Row) => ({ ...row, path: 'files/77/x' }), /is no path/],
  ['stored_files', (row: Row) => ({ ...row, owner_kind: 'project' }), /names  /],
  ['metrics', (row: Row) => ({ ...row, key_id: 3 }), /A metric has no name/],
  ['messages', (row: Row) => ({ ...row, role: 'root' }), /contradict/],
  ['votes', (row: Row) => ({ ...row, message_id: 2 ** 40 }), /names messages/],
])('a row of %s that is wrong', async (table, change, message) => {
  const name = `tables/${table}.jsonl`;
  const [first = '', ...others] = text(name).trimEnd().split('\n');
  const lines = [JSON.stringify(change(JSON.parse(first) as Row)), ...others];
  await refused(await made({ [name]: `${lines.join('\n')}\n` }), message);
});

type Row = Record<string, unknown>;

test('rows that are missing, swapped between tables, cut off or no text', async () => {
  const rows = text('tables/rows.jsonl');
  await refused(
    await made({ 'tables/rows.jsonl': rows.slice(0, rows.lastIndexOf('\n', rows.length - 2) + 1) }),
    /should have \d+ rows, and has/,
  );
  await refused(await made({ 'tables/rows.jsonl': text('tables/messages.jsonl') }), /is wrong at form/);
  await refused(await made({ 'tables/rows.jsonl': rows.slice(0, -20) }), /is cut off/);
  await refused(await made({ 'tables/rows.jsonl': Buffer.from([0xff, 0xfe, 10]) }), /no text/);
  await refused(await made({ 'tables/chats.jsonl': 'nonsense\n' }), /no JSON/);
});

test('ids beyond all bounds', async () => {
  const tables = (JSON.parse(text('manifest.json')) as Manifest).tables.map((table) => ({ ...table, maxId: 2 ** 50 }));
  const changed = JSON.parse(manifestWith({ tables })) as object;
  await refused(await made({ 'manifest.json': JSON.stringify(changed) }), /ids up to/);
});

test('a thousand archives with bytes cut, changed or put in are refused, or are the same project', { timeout: 120_000 }, async () => {
  let seed = 20_261_127;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  const file = join(folder, 'mutated.prospect');
  let same = 0;
  for (let round = 0; round < 1000; round++) {
    await writeFile(file, mutate(good, random));
    const error: unknown = await unpack(store, file).then(
      () => null,
      (reason: unknown) => reason,
    );
    if (error === null) {
      same++;
      const project = listProjects(store).at(0);
      expect(await everythingOf(store, project?.id ?? 0)).toEqual(content);
      before = await stateOf();
    } else {
      expect(error).toBeInstanceOf(FormatError);
      expect((error as Error).message).toMatch(/^mutated\.prospect (?:can not be brought in|is not an archive)/);
    }
  }
  expect(await stateOf()).toEqual(before);
  // Times, and what the local headers say again, mean nothing.
  expect(same).toBeLessThan(200);
});

function mutate(bytes: Buffer, random: (below: number) => number): Buffer {
  const at = random(bytes.length);
  switch (random(5)) {
    case 0:
      return bytes.subarray(0, at);
    case 1:
      return Buffer.concat([bytes.subarray(0, at), Buffer.from([random(256)]), bytes.subarray(at)]);
    case 2:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random(64))]);
    default: {
      const changed = Buffer.from(bytes);
      for (let count = random(4); count >= 0; count--) changed[random(bytes.length)] = random(256);
      return changed;
    }
  }
}
