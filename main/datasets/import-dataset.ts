/**
 * @file Imports files into a dataset as its next version, all or nothing: rows are staged by batches, which nobody sees, and become visible
 * in one transaction at the end. Memory stays flat, and other work has its turn after every batch.
 */
import { stat } from 'node:fs/promises';
import { CancelledError, ImportError, StorageError } from '#contract/errors.ts';
import type { ColumnMapping } from '#engine/data/shapes/column-mapping.ts';
import { hashFile } from '#io/hash-file.ts';
import type { Store } from '#store/store.ts';
import type { BadRow, RowFix } from './bad-row.ts';
import type { BadRows } from './bad-row-list.ts';
import { findEarlierImport, importedBefore, type ImportedFile } from './import-origin.ts';
import { parseMapping } from './parse-mapping.ts';
import { projectOf, StagedImport, type ImportOutcome, type ImportTarget } from './staged-import.ts';
import { listSources, type DataFile } from './source-list.ts';
import { SourceReader, type ReadSourceOptions } from './read-source.ts';
import { ProgressMeter, type WorkOptions } from './work-progress.ts';

/** What becomes of bad rows: `fix` puts records in the place of some, and asks again about the others. */
export type BadRowDecision =
  | { readonly kind: 'skip' }
  | { readonly kind: 'abort' }
  | { readonly kind: 'fix'; readonly fixes: readonly RowFix[] };

export interface ImportRequest {
  /** Files and folders. */
  readonly paths: readonly string[];
  readonly mapping: ColumnMapping;
  readonly into: ImportTarget;
  /** Asked once all files are read, if there were bad rows; nothing is visible until it has answered. */
  readonly badRows: 'skip' | 'abort' | ((found: BadRows) => Promise<BadRowDecision>);
  /** Import files that are in the project already. */
  readonly again?: boolean;
  readonly format?: ReadSourceOptions['format'];
  readonly encoding?: ReadSourceOptions['encoding'];
}

export type ImportStage = 'hashing' | 'reading';

export interface ImportOptions extends WorkOptions<ImportStage> {
  /** Told of every bad row as it is found. */
  readonly onBadRow?: (badRow: BadRow) => void;
}

/**
 * A million short rows take some ten seconds.
 * @throws {ImportError} if a file is no data file, or there are bad rows and the decision is to abort, or nothing good is left
 * @throws {StorageError} if a file can't be read, or changes meanwhile
 * @throws {StoreError} `conflict` if the files were imported before (its details name the version) or the dataset's name is taken
 * @throws {CancelledError} whatever was thrown, nothing is left behind
 */
export async function importDataset(store: Store, request: ImportRequest, options: ImportOptions = {}): Promise<ImportOutcome> {
  const mapping = parseMapping(request.mapping);
  const { files } = await listSources(request.paths);
  const hashed = await hashFiles(files, options);
  const earlier =
    request.again === true
      ? null
      : findEarlierImport(
          store,
          projectOf(store, request.into),
          hashed.map(({ sha256 }) => sha256),
        );
  if (earlier)
    throw importedBefore(
      files.map(({ name }) => name),
      earlier,
    );
  const staged = new StagedImport(store, { into: request.into, files: hashed, mapping });
  const reader = new SourceReader(files, mapping, staged.kind);
  try {
    await readAll(reader, staged, { request, options });
    await settle(reader, staged, { request, options });
    await checkUnchanged(files);
    if (staged.isEmpty) throw nothingToImport(staged);
    return staged.commit();
  } catch (error) {
    await staged.abort();
    throw options.signal?.aborted === true ? new CancelledError('The import was cancelled; nothing was imported.') : error;
  }
}

interface Work {
  readonly request: ImportRequest;
  readonly options: ImportOptions;
}

async function hashFiles(files: readonly DataFile[], options: ImportOptions): Promise<readonly ImportedFile[]> {
  const meter = new ProgressMeter<ImportStage>('hashing', options);
  const total = Math.max(
    1,
    files.reduce((sum, { bytes }) => sum + bytes, 0),
  );
  const hashed: ImportedFile[] = [];
  let before = 0;
  for (const { path, name, bytes } of files) {
    const onProgress = (bytesDone: number): void => meter.report(0, (before + bytesDone) / total);
    const sha256 = await hashFile(path, { onProgress, ...(options.signal ? { signal: options.signal } : {}) });
    hashed.push({ path, name, bytes, sha256 });
    before += bytes;
  }
  return hashed;
}

async function readAll(reader: SourceReader, staged: StagedImport, { request, options }: Work): Promise<void> {
  const meter = new ProgressMeter<ImportStage>('reading', options);
  const { format, encoding } = request;
  const how = { ...(format ? { format } : {}), ...(encoding ? { encoding } : {}), ...(options.signal ? { signal: options.signal } : {}) };
  for await (const batch of reader.batches(how)) {
    staged.add(batch, { canBeFixed: typeof request.badRows === 'function' });
    for (const { badRow } of batch.badRows) options.onBadRow?.(badRow);
    if (request.badRows === 'abort' && staged.badRows.count > 0) throw refused(staged.badRows);
    meter.report(staged.rows, batch.bytesTotal === 0 ? 1 : batch.bytesDone / batch.bytesTotal);
  }
}

/** Asks what becomes of the bad rows until none is undecided. */
async function settle(reader: SourceReader, staged: StagedImport, { request, options }: Work): Promise<void> {
  while (staged.badRows.count > 0 && typeof request.badRows === 'function') {
    const decision = await orAborted(request.badRows(staged.badRows), options.signal);
    if (decision.kind === 'skip') return;
    if (decision.kind === 'abort') throw refused(staged.badRows);
    staged.fix(decision.fixes, reader);
  }
}

/** The person may cancel instead of deciding. */
async function orAborted<T>(answer: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return answer;
  signal.throwIfAborted();
  let onAbort = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(new CancelledError());
    signal.addEventListener('abort', onAbort);
  });
  try {
    return await Promise.race([answer, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** What was hashed must be what was read. */
async function checkUnchanged(files: readonly DataFile[]): Promise<void> {
  for (const { path, name, bytes, mtimeMs } of files) {
    const now = await stat(path).catch(() => null);
    if (now?.size === bytes && now.mtimeMs === mtimeMs) continue;
    throw new StorageError(`${name} was changed by another program while it was imported. Wait until that has ended, then try again.`, {
      file: path,
    });
  }
}

function refused({ count, listed }: BadRows): ImportError {
  const [first] = listed;
  const rows = count === 1 ? 'One row is' : `At least ${count} rows are`;
  const details = { file: first?.file ?? '', ...(first ? { row: first.row } : {}), ...(first?.column ? { column: first.column } : {}) };
  return new ImportError(`Nothing was imported. ${rows} not as expected. ${first?.message ?? ''}`, details);
}

function nothingToImport({ badRows, leftOutCount }: StagedImport): ImportError {
  const [first] = badRows.listed;
  const why = first ? `The first: ${first.message}` : 'The column mapping leaves out all of them.';
  const count = badRows.count + leftOutCount;
  return new ImportError(`Nothing was imported: none of the ${count} rows can be used. ${why}`, { file: first?.file ?? '' });
}
