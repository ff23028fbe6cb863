/** @file Files and imports for tests of what a person does with a dataset. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { importDataset, type ImportOptions, type ImportRequest } from '#datasets/import-dataset.ts';
import type { ImportOutcome } from '#datasets/staged-import.ts';
import { createProject } from '#store/projects.ts';
import type { Store } from '#store/store.ts';
import { sampleStore } from '#test/store/sample-store.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { EXAMPLES } from './sample-rows.ts';

export interface Workplace {
  readonly store: Store;
  readonly folder: string;
  readonly projectId: number;
  /** @returns the file's path */
  readonly file: (name: string, content: string | Uint8Array) => Promise<string>;
  readonly bring: (paths: readonly string[], change?: Partial<ImportRequest>, options?: ImportOptions) => Promise<ImportOutcome>;
}

/** A store with a project, and a folder for files. */
export async function workplace(): Promise<Workplace> {
  const store = await sampleStore();
  const folder = await temporaryFolder();
  const projectId = createProject(store, { name: 'Project' }).id;
  return {
    store,
    folder,
    projectId,
    file: async (name, content) => {
      const path = join(folder, name);
      await writeFile(path, content);
      return path;
    },
    bring: (paths, change = {}, options = {}) =>
      importDataset(store, { paths, mapping: EXAMPLES, into: { projectId, name: 'Reviews' }, badRows: 'skip', ...change }, options),
  };
}
