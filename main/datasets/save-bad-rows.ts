/** @file The bad rows of files as a table, for a person to look through and repair in a spreadsheet. */
import type { ColumnMapping } from '#engine/data/shapes/column-mapping.ts';
import { writeStreamAtomically } from '#io/atomic-write.ts';
import { writeCsv } from '#io/records/write/write-csv.ts';
import type { DatasetKind } from '#store/datasets.ts';
import type { BadRow } from './bad-row.ts';
import { parseMapping } from './parse-mapping.ts';
import { SourceReader, type ReadSourceOptions } from './read-source.ts';
import { listSources } from './source-list.ts';
import { ProgressMeter, type WorkOptions } from './work-progress.ts';

export interface BadRowsRequest extends Omit<ReadSourceOptions, 'signal'> {
  readonly paths: readonly string[];
  readonly mapping: ColumnMapping;
  /** Of the dataset that the rows are for; null for a new one. */
  readonly kind?: DatasetKind | null;
  /** The CSV to write; one of that name is replaced. */
  readonly path: string;
}

/** `record` is the row as it stands in the file, as JSON where it could be read. */
const COLUMNS = ['file', 'row', 'line', 'column', 'character', 'expected', 'found', 'message', 'record'].map((name) => ({ name }));

/**
 * Reads the files anew, whatever their size, so that every bad row is in the table.
 * @returns how many there are
 * @throws {ImportError} if a file is no data file
 * @throws {StorageError} if a file can't be read, or the table can't be written
 * @throws {CancelledError}
 */
export async function saveBadRows(request: BadRowsRequest, options: WorkOptions<'checking'> = {}): Promise<number> {
  const { paths, mapping, kind = null, path, ...how } = request;
  const { files } = await listSources(paths);
  const reader = new SourceReader(files, parseMapping(mapping), kind);
  const meter = new ProgressMeter('checking', options);
  let count = 0;
  let rows = 0;
  async function* tables(): AsyncGenerator<readonly Record<string, unknown>[]> {
    for await (const batch of reader.batches({ ...how, ...(options.signal ? { signal: options.signal } : {}) })) {
      count += batch.badRows.length;
      rows += batch.rows.length;
      meter.report(rows, batch.bytesTotal === 0 ? 1 : batch.bytesDone / batch.bytesTotal);
      yield batch.badRows.map(({ badRow }) => tableRow(badRow));
    }
  }
  await writeStreamAtomically(path, writeCsv(tables(), COLUMNS), options.signal ? { signal: options.signal } : {});
  return count;
}

function tableRow({ text, fileIndex: _fileIndex, ...rest }: BadRow): Record<string, unknown> {
  return { ...rest, record: text };
}
