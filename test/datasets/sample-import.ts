/** @file Files and imports for tests of what a person does with a dataset. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ColumnMapping } from '#engine/data/shapes/column-mapping.ts';
import { importDataset, type ImportOptions, type ImportRequest } from '#datasets/import-dataset.ts';
import type { ImportOutcome } from '#datasets/staged-import.ts';
import { createProject } from '#store/projects.ts';
import type { Store } from '#store/store.ts';
import { sampleStore } from '#test/store/sample-store.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

export const EXAMPLES: ColumnMapping = {
  shape: 'example',
  prompt: 'prompt',
  input: null,
  system: null,
  history: null,
  texts: 'plain',
  tools: null,
  templateKwargs: null,
  completion: 'completion',
  label: { column: 'label', reading: { kind: 'boolean' }, unrated: 'refuse', several: 'refuse' },
};

export const PAIRS: ColumnMapping = {
  shape: 'pair',
  prompt: 'prompt',
  input: null,
  system: null,
  history: null,
  texts: 'plain',
  tools: null,
  templateKwargs: null,
  chosen: 'chosen',
  rejected: 'rejected',
};

export function exampleLines(count: number, first = 0): string {
  const lines = Array.from({ length: count }, (_, index) => {
    const number = first + index;
    return JSON.stringify({ prompt: `Question ${number}?`, completion: `Answer ${number}.`, label: number % 3 !== 0 });
  });
  return `${lines.join('\n')}\n`;
}

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
