/** @file Stores for tests: real databases in temporary folders, a clock that stands still until it is turned, and rows to fill them. */
import { onTestFinished } from 'vitest';
import { StoreError } from '#contract/errors.ts';
import { createDataset, type DatasetKind, type DatasetVersion } from '#store/datasets.ts';
import { openStore, type OpenOptions } from '#store/open-store.ts';
import { createProject } from '#store/projects.ts';
import type { NewRow, StoredRow } from '#store/row-columns.ts';
import { RowWriter } from '#store/row-writer.ts';
import { iterateRows, readRows } from '#store/rows.ts';
import type { Store } from '#store/store.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

export const NOON = Date.UTC(2026, 10, 24, 12);

/** Closed when the test ends. */
export async function sampleStore(options: OpenOptions = {}): Promise<Store> {
  return openSample(await temporaryFolder(), options);
}

export function openSample(root: string, options: OpenOptions = {}): Store {
  const store = openStore(root, { now: () => NOON, ...options });
  onTestFinished(() => store.close());
  return store;
}

export function sampleDataset(store: Store, kind: DatasetKind = 'example', name = 'Reviews'): { projectId: number; datasetId: number } {
  const projectId = createProject(store, { name: `Project of ${name}` }).id;
  return { projectId, datasetId: createDataset(store, { projectId, name, kind }).id };
}

export function example(index: number, change: Partial<NewRow> = {}): NewRow {
  return {
    form: 'text',
    prompt: `Question ${index}?`,
    completion: `Answer ${index}.`,
    rejected: null,
    label: index % 3 !== 0,
    options: null,
    promptKey: BigInt(index),
    sourceFile: 0,
    sourceRow: index + 1,
    sourceRowId: null,
    ...change,
  };
}

export function examples(count: number, first = 0): NewRow[] {
  return Array.from({ length: count }, (_, index) => example(first + index));
}

export function importRows(store: Store, datasetId: number, rows: readonly NewRow[], keepRows = true): DatasetVersion {
  const writer = RowWriter.begin(store, { datasetId, keepRows, origin: { kind: 'import' } });
  writer.add(rows);
  return writer.commit();
}

/** The StoreError that `work` must end with. */
export function storeErrorOf(work: () => unknown): StoreError {
  try {
    work();
  } catch (error) {
    if (error instanceof StoreError) return error;
    throw error;
  }
  throw new Error('It went well, although it should not have.');
}

/** What was given to the store, without what the store added. */
export function contentOf({ id: _id, position: _position, ...row }: StoredRow): NewRow {
  return row;
}

export function promptsOf(store: Store, version: DatasetVersion): string[] {
  return Array.from(iterateRows(store, version.id), ({ prompt }) => prompt);
}

export function idAt(store: Store, version: DatasetVersion, index: number): number {
  return readRows(store, { versionId: version.id, from: index, count: 1 })[0]?.id ?? -1;
}
