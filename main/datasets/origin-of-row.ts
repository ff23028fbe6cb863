/** @file Which row of which imported file a row of a dataset came from. */
import { z } from 'zod';
import { getVersion, listVersions, type DatasetVersion } from '#store/datasets.ts';
import type { StoredRow } from '#store/row-columns.ts';
import { firstVersionOf, readRow } from '#store/rows.ts';
import type { Store } from '#store/store.ts';
import { importedFiles, type ImportedFile } from './import-origin.ts';

export interface RowOrigin {
  /** Its name, without its folder. */
  readonly file: string;
  /** From 1. */
  readonly row: number;
}

const CopyOrigin = z.object({ kind: z.literal('copy'), datasetVersionId: z.number() });

/** Null if it was made here, or if what it came from is gone or can't be told for sure. */
export function originOfRow(store: Store, { id, sourceFile, sourceRow, sourceRowId }: StoredRow): RowOrigin | null {
  if (sourceRowId !== null) {
    const pair = readRow(store, sourceRowId);
    return pair && originOfRow(store, pair);
  }
  if (sourceFile === null || sourceRow === null) return null;
  const version = firstVersionOf(store, id);
  const file = version && (importedFiles(version) ?? onlyImport(store, version))?.[sourceFile];
  return file ? { file: file.name, row: sourceRow } : null;
}

/** The files of a version that was written anew from earlier ones, or copied: known if they came by one import. */
function onlyImport(store: Store, version: DatasetVersion): readonly ImportedFile[] | null {
  const imports = listVersions(store, version.datasetId)
    .filter(({ number }) => number <= version.number)
    .flatMap((earlier) => {
      const files = importedFiles(earlier) ?? filesOfOriginal(store, earlier);
      return files ? [files] : [];
    });
  return imports.length === 1 ? (imports[0] ?? null) : null;
}

function filesOfOriginal(store: Store, { origin }: DatasetVersion): readonly ImportedFile[] | null {
  const copy = CopyOrigin.safeParse(origin);
  const original = copy.success ? getVersion(store, copy.data.datasetVersionId) : null;
  return original && onlyImport(store, original);
}
