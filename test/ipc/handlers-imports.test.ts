/** @file Files become datasets through the contract: looked at, mapped, imported, repaired, cancelled. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import type { InputArguments, RequestInput, RequestName, RequestOutput } from '#contract/index.ts';
import { unwrap, type Result } from '#contract/result.ts';
import { createDispatch } from '#ipc/dispatch.ts';
import { handlers } from '#ipc/handlers.ts';
import { listDatasets } from '#store/datasets.ts';
import { createProject } from '#store/projects.ts';
import { fakeServices, type FakeServices } from '#test/support/fake-services.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const GOOD = 'prompt,completion,label\nHi,Hello!,true\nHi,What?,false\n';
const BAD = 'prompt,completion,label\nHi,Hello!,true\nHi,,false\nBye,See you,perhaps\n"=cmd()",Fine,true\n';
const MAPPING = { shape: 'example', prompt: 'prompt', completion: 'completion', label: { column: 'label', reading: { kind: 'boolean' } } };

let services: FakeServices;
let projectId: number;
beforeEach(async () => {
  services = await fakeServices();
  projectId = createProject(services.store, { name: 'Reviews' }).id;
});

async function ask<N extends RequestName>(name: N, ...input: InputArguments<N>): Promise<RequestOutput<N>> {
  return unwrap((await createDispatch(handlers, services)({ name, input: input[0] })) as Result<RequestOutput<N>>);
}

async function fileOf(content: string, name = 'ratings.csv'): Promise<{ path: string }> {
  const path = join(await temporaryFolder(), name);
  await writeFile(path, content);
  return { path };
}

async function startOf(content: string, change: Partial<RequestInput<'imports.start'>> = {}): Promise<RequestInput<'imports.start'>> {
  return { task: 't1', projectId, files: [await fileOf(content)], mapping: MAPPING, into: { name: 'ratings' }, again: false, ...change };
}

/** Until it waits for a decision. */
async function waitingOf(task = 't1'): Promise<RequestOutput<'imports.readBadRows'>> {
  await expect.poll(() => ask('imports.listWaiting', { projectId })).toHaveLength(1);
  return ask('imports.readBadRows', { task });
}

test('a file is looked at: format, columns, ways to read it, a name', async () => {
  const inspection = await ask('imports.inspect', { projectId, files: [await fileOf(GOOD)] });
  expect(inspection).toMatchObject({
    files: [{ name: 'ratings.csv', format: 'CSV', notes: [] }],
    columns: [{ path: 'prompt', kind: 'text' }, { path: 'completion' }, { path: 'label' }],
    sample: [{ row: 1, cells: ['Hi', 'Hello!', 'true'] }, { row: 2 }],
    name: 'ratings',
  });
  expect(inspection.mappings[0]).toMatchObject({ mapping: { shape: 'example' }, kind: 'example' });
  expect(inspection.mappings[0]?.confidence).toBeGreaterThanOrEqual(0.9);
});

test('a mapping is tried on the file, and one that is none is refused with its field', async () => {
  const files = [await fileOf(BAD)];
  const preview = await ask('imports.preview', { files, mapping: MAPPING });
  expect(preview.rows).toMatchObject([{ prompt: 'Hi', completion: 'Hello!', label: true }, { completion: 'Fine' }]);
  expect(preview.faults.map(({ row }) => row)).toEqual([2, 3]);
  const wrong = { shape: 'example', completion: 'completion' };
  await expect(ask('imports.preview', { files, mapping: wrong })).rejects.toMatchObject({ code: 'settings', details: { field: 'label' } });
});

test('a good file becomes a dataset, every window is told, and the same file is recognised', async () => {
  const input = await startOf(GOOD);
  const imported = await ask('imports.start', input);
  expect(imported).toMatchObject({ rows: 2, skippedRows: 0, version: { number: 1, rowCount: 2, origin: 'Imported from ratings.csv.' } });
  expect(services.told).toContainEqual({ name: 'datasets.changed', payload: { projectId } });
  expect(await ask('imports.inspect', { projectId, files: input.files })).toMatchObject({ name: 'ratings 2' });
  const again = { ...input, task: 't2', into: { name: 'again' } };
  await expect(ask('imports.start', again)).rejects.toMatchObject({ details: { versionId: imported.version.id } });
  expect(await ask('imports.start', { ...again, again: true })).toMatchObject({ rows: 2 });
});

test('bad rows wait for a decision in every window: repaired, then skipped', async () => {
  const importing = ask('imports.start', await startOf(BAD));
  const found = await waitingOf();
  expect(found).toMatchObject({
    count: 2,
    goodRows: 2,
    listed: [
      { row: 2, column: 'completion' },
      { row: 3, column: 'label' },
    ],
  });
  expect(services.tasks.list()).toMatchObject([{ waiting: true }]);
  expect(await ask('datasets.list', { projectId })).toEqual([]);
  const fixes = [{ fileIndex: 0, row: 2, text: JSON.stringify({ prompt: 'Hi', completion: 'Mended', label: 'false' }) }];
  await ask('imports.decide', { task: 't1', decision: { kind: 'fix', fixes } });
  await expect.poll(async () => (await waitingOf()).count).toBe(1);
  await ask('imports.decide', { task: 't1', decision: { kind: 'skip' } });
  const imported = await importing;
  expect(imported).toMatchObject({ rows: 3, fixedRows: 1, skippedRows: 1 });
  const { rows } = await ask('datasets.readRows', { versionId: imported.version.id, from: 0, count: 10 });
  expect(rows.map(({ completion }) => completion)).toEqual(['Hello!', 'Mended', 'Fine']);
  expect(await ask('imports.listWaiting', { projectId })).toEqual([]);
});

test('a waiting import that is cancelled leaves nothing, and can not be decided any more', async () => {
  const importing = ask('imports.start', await startOf(BAD));
  await waitingOf();
  await ask('tasks.cancel', { id: 't1' });
  await expect(importing).rejects.toMatchObject({ code: 'cancelled' });
  expect(listDatasets(services.store, projectId)).toEqual([]);
  expect(await ask('imports.listWaiting', { projectId })).toEqual([]);
  await expect(ask('imports.decide', { task: 't1', decision: { kind: 'skip' } })).rejects.toThrow(/does not wait any more/);
});

test('the list of bad rows is a table that no spreadsheet takes for formulas', async () => {
  const importing = ask('imports.start', await startOf('prompt,completion,label\n=1+1,,true\nHi,"He said ""no""",false\n'));
  await waitingOf();
  const { csv, fileName } = await ask('imports.writeBadRows', { task: 't1' });
  expect(fileName).toBe('ratings.csv - rows to repair.csv');
  const [head, row] = csv.split('\r\n');
  expect(head).toBe('\uFEFFfile,row,line,column,expected,found,message,text');
  expect(row).toMatch(/^ratings\.csv,1,2,completion,/);
  expect(row).toContain('""=1+1""');
  await ask('tasks.cancel', { id: 't1' });
  await expect(importing).rejects.toThrow(/cancelled/i);
});

test('rows are relabelled, rewritten and deleted as one version, and what is no row changes nothing', async () => {
  const { version } = await ask('imports.start', await startOf(`${GOOD}Bye,See you,true\n`));
  const { rows } = await ask('datasets.readRows', { versionId: version.id, from: 0, count: 3 });
  const [first = 0, second = 0, third = 0] = rows.map(({ id }) => id);
  const rewrite = { kind: 'rewrite', rowId: second, prompt: 'Hi', completion: 'Hm?', rejected: null, label: true } as const;
  await expect(ask('datasets.edit', { versionId: version.id, edits: [{ ...rewrite, completion: ' ' }] })).rejects.toThrow(/completion/);
  const edited = await ask('datasets.edit', {
    versionId: version.id,
    edits: [{ kind: 'relabel', rowId: first, label: false }, rewrite, { kind: 'delete', rowId: third }],
  });
  expect(edited).toMatchObject({ number: 2, rowCount: 2, desirableCount: 1 });
  const after = await ask('datasets.readRows', { versionId: edited.id, from: 0, count: 5 });
  expect(after.rows).toMatchObject([
    { completion: 'Hello!', label: false },
    { completion: 'Hm?', label: true },
  ]);
  expect((await ask('datasets.listVersions', { datasetId: version.datasetId })).map(({ number }) => number)).toEqual([2, 1]);
  await expect(ask('datasets.edit', { versionId: version.id, edits: [rewrite] })).rejects.toThrow(/changed meanwhile/);
});

test('chats are shown as turns and long texts by their beginnings; a row is read as a whole', async () => {
  const turns = [
    { role: 'user', content: 'Hi' },
    { role: 'assistant', content: 'Hello!' },
    { role: 'user', content: 'x'.repeat(500) },
  ];
  const record = { prompt: turns, completion: [{ role: 'assistant', content: 'Bye' }], label: true };
  const file = await fileOf(JSON.stringify(record), 'chats.jsonl');
  const mapping = { shape: 'example', texts: 'chat', prompt: 'prompt', completion: 'completion', label: MAPPING.label };
  const { version } = await ask('imports.start', await startOf('', { files: [file], mapping }));
  const { rows } = await ask('datasets.readRows', { versionId: version.id, from: 0, count: 5 });
  expect(rows[0]).toMatchObject({ form: 'chat', completion: 'Bye', cut: true });
  expect(rows[0]?.prompt).toMatch(/^user: Hi\nassistant: Hello!\nuser: x+$/);
  const whole = await ask('datasets.readRow', { versionId: version.id, index: 0 });
  expect(whole.shown.prompt.length).toBeGreaterThan(500);
  expect(JSON.parse(whole.prompt)).toEqual(turns);
  await expect(ask('datasets.readRow', { versionId: version.id, index: 7 })).rejects.toThrow(/no row 7/i);
});

test('a dataset is renamed and deleted', async () => {
  const { version } = await ask('imports.start', await startOf(GOOD));
  await ask('datasets.rename', { datasetId: version.datasetId, name: 'Answers' });
  expect(await ask('datasets.list', { projectId })).toMatchObject([{ name: 'Answers', kind: 'example', version: { rowCount: 2 } }]);
  await ask('datasets.delete', { datasetId: version.datasetId });
  expect(await ask('datasets.list', { projectId })).toEqual([]);
  await expect(ask('datasets.listVersions', { datasetId: version.datasetId })).rejects.toThrow(/no dataset/i);
});
