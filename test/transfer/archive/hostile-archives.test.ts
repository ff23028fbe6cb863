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
const entries = new Map<string, Buffer>();
let before: unknown;
let content: unknown;

beforeAll(async () => {
  folder = await temporaryFolder();
  store = openStore(join(folder, 'data'));
  const { projectId } = await richProject(store, 4, 20);
  const file = join(folder, 'good.prospect');
  await pack(store, projectId, file, true);
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

/** Why it was refused. @throws if it was not, or something was left */
async function refusal(bytes: Buffer): Promise<string> {
  const file = join(folder, 'bad.prospect');
  await writeFile(file, bytes);
  const error: unknown = await unpack(store, file).then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof FormatError)) throw new Error('It was not refused as it should be.', { cause: error });
  if (JSON.stringify(await stateOf()) !== JSON.stringify(before)) throw new Error('Something was left.');
  return error.message;
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
  expect(await refusal(renamed(await made({ 'files/0/run.json': '{}' }), 'files/0/run.json', name))).toMatch(
    /can not be brought in|is not an archive/,
  );
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
    expect(await refusal(await made({ 'files/0/run.json': '/etc/passwd' }, { mode }))).toMatch(
      /is a link or something else|can not be brought in/,
    );
});

test('entries that are not those that are listed, too many, or twice', async () => {
  expect(await refusal(await made({ 'files/0/more': 'x' }, { rehash: false }))).toMatch(/lists \d+ entries, but it has \d+/);
  expect(await refusal(await made({ 'files/0/run.json': null }, { rehash: false }))).toMatch(/lists \d+ entries/);
  expect(await refusal(await made({ 'files/0/run.json': null, 'files/0/jun.jsor': '{}' }, { rehash: false }))).toMatch(
    /is listed and not there/,
  );
  expect(await refusal(await made({ 'files/99/x': '{}' }))).toMatch(/is in no folder/);
  expect(await refusal(renamed(await made({ 'files/0/xun.json': '{}' }), 'files/0/xun.json', 'files/0/run.json'))).toMatch(/twice/);
  expect(await refusal(renamed(await made({ 'files/0/RuN.jsom': '{}' }), 'files/0/RuN.jsom', 'files/0/RuN.json'))).toMatch(/twice/);
});

test('content that is not what was packed', async () => {
  expect(await refusal(await made({ 'files/0/run.json': '{"settings":[]}' }, { rehash: false }))).toMatch(
    /run\.json is not what was packed/,
  );
  expect(
    await refusal(await made({ 'tables/rows.jsonl': text('tables/rows.jsonl').replace('Answer', 'Answxr') }, { rehash: false })),
  ).toMatch(/rows\.jsonl is not what was packed/);
  expect(await refusal(await made({ 'files/0/run.json': 'x' }, { rehash: false }))).toMatch(/should have 15 bytes, and has 1/);
});

test('one that explodes', { timeout: 30_000 }, async () => {
  const bomb = await made({ 'files/0/run.json': Buffer.alloc(80 * 2 ** 20) });
  expect(bomb.length).toBeLessThan(200_000);
  expect(await refusal(bomb)).toMatch(/bytes would become \d+, which no real project does/);
  // An entry that says that it is small is not read beyond what it says.
  const liar = await made({ 'files/0/run.json': Buffer.alloc(2 ** 20) });
  const central = liar.lastIndexOf(Buffer.from('files/0/run.json'));
  liar.writeUInt32LE(10, central - 22);
  expect(await refusal(liar)).toMatch(/can not be brought in|not an archive/);
});

test('entries that lie over each other', async () => {
  const bytes = await made({});
  const [first, second] = ['tables/datasets.jsonl', 'tables/splits.jsonl'].map((name) => bytes.lastIndexOf(Buffer.from(name)));
  // The second says that it begins where the first does.
  bytes.writeUInt32LE(bytes.readUInt32LE((first ?? 0) - 4), (second ?? 0) - 4);
  expect(await refusal(bytes)).toMatch(/lies over another entry/);
});

test('a newer format, another program’s, and no archive at all', async () => {
  expect(await refusal(await made({ 'manifest.json': manifestWith({ version: 2 }) }))).toMatch(
    /made by a newer Prospect .* Update Prospect/,
  );
  expect(await refusal(await made({ 'manifest.json': manifestWith({ format: 'other' }) }))).toMatch(/is not that of prospect-project/);
  expect(await refusal(await made({ 'manifest.json': '{' }))).toMatch(/is no JSON/);
  expect(await refusal(await made({ 'manifest.json': manifestWith({ tables: 7 }) }))).toMatch(/damaged at tables/);
  expect(await refusal(await made({ 'manifest.json': null }))).toMatch(/has no manifest\.json/);
  expect(await refusal(Buffer.from('prompt,completion\n'))).toMatch(/is not an archive of Prospect/);
  expect(await refusal(Buffer.alloc(0))).toMatch(/is not an archive of Prospect/);
  expect(await refusal(await made({ 'tables/secrets.jsonl': '{}\n' }))).toMatch(/not those that it lists|does not know/);
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
  expect(await refusal(await made({ [name]: `${lines.join('\n')}\n` }))).toMatch(message);
});

type Row = Record<string, unknown>;

test('rows that are missing, swapped between tables, cut off or no text', async () => {
  const rows = text('tables/rows.jsonl');
  expect(await refusal(await made({ 'tables/rows.jsonl': rows.slice(0, rows.lastIndexOf('\n', rows.length - 2) + 1) }))).toMatch(
    /should have \d+ rows, and has/,
  );
  expect(await refusal(await made({ 'tables/rows.jsonl': text('tables/messages.jsonl') }))).toMatch(/is wrong at form/);
  expect(await refusal(await made({ 'tables/rows.jsonl': rows.slice(0, -20) }))).toMatch(/is cut off/);
  expect(await refusal(await made({ 'tables/rows.jsonl': Buffer.from([0xff, 0xfe, 10]) }))).toMatch(/no text/);
  expect(await refusal(await made({ 'tables/chats.jsonl': 'nonsense\n' }))).toMatch(/no JSON/);
});

test('ids beyond all bounds', async () => {
  const tables = (JSON.parse(text('manifest.json')) as Manifest).tables.map((table) => ({ ...table, maxId: 2 ** 50 }));
  const changed = JSON.parse(manifestWith({ tables })) as object;
  expect(await refusal(await made({ 'manifest.json': JSON.stringify(changed) }))).toMatch(/ids up to/);
});
