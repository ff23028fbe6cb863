/** @file Rows say where they came from, and versions go out as files of other programs, through the contract. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import type { InputArguments, RequestInput, RequestName, RequestOutput } from '#contract/index.ts';
import { unwrap, type Result } from '#contract/result.ts';
import { createDispatch } from '#ipc/dispatch.ts';
import { handlers } from '#ipc/handlers.ts';
import { createProject } from '#store/projects.ts';
import { fakeServices, type FakeServices } from '#test/support/fake-services.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const CSV = 'prompt,completion,label\nHi,Hello!,true\nHi,What?,false\n';
const MAPPING = { shape: 'example', prompt: 'prompt', completion: 'completion', label: { column: 'label', reading: { kind: 'boolean' } } };

let services: FakeServices;
let projectId: number;
let folder: string;
beforeEach(async () => {
  services = await fakeServices();
  projectId = createProject(services.store, { name: 'Reviews' }).id;
  folder = await temporaryFolder();
});

async function ask<N extends RequestName>(name: N, ...input: InputArguments<N>): Promise<RequestOutput<N>> {
  return unwrap((await createDispatch(handlers, services)({ name, input: input[0] })) as Result<RequestOutput<N>>);
}

/** @param into - a new dataset of this name, or more of one that is there */
async function bring(content: string, into: RequestInput<'imports.start'>['into'], name = 'ratings.csv', mapping: object = MAPPING) {
  const path = join(await temporaryFolder(), name);
  await writeFile(path, content);
  const input = { task: 'import', projectId, files: [{ path }], mapping: mapping as typeof MAPPING, into, again: true };
  return (await ask('imports.start', input)).version;
}

test('a version is written in the format of the name, as a task of its project', async () => {
  const { id: versionId } = await bring(CSV, { name: 'ratings' });
  services.told.length = 0;
  const path = join(folder, 'out.jsonl');
  const columns = ['prompt', 'completion', 'label'];
  expect(await ask('datasets.export', { task: 't1', versionId, path, replace: false })).toEqual({ path, rows: 2, columns });
  const lines = (await readFile(path, 'utf8')).trim().split('\n');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    { prompt: 'Hi', completion: 'Hello!', label: true },
    { prompt: 'Hi', completion: 'What?', label: false },
  ]);
  const told = { tasks: [{ id: 't1', projectId, title: 'Exporting “ratings”', unit: 'rows' }] };
  expect(services.told.find(({ name }) => name === 'tasks.changed')).toMatchObject({ payload: told });
  const parquet = join(folder, 'out.parquet');
  await ask('datasets.export', { task: 't2', versionId, path: parquet, replace: false });
  expect((await readFile(parquet)).subarray(0, 4).toString()).toBe('PAR1');
});

test('a file that is there stays unless it is to be replaced', async () => {
  const { id: versionId } = await bring(CSV, { name: 'ratings' });
  const path = join(folder, 'out.csv');
  await writeFile(path, 'mine');
  const input = { task: 't1', versionId, path };
  await expect(ask('datasets.export', { ...input, replace: false })).rejects.toMatchObject({ code: 'output-busy' });
  expect(await readFile(path, 'utf8')).toBe('mine');
  await ask('datasets.export', { ...input, replace: true });
  expect(await readFile(path, 'utf8')).toMatch(/^prompt,completion,label\r?\nHi,Hello!,/);
});

test('a name without a format, a folder that is not there and a version that is not there are refused', async () => {
  const { id: versionId } = await bring(CSV, { name: 'ratings' });
  const exporting = (path: string, id = versionId) =>
    ask('datasets.export', { task: 't1', versionId: id, path: join(folder, path), replace: false });
  await expect(exporting('out.xlsx')).rejects.toThrow(/“out.xlsx” says no format.*\.jsonl/);
  await expect(exporting('missing/out.csv')).rejects.toMatchObject({ code: 'storage' });
  await expect(exporting('out.csv', versionId + 1)).rejects.toThrow(/no dataset version/);
  expect(await readdir(folder)).toEqual([]);
});

test('an export that is cancelled leaves no file', async () => {
  const rows = Array.from({ length: 20_000 }, (_, index) => `Question ${index},Answer ${index},${index % 2 === 0}\n`);
  const { id: versionId } = await bring(`prompt,completion,label\n${rows.join('')}`, { name: 'ratings' });
  const exporting = ask('datasets.export', { task: 't1', versionId, path: join(folder, 'out.csv'), replace: false });
  await expect.poll(() => services.tasks.list()).toMatchObject([{ id: 't1' }]);
  await ask('tasks.cancel', { id: 't1' });
  await expect(exporting).rejects.toMatchObject({ code: 'cancelled' });
  expect(await readdir(folder)).toEqual([]);
});

/** By the place in the version. */
async function sourcesOf({ id: versionId, rowCount }: { readonly id: number; readonly rowCount: number }) {
  const rows = Array.from({ length: rowCount }, (_, index) => ask('datasets.readRow', { versionId, index }));
  return (await Promise.all(rows)).map(({ source }) => source);
}

test('a row says the file and the row that it came from, whichever import brought it and however it was edited', async () => {
  const first = await bring(CSV, { name: 'ratings' });
  expect(await sourcesOf(first)).toEqual([
    { file: 'ratings.csv', row: 1 },
    { file: 'ratings.csv', row: 2 },
  ]);
  const second = await bring('prompt,completion,label\nBye,See you,true\n', { datasetId: first.datasetId, rows: 'append' }, 'more.csv');
  const { shown } = await ask('datasets.readRow', { versionId: second.id, index: 0 });
  const edited = await ask('datasets.edit', { versionId: second.id, edits: [{ kind: 'relabel', rowId: shown.id, label: false }] });
  expect(await sourcesOf(edited)).toEqual([
    { file: 'ratings.csv', row: 1 },
    { file: 'ratings.csv', row: 2 },
    { file: 'more.csv', row: 1 },
  ]);
  const replaced = await bring(CSV, { datasetId: first.datasetId, rows: 'replace' }, 'new.csv');
  expect(await sourcesOf(replaced)).toMatchObject([{ file: 'new.csv' }, { file: 'new.csv' }]);
});

test('an example says where its pair came from, as long as the pair is there', async () => {
  const mapping = { shape: 'pair', prompt: 'prompt', chosen: 'chosen', rejected: 'rejected' };
  const pairs = await bring('prompt,chosen,rejected\nHi,Hello!,What?\n', { name: 'pairs' }, 'pairs.csv', mapping);
  const examples = await ask('pairs.unpair', { task: 't1', versionId: pairs.id, name: 'examples' });
  expect(await sourcesOf(examples)).toEqual([
    { file: 'pairs.csv', row: 1 },
    { file: 'pairs.csv', row: 1 },
  ]);
  await ask('datasets.delete', { datasetId: pairs.datasetId });
  expect(await sourcesOf(examples)).toEqual([null, null]);
});

test('rows of a copied project say their file while the original is there; which of two imports is not guessed', async () => {
  const first = await bring(CSV, { name: 'ratings' });
  const copyOf = async (name: string) => {
    const { id } = await ask('projects.duplicate', { id: projectId, name });
    return { id, version: (await ask('datasets.list', { projectId: id }))[0]?.version as typeof first };
  };
  expect(await sourcesOf((await copyOf('Copy')).version)).toMatchObject([{ file: 'ratings.csv', row: 1 }, { row: 2 }]);
  await bring(CSV, { datasetId: first.datasetId, rows: 'append' }, 'more.csv');
  expect(await sourcesOf((await copyOf('Another')).version)).toEqual([null, null, null, null]);
});
