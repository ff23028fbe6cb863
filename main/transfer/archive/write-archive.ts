/** @file Packs a whole project into one file: its rows and curves as JSON Lines, its files as they are, and a manifest with the hash of each. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import { CancelledError, OutputBusyError, StorageError } from '#contract/errors.ts';
import { asStorageError } from '#io/as-storage-error.ts';
import { writeStreamAtomically } from '#io/atomic-write.ts';
import manifest from '#package' with { type: 'json' };
import { getChoices } from '#projects/choices.ts';
import { isSampleModel } from '#projects/sample-model.ts';
import { dumpTable, dumpedTables, snapshotProject, type DumpedRow, type ProjectSnapshot } from '#store/archive/dump-project.ts';
import { PROJECT_TABLES } from '#store/archive/project-tables.ts';
import { toStoredPath } from '#store/data-folder.ts';
import { notFound } from '#store/not-found.ts';
import { getProject } from '#store/projects.ts';
import { listRuns } from '#store/runs.ts';
import type { Store } from '#store/store.ts';
import { nameModels } from './archive-models.ts';
import { ARCHIVE_FORMAT, ARCHIVE_VERSION, MANIFEST, type Manifest } from './manifest.ts';
import { filesIn, foldersOf, type PackedFile, type PackedFolder } from './packed-folders.ts';

export interface ArchiveProgress {
  readonly label: string;
  readonly done: number;
  readonly total: number | null;
  readonly unit: 'bytes' | 'rows';
}

export interface ArchiveWork {
  readonly cacheDir: string;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ArchiveProgress) => void;
}

export interface WriteArchiveRequest {
  readonly projectId: number;
  /** Absolute. Replaced if it is there. */
  readonly file: string;
  /** Whether the files of adapters and checkpoints are packed, too. */
  readonly hasWeights: boolean;
}

/** Weights don't become smaller. */
const STORED = /\.safetensors$/;
/** The same project gives the same bytes, but for what changed. */
const MTIME = new Date('2000-01-01T00:00:00Z');
const OPTIONS = { mtime: MTIME, mode: 0o100644 };
const WITHOUT_WEIGHTS: ReadonlySet<string> = new Set(['adapters', 'checkpoints']);

/**
 * One batch of rows and one piece of a file are in memory at once.
 * @returns what was packed
 * @throws {OutputBusyError} while a run of the project is under way
 * @throws {StoreError | StorageError | CancelledError} nothing is left then
 */
export async function writeArchive(store: Store, request: WriteArchiveRequest, work: ArchiveWork): Promise<Manifest> {
  const { projectId, file, hasWeights } = request;
  const project = getProject(store, projectId);
  if (!project) throw notFound('project', projectId);
  refuseUnderWay(store, projectId);
  work.onProgress({ label: 'Looking at the models', done: 0, total: null, unit: 'bytes' });
  const { models, chosenModel } = await nameModels(store, projectId, work);
  const folders: PackedFolder[] = foldersOf(store, projectId, hasWeights);
  const packedModels = models.map((model) => {
    if (!isSampleModel(store, model.folder)) return model;
    folders.push({ kind: 'model', stored: toStoredPath(store.folder, model.folder) });
    return { ...model, packed: folders.length - 1 };
  });
  const files = await filesIn(store, folders, hasWeights);
  const snapshot = snapshotProject(store, projectId, hasWeights ? new Set<string>() : WITHOUT_WEIGHTS);
  const parts: Parts = { snapshot, folders, files, work, tables: [], entries: [], bytesDone: 0 };
  const manifestOf = (): Manifest => ({
    format: ARCHIVE_FORMAT,
    version: ARCHIVE_VERSION,
    madeBy: `Prospect ${manifest.version}`,
    madeAt: store.now(),
    hasWeights,
    project: { name: project.name, notes: project.notes, choices: { ...getChoices(store, projectId), modelFolder: null } as never },
    chosenModel,
    tables: parts.tables,
    models: packedModels,
    folders: folders.map(({ kind }) => kind),
    entries: parts.entries,
  });
  await writeStreamAtomically(file, zipOf(parts, manifestOf), { signal: work.signal });
  return manifestOf();
}

interface Parts {
  readonly snapshot: ProjectSnapshot;
  readonly folders: readonly PackedFolder[];
  readonly files: readonly PackedFile[];
  readonly work: ArchiveWork;
  readonly tables: Manifest['tables'];
  readonly entries: Manifest['entries'];
  bytesDone: number;
}

function refuseUnderWay(store: Store, projectId: number): void {
  const busy = listRuns(store, projectId).find(({ status }) => status === 'running' || status === 'paused');
  if (busy)
    throw new OutputBusyError(`${busy.name} is under way. Wait for it, or stop it, then make the archive.`, { folder: busy.folder });
}

/** The manifest comes last, when all hashes are known; zip files are read from their end. */
async function* zipOf(parts: Parts, manifestOf: () => Manifest): AsyncGenerator<Uint8Array> {
  const zip = new ZipFile();
  const output = zip.outputStream as Readable;
  // Whatever goes wrong in an entry ends the archive.
  zip.on('error', (error) => output.destroy(error));
  const add = (name: string, compress: boolean, open: () => AsyncIterable<Uint8Array>): void =>
    zip.addReadStreamLazy(name, { ...OPTIONS, compress }, (ready) => {
      const stream = Readable.from(open(), { objectMode: false });
      stream.on('error', (error) => output.destroy(error));
      ready(null, stream);
    });
  for (const table of dumpedTables(parts.snapshot)) {
    const name = `tables/${table}.jsonl`;
    add(name, true, () => hashed(name, linesOf(table, parts), parts));
  }
  const total = parts.files.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const file of parts.files) add(file.name, !STORED.test(file.name), () => hashed(file.name, bytesOf(file, total, parts), parts));
  add(MANIFEST, true, () => once(() => Buffer.from(JSON.stringify(manifestOf()))));
  zip.end();
  yield* output as AsyncIterable<Buffer>;
}

async function* once(make: () => Buffer): AsyncGenerator<Buffer> {
  yield await Promise.resolve(make());
}

async function* hashed(name: string, chunks: AsyncIterable<Uint8Array>, { entries, work }: Parts): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of chunks) {
    if (work.signal.aborted) throw new CancelledError();
    hash.update(chunk);
    bytes += chunk.length;
    yield chunk;
  }
  entries.push({ name, bytes, sha256: hash.digest('hex') });
}

async function* linesOf(table: string, { snapshot, folders, tables, work }: Parts): AsyncGenerator<Uint8Array> {
  let [rows, maxId] = [0, 0];
  const path = PROJECT_TABLES.find(({ name }) => name === table)?.path;
  for (const batch of dumpTable(snapshot, table)) {
    const packed = batch
      .filter((row) => isPacked(table, row, snapshot))
      .map((row) => (path === undefined ? row : withPath(row, path, folders)));
    rows += packed.length;
    for (const { id } of packed) if (typeof id === 'number' && id > maxId) maxId = id;
    work.onProgress({ label: 'Packing the rows', done: rows, total: null, unit: 'rows' });
    yield await Promise.resolve(Buffer.from(packed.map((row) => `${JSON.stringify(row)}\n`).join('')));
    // Other requests have their turn.
    await new Promise((resolve) => setImmediate(resolve));
  }
  tables.push({ name: table, rows, maxId });
}

/** What owns a file may be left out. */
function isPacked(table: string, row: DumpedRow, { leftOut }: ProjectSnapshot): boolean {
  return table !== 'stored_files' || row['owner_kind'] === 'run' || leftOut.size === 0;
}

/** Folders have numbers in an archive; their names here mean nothing elsewhere. */
function withPath(row: DumpedRow, column: string, folders: readonly PackedFolder[]): DumpedRow {
  const path = String(row[column]);
  const number = folders.findIndex(({ stored }) => path === stored || path.startsWith(`${stored}/`));
  const stored = folders[number]?.stored;
  if (stored === undefined) throw new StorageError(`${path} is in no folder of the project, so it can not be packed.`, { file: path });
  return { ...row, [column]: `files/${number}${path.slice(stored.length)}` };
}

async function* bytesOf({ path }: PackedFile, total: number, parts: Parts): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 }) as AsyncIterable<Buffer>) {
      parts.bytesDone += chunk.length;
      parts.work.onProgress({ label: 'Packing the files', done: parts.bytesDone, total, unit: 'bytes' });
      yield chunk;
    }
  } catch (error) {
    throw asStorageError(error, 'read', path);
  }
}
