/** @file Files that rows own: what deleting leaves, and what the data folder holds beside them. */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { InternalError } from '#contract/errors.ts';
import { listAdapters, saveAdapter } from '#store/adapters.ts';
import { fromStoredPath } from '#store/data-folder.ts';
import { deleteWithFiles, filesOf } from '#store/delete-with-files.ts';
import { findOrphans } from '#store/orphans.ts';
import { getRun } from '#store/runs.ts';
import { forgetStoredFile, listStoredFiles, saveStoredFiles } from '#store/stored-files.ts';
import type { Store } from '#store/store.ts';
import { sampleProject } from './sample-project.ts';
import { NOON, sampleStore, storeErrorOf } from './sample-store.ts';

function write(store: Store, path: string, text: string): void {
  const file = fromStoredPath(store.folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function countsOf(store: Store): Record<string, number> {
  const tables = store.all(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'`) as { name: string }[];
  return Object.fromEntries(tables.map(({ name }) => [name, (store.get(`SELECT count(*) AS n FROM ${name}`) as { n: number }).n]));
}

test('deleting a project takes everything below it, and only that, and tells its files', async () => {
  const store = await sampleStore();
  const other = sampleProject(store);
  const before = countsOf(store);
  const { projectId, run, datasetId } = sampleProject(store);
  const expected = filesOf(store, 'project', projectId);
  const ofDataset = listStoredFiles(store, { kind: 'dataset', id: datasetId }).map(({ path }) => path);
  const left = deleteWithFiles(store, 'project', projectId);
  expect(left).toEqual(expected);
  expect(left.files.map(({ path }) => path).sort()).toEqual([
    ...ofDataset,
    `${run.folder}/adapter/adapter_model.safetensors`,
    `${run.folder}/checkpoint-2/state`,
    `${run.folder}/log`,
  ]);
  expect([...left.folders].sort()).toEqual([run.folder, `${run.folder}/adapter`, `${run.folder}/checkpoint-2`]);
  // Models belong to no project.
  expect(countsOf(store)).toEqual({ ...before, models: Number(before['models']) + 1 });
  expect(getRun(store, other.run.id)?.status).toBe('queued');
});

test('a run outlives its dataset and its model', async () => {
  const store = await sampleStore();
  const { datasetId, modelId, run, adapter, projectId } = sampleProject(store);
  expect(deleteWithFiles(store, 'dataset', datasetId)).toMatchObject({
    files: [{ owner: { kind: 'dataset', id: datasetId } }],
    folders: [],
  });
  expect(deleteWithFiles(store, 'model', modelId)).toEqual({ files: [], folders: [] });
  expect(getRun(store, run.id)).toEqual({ ...run, versionId: null, splitId: null, modelId: null });
  expect(listAdapters(store, projectId)).toEqual([{ ...adapter, modelId: null }]);
  expect(countsOf(store)).toMatchObject({ rows: 0, row_blocks: 0, dataset_versions: 0, splits: 0 });
});

test('deleting a run tells the files of its checkpoints and adapters; what was said with them stays', async () => {
  const store = await sampleStore();
  const { run } = sampleProject(store);
  const left = deleteWithFiles(store, 'run', run.id);
  expect(left.files).toHaveLength(3);
  expect(left.folders).toHaveLength(3);
  expect(countsOf(store)).toMatchObject({ runs: 0, checkpoints: 0, adapters: 0, messages: 2, votes: 1, stored_files: 1 });
  expect(store.get('SELECT count(adapter_id) AS n FROM messages')).toEqual({ n: 0 });
});

test('an imported adapter goes alone', async () => {
  const store = await sampleStore();
  const { adapter, projectId } = sampleProject(store);
  const { id: _id, createdAt: _createdAt, ...same } = adapter;
  const imported = saveAdapter(store, {
    ...same,
    runId: null,
    path: 'adapters/1',
    files: [{ path: 'adapters/1/a', sha256: null, bytes: 1 }],
  });
  expect(deleteWithFiles(store, 'adapter', imported.id)).toMatchObject({ files: [{ path: 'adapters/1/a' }], folders: ['adapters/1'] });
  expect(listAdapters(store, projectId)).toEqual([adapter]);
});

test('what is not there can not be deleted', async () => {
  const store = await sampleStore();
  for (const kind of ['project', 'dataset', 'model', 'run', 'adapter'] as const) {
    expect(storeErrorOf(() => deleteWithFiles(store, kind, 99))).toMatchObject({
      reason: 'not-found',
      message: `There is no ${kind} 99 in the store (any more).`,
    });
  }
});

test.each(['/etc/passwd', '../outside', 'files/../../x', 'files//x', '', './x', 'C:/x', 'files\\x', 'files/\0'])(
  '%j is no path of a stored file',
  async (path) => {
    const store = await sampleStore();
    expect(() => saveStoredFiles(store, { kind: 'project', id: 1 }, [{ path, sha256: null, bytes: 0 }])).toThrow(InternalError);
    expect(listStoredFiles(store)).toEqual([]);
  },
);

test('a stored file is brought up to date and forgotten by its path', async () => {
  const store = await sampleStore();
  const owner = { kind: 'dataset', id: 1 } as const;
  saveStoredFiles(store, owner, [{ path: 'files/a', sha256: null, bytes: 1 }]);
  saveStoredFiles(store, owner, [{ path: 'files/a', sha256: 'ab', bytes: 2 }]);
  expect(listStoredFiles(store, owner)).toEqual([{ path: 'files/a', sha256: 'ab', bytes: 2, owner, createdAt: NOON }]);
  expect(listStoredFiles(store, { kind: 'run', id: 1 })).toEqual([]);
  forgetStoredFile(store, 'files/a');
  expect(listStoredFiles(store)).toEqual([]);
});

test('orphans: files nobody owns, files that are gone, and files that have changed', async () => {
  const store = await sampleStore();
  const { run, datasetId } = sampleProject(store);
  const owner = { kind: 'dataset', id: datasetId } as const;
  const sha256 = createHash('sha256').update('good').digest('hex');
  const texts: Record<string, string> = { 'files/good': 'good', 'files/longer': 'good!', 'files/other': 'evil', 'files/unhashed': 'x' };
  for (const [path, text] of Object.entries(texts)) write(store, path, text);
  saveStoredFiles(store, owner, [
    ...['files/good', 'files/longer', 'files/other', 'files/gone'].map((path) => ({ path, sha256, bytes: 4 })),
    { path: 'files/unhashed', sha256: null, bytes: 1 },
  ]);
  write(store, `${run.folder}/run.json`, 'of the run');
  write(store, `${run.folder}-other/deep/file`, 'nobody');
  write(store, 'models/left.safetensors', 'left behind');

  const orphans = await findOrphans(store);
  expect(orphans.filesWithoutRow.toSorted((a, b) => (a.path < b.path ? -1 : 1))).toEqual([
    { path: 'models/left.safetensors', bytes: 11 },
    { path: `${run.folder}-other/deep/file`, bytes: 6 },
  ]);
  expect(orphans.rowsWithoutFile.map(({ path }) => path)).toEqual(
    expect.arrayContaining(['files/gone', `${run.folder}/log`, `${run.folder}/checkpoint-2/state`]),
  );
  expect(orphans.changed.map(({ file, found }) => [file.path, found])).toEqual([['files/longer', '5 bytes instead of 4']]);

  const { changed } = await findOrphans(store, { checkHashes: true });
  expect(changed.map(({ file, found }) => [file.path, found])).toEqual([
    ['files/longer', '5 bytes instead of 4'],
    ['files/other', 'another content'],
  ]);
  await expect(findOrphans(store, { signal: AbortSignal.abort() })).rejects.toThrow('abort');
});
