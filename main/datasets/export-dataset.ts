/** @file Writes a version, or one part of a split of it, as a file in the column names of TRL. */
import { extname } from 'node:path';
import { SettingsError } from '#contract/errors.ts';
import { RECORD_COLUMNS, rowRecord, type RowRecord } from '#engine/data/row-record.ts';
import { writeStreamAtomically } from '#io/atomic-write.ts';
import { ColumnSurvey } from '#io/records/write/column-survey.ts';
import { writeCsv } from '#io/records/write/write-csv.ts';
import { writeJsonLines } from '#io/records/write/write-json-lines.ts';
import { writeParquet } from '#io/records/write/write-parquet.ts';
import { requireVersion } from '#store/datasets.ts';
import { readSides, type SplitPart } from '#store/splits.ts';
import type { Store } from '#store/store.ts';
import { datasetOf } from './stage-rows.ts';
import { walkRows } from './walk-rows.ts';
import type { WorkOptions } from './work-progress.ts';

export type ExportFormat = 'jsonl' | 'csv' | 'parquet';

export interface ExportRequest {
  readonly versionId: number;
  readonly split?: { readonly splitId: number; readonly part: SplitPart } | null;
  readonly format: ExportFormat;
  /** A file of that name is replaced once the new one is whole. */
  readonly path: string;
}

export interface ExportOutcome {
  readonly path: string;
  readonly rows: number;
  readonly columns: readonly string[];
}

export type ExportStage = 'looking at columns' | 'exporting';

const FORMATS: Readonly<Record<string, ExportFormat>> = { '.jsonl': 'jsonl', '.csv': 'csv', '.parquet': 'parquet' };

/** Null if the ending of the name says nothing. */
export function exportFormatOf(path: string): ExportFormat | null {
  return FORMATS[extname(path).toLowerCase()] ?? null;
}

/**
 * @throws {SettingsError} if there are no rows to write
 * @throws {StoreError} `not-found`
 * @throws {StorageError} if the file can't be written; an earlier one of that name is then untouched
 * @throws {CancelledError}
 */
export async function exportDataset(store: Store, request: ExportRequest, options: WorkOptions<ExportStage> = {}): Promise<ExportOutcome> {
  const { versionId, format, path } = request;
  const { kind } = datasetOf(store, requireVersion(store, versionId));
  const survey = new ColumnSurvey();
  let rows = 0;
  for await (const batch of records(store, request, { stage: 'looking at columns', options })) {
    rows += batch.length;
    for (const record of batch) survey.add(record);
  }
  if (rows === 0) throw new SettingsError('There are no rows to export in this part of the dataset.', { field: 'part' });
  const columns = survey.columns(RECORD_COLUMNS[kind]);
  const batches = records(store, request, { stage: 'exporting', options });
  const write = {
    jsonl: () => writeJsonLines(batches),
    csv: () => writeCsv(batches, columns),
    parquet: () => writeParquet(batches, columns),
  };
  await writeStreamAtomically(path, write[format](), options.signal ? { signal: options.signal } : {});
  return { path, rows, columns: columns.map(({ name }) => name) };
}

async function* records(
  store: Store,
  { versionId, split = null }: ExportRequest,
  walk: { readonly stage: ExportStage; readonly options: WorkOptions<ExportStage> },
): AsyncGenerator<readonly RowRecord[]> {
  const partOf = split === null ? null : readSides(store, split.splitId).partOf;
  for await (const batch of walkRows(store, versionId, walk)) {
    yield batch.filter(({ index }) => partOf === null || partOf(index) === split?.part).map(({ row }) => rowRecord(row));
  }
}
