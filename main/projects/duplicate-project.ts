/** @file Copies a project: its notes, its model and settings, and the newest version of every dataset, but no runs, chats or adapters. */
import { setImmediate } from 'node:timers/promises';
import { latestVersionOf, createDataset, listDatasets, type Dataset } from '#store/datasets.ts';
import { deleteWithFiles } from '#store/delete-with-files.ts';
import { notFound } from '#store/not-found.ts';
import { createProject, getProject, type Project } from '#store/projects.ts';
import type { NewRow } from '#store/row-columns.ts';
import { RowWriter } from '#store/row-writer.ts';
import { iterateRows } from '#store/rows.ts';
import type { Store } from '#store/store.ts';
import { getChoices, setChoices } from './choices.ts';

/** Some 20 ms of work, after which everything else has its turn. */
const ROWS_AT_ONCE = 5000;

/**
 * A million short rows take some ten seconds; other requests are answered meanwhile.
 * @throws {StoreError} `not-found`, or `conflict` if the name is taken; nothing is left of the copy if it fails
 */
export async function duplicateProject(store: Store, id: number, name: string): Promise<Project> {
  const original = getProject(store, id);
  if (!original) throw notFound('project', id);
  const copy = createProject(store, { name, notes: original.notes });
  try {
    // One after the other: rows are written by one connection anyway.
    for (const dataset of listDatasets(store, id)) await copyDataset(store, dataset, copy.id);
    // Rows, splits and adapters that were chosen are the original's.
    setChoices(store, copy.id, { ...getChoices(store, id), data: null, adapterId: null });
    return copy;
  } catch (error) {
    if (getProject(store, copy.id)) deleteWithFiles(store, 'project', copy.id);
    throw error;
  }
}

async function copyDataset(store: Store, { id, name, kind }: Dataset, projectId: number): Promise<void> {
  const version = latestVersionOf(store, id);
  // It is being imported for the first time.
  if (!version) return;
  // Together, so that there never is a dataset without a version.
  const writer = store.write(() =>
    RowWriter.begin(store, {
      datasetId: createDataset(store, { projectId, name, kind }).id,
      keepRows: false,
      origin: { kind: 'copy', datasetVersionId: version.id, of: version.origin },
      mapping: version.mapping,
    }),
  );
  let rows: NewRow[] = [];
  for (const row of iterateRows(store, version.id)) {
    // The pair it was made of is a row of the original.
    rows.push({ ...row, sourceRowId: null });
    if (rows.length < ROWS_AT_ONCE) continue;
    writer.add(rows);
    rows = [];
    await setImmediate();
  }
  writer.add(rows);
  writer.commit(version.report);
}
