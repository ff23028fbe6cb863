/** @file Projects as a whole: copied with their data, and deleted with or without their files. */
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { duplicateProject } from '#projects/duplicate-project.ts';
import { deleteProject, projectContents } from '#projects/project-contents.ts';
import { latestVersionOf, listDatasets } from '#store/datasets.ts';
import { filesOf } from '#store/delete-with-files.ts';
import { createProject, getProject, listProjects } from '#store/projects.ts';
import { iterateRows } from '#store/rows.ts';
import { listRuns, setRunStatus } from '#store/runs.ts';
import type { Store } from '#store/store.ts';
import { sampleProject, sampleRun } from '#test/store/sample-project.ts';
import { contentOf, example, examples, importRows, sampleDataset, sampleStore } from '#test/store/sample-store.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

function rowsOf(store: Store, projectId: number) {
  return listDatasets(store, projectId).map(({ id, name }) => {
    const version = latestVersionOf(store, id);
    return [name, version ? Array.from(iterateRows(store, version.id), contentOf) : null];
  });
}

test('a copy has the newest rows of every dataset in their order, and no runs', async () => {
  const store = await sampleStore();
  const { projectId, datasetId } = sampleDataset(store);
  importRows(store, datasetId, examples(10_007));
  importRows(store, datasetId, [example(20_000)]);
  sampleRun(store, projectId);
  const copy = await duplicateProject(store, projectId, 'Copy');
  expect(copy).toMatchObject({ name: 'Copy' });
  expect(rowsOf(store, copy.id)).toEqual(rowsOf(store, projectId));
  expect(listRuns(store, copy.id)).toEqual([]);
  const [dataset] = listDatasets(store, copy.id);
  expect(latestVersionOf(store, dataset?.id ?? 0)).toMatchObject({
    number: 1,
    rowCount: 10_008,
    origin: { kind: 'copy', of: { kind: 'import' } },
  });
});

test('a dataset that is being imported for the first time is not copied', async () => {
  const store = await sampleStore();
  const { projectId } = sampleDataset(store);
  const copy = await duplicateProject(store, projectId, 'Copy');
  expect(rowsOf(store, copy.id)).toEqual([]);
});

test('a copy that fails leaves nothing', async () => {
  const store = await sampleStore();
  const { projectId, datasetId } = sampleDataset(store);
  importRows(store, datasetId, examples(6000));
  const copying = duplicateProject(store, projectId, 'Copy');
  // Its project goes while its rows are being written.
  const made = listProjects(store).find(({ name }) => name === 'Copy');
  await deleteProject(store, made?.id ?? 0, { deleteFiles: true });
  await expect(copying).rejects.toThrow(/no (?:project|dataset)|deleted meanwhile/);
  expect(listProjects(store).map(({ id }) => id)).toEqual([projectId]);
});

test('a name that is taken, or a project that is not there, is refused before anything is copied', async () => {
  const store = await sampleStore();
  const { projectId } = sampleDataset(store);
  createProject(store, { name: 'Taken' });
  await expect(duplicateProject(store, projectId, 'Taken')).rejects.toThrow(/already a project/);
  await expect(duplicateProject(store, 99, 'Copy')).rejects.toThrow(/no project 99/);
  expect(listProjects(store)).toHaveLength(2);
});

/** Makes the files that the store only knows of. */
async function writeFilesOf(store: Store, projectId: number): Promise<readonly string[]> {
  const paths = filesOf(store, 'project', projectId).files.map(({ path }) => join(store.folder.root, path));
  for (const path of paths) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, 'file');
  }
  return paths;
}

test('what a project holds is counted before a person is asked', async () => {
  const store = await sampleStore();
  const { projectId, run } = sampleProject(store);
  const contents = projectContents(store, projectId);
  expect(contents).toMatchObject({ datasets: 1, runs: 1, adapters: 1 });
  expect(contents.folders).toContain(join(store.folder.root, run.folder));
  expect(contents.bytes).toBe(4 * filesOf(store, 'project', projectId).files.length);
  expect(() => projectContents(store, 99)).toThrow(/no project 99/);
});

test('files go with a project when that is wished, and stay otherwise', async () => {
  const store = await sampleStore();
  const [first, second] = [sampleProject(store), sampleProject(store)];
  const kept = await writeFilesOf(store, first.projectId);
  const removed = await writeFilesOf(store, second.projectId);
  await deleteProject(store, first.projectId, { deleteFiles: false });
  await deleteProject(store, second.projectId, { deleteFiles: true });
  expect(kept.filter((path) => existsSync(path))).toEqual(kept);
  expect(removed.filter((path) => existsSync(path))).toEqual([]);
  expect(existsSync(join(store.folder.root, second.run.folder))).toBe(false);
});

test('what lies outside the data folder is not ours to delete', async () => {
  const store = await sampleStore();
  const outside = join(await temporaryFolder(), 'run');
  await mkdir(outside);
  const { projectId } = sampleDataset(store);
  sampleRun(store, projectId, { folder: outside });
  await deleteProject(store, projectId, { deleteFiles: true });
  expect(existsSync(outside)).toBe(true);
});

test('a project is not deleted under a run', async () => {
  const store = await sampleStore();
  const { projectId } = sampleDataset(store);
  const { id } = sampleRun(store, projectId);
  setRunStatus(store, id, 'running');
  await expect(deleteProject(store, projectId, { deleteFiles: true })).rejects.toThrow(/under way\. Stop it/);
  expect(getProject(store, projectId)).not.toBeNull();
  setRunStatus(store, id, 'stopped');
  await deleteProject(store, projectId, { deleteFiles: true });
  expect(getProject(store, projectId)).toBeNull();
});
