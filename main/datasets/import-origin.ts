/** @file What a version remembers of the files it was imported from, and how the same files are recognised. */
import { z } from 'zod';
import { StoreError } from '#contract/errors.ts';
import { listDatasets, listVersions, type Dataset, type DatasetVersion } from '#store/datasets.ts';
import type { JsonObject } from '#store/json-column.ts';
import type { Store } from '#store/store.ts';

const ImportedFile = z.object({ path: z.string(), name: z.string(), bytes: z.number(), sha256: z.string() });
export type ImportedFile = z.infer<typeof ImportedFile>;

const ImportOrigin = z.object({ kind: z.literal('import'), files: z.array(ImportedFile) });

export interface EarlierImport {
  readonly dataset: Dataset;
  readonly version: DatasetVersion;
}

export function importOrigin(files: readonly ImportedFile[]): JsonObject {
  return { kind: 'import', files: files.map((file) => ({ ...file })) };
}

/** Null if the version was made otherwise. */
export function importedFiles({ origin }: Pick<DatasetVersion, 'origin'>): readonly ImportedFile[] | null {
  const parsed = ImportOrigin.safeParse(origin);
  return parsed.success ? parsed.data.files : null;
}

/** The newest version of the project into which files of the same content came, in any order; null if there is none. */
export function findEarlierImport(store: Store, projectId: number, hashes: readonly string[]): EarlierImport | null {
  const wanted = signature(hashes);
  let found: EarlierImport | null = null;
  for (const dataset of listDatasets(store, projectId)) {
    for (const version of listVersions(store, dataset.id)) {
      const files = importedFiles(version);
      if (files === null || signature(files.map(({ sha256 }) => sha256)) !== wanted) continue;
      if (found === null || version.id > found.version.id) found = { dataset, version };
    }
  }
  return found;
}

/** What is said when the same files come again. */
export function importedBefore(names: readonly string[], { dataset, version }: EarlierImport): StoreError {
  const [first = ''] = names;
  const what = names.length === 1 ? `${first} was` : `These ${names.length} files were`;
  const date = new Date(version.createdAt).toISOString().slice(0, 10);
  return new StoreError(
    `${what} imported before, with the same content: version ${version.number} of the dataset “${dataset.name}”, on ${date}. ` +
      'Use that dataset, or import again on purpose.',
    { reason: 'conflict', datasetId: dataset.id, versionId: version.id },
  );
}

function signature(hashes: readonly string[]): string {
  return [...hashes].sort().join(' ');
}
