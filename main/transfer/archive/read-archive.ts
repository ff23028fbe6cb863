/** @file Brings a project in from an archive: all of it or nothing, checked row by row and byte by byte. */
import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError, CancelledError, FormatError } from '#contract/errors.ts';
import { Choices } from '#contract/choices.ts';
import { asStorageError, systemErrorCode } from '#io/as-storage-error.ts';
import { checkFreeSpace } from '#io/check-free-space.ts';
import { setChoices } from '#projects/choices.ts';
import { ProjectLoader } from '#store/archive/load-project.ts';
import { PROJECT_TABLES } from '#store/archive/project-tables.ts';
import { fromStoredPath, toStoredPath } from '#store/data-folder.ts';
import { getProject, listProjects, type Project } from '#store/projects.ts';
import type { Store } from '#store/store.ts';
import { findModelHere, keepModel } from './archive-models.ts';
import { checkRow } from './check-row.ts';
import { entryPlace } from './entry-name.ts';
import type { Manifest, PackedModel } from './manifest.ts';
import { openArchive, type Archive } from './open-archive.ts';
import { readLines } from './read-lines.ts';
import type { ArchiveWork } from './write-archive.ts';

const ROWS_AT_ONCE = 500;
const UNFINISHED = '.unfinished-import-';

export interface ReadArchiveRequest {
  readonly file: string;
  /** Null for the name it has in the archive, with a number where that is taken. */
  readonly name: string | null;
}

export interface BroughtProject {
  readonly project: Project;
  /** What a person should know. */
  readonly notes: readonly string[];
}

/**
 * @throws {FormatError} if it is no archive, a newer one, damaged, or not what it says
 * @throws {StoreError} `conflict` if `name` is taken
 * @throws {StorageError | CancelledError} nothing is kept then
 */
export async function readArchive(store: Store, { file, name }: ReadArchiveRequest, work: ArchiveWork): Promise<BroughtProject> {
  const archive = await openArchive(file);
  const staging = join(store.folder.root, `${UNFINISHED}${randomUUID()}`);
  let loader: ProjectLoader | null = null;
  const placed: string[] = [];
  try {
    const { manifest } = archive;
    checkTables(manifest, file);
    await checkFreeSpace({ folder: store.folder.root, neededBytes: archive.bytes, purpose: `Bringing in ${basename(file)}` });
    const targets = manifest.folders.map((kind, number) => targetOf(store, kind, manifest, number));
    await unpackFiles(archive, staging, work);
    const models = await findModels(store, manifest, { targets, work });
    loader = ProjectLoader.begin(store, {
      name: name ?? freeName(store, manifest.project.name),
      notes: manifest.project.notes,
      maxIds: Object.fromEntries(manifest.tables.map(({ name: table, maxId }) => [table, maxId])),
      models: models.ids,
      toStoredPath: (path) => storedPath(store, path, targets),
    });
    await loadTables(archive, loader, work);
    await placeFolders(staging, targets, { placed, used: models.used });
    if (work.signal.aborted) throw new CancelledError();
    loader.finish((projectId, newId) => keepChoices(store, projectId, { manifest, models, newId }));
    const project = getProject(store, loader.projectId) as Project;
    return { project, notes: notesOn(manifest, models) };
  } catch (error) {
    loader?.abort();
    await Promise.all(placed.map((folder) => rm(folder, { recursive: true, force: true })));
    throw work.signal.aborted ? new CancelledError('Cancelled. Nothing was changed.', {}, { cause: error }) : toPersonError(error, file);
  } finally {
    archive.close();
    await rm(staging, { recursive: true, force: true });
  }
}

/** Whatever is wrong with an archive is the archive's fault, not the program's or the store's. */
function toPersonError(error: unknown, file: string): unknown {
  if (systemErrorCode(error) !== null) return asStorageError(error, 'write', file);
  const isOurs = error instanceof AppError && (error.code === 'storage' || error.code === 'cancelled' || error.code === 'out-of-memory');
  if (isOurs || (error instanceof FormatError && error.message.startsWith(basename(file)))) return error;
  const why = error instanceof AppError && error.code === 'format' ? error.message : 'its rows contradict each other.';
  return new FormatError(`${basename(file)} can not be brought in: ${why} Nothing was changed.`, { file }, { cause: error });
}

function checkTables({ tables, entries }: Manifest, file: string): void {
  const known = new Set(PROJECT_TABLES.map(({ name }) => name));
  const named = new Set(tables.map(({ name }) => name));
  const packed = entries.flatMap(({ name }) => {
    const place = entryPlace(name);
    return place?.kind === 'table' ? [place.table] : [];
  });
  const unknown = packed.find((table) => !known.has(table));
  const isSame = named.size === tables.length && packed.length === named.size && packed.every((table) => named.has(table));
  if (unknown === undefined && isSame) return;
  const why =
    unknown === undefined
      ? 'its tables are not those that it lists.'
      : `it has ${unknown}, which this Prospect does not know. Update Prospect.`;
  throw new FormatError(`${basename(file)} can not be brought in: ${why}`, { file });
}

/** A name of its own for each folder: none of them is there yet. */
function targetOf(store: Store, kind: Manifest['folders'][number], { models }: Manifest, number: number): string {
  const tail = randomUUID().slice(0, 8);
  if (kind === 'run') return join(store.folder.runs, `imported-${tail}`);
  if (kind === 'adapter') return join(store.folder.adapters, `adapter-${tail}`);
  const model = models.find(({ packed }) => packed === number);
  return join(store.folder.models, `${model?.name.replaceAll(/[^\w.-]+/g, '-') ?? 'model'}-${tail}`);
}

function storedPath(store: Store, path: string, targets: readonly string[]): string {
  const [, number, rest = ''] = /^files\/(\d{1,6})((?:\/.+)?)$/.exec(path) ?? [];
  const target = number === undefined ? undefined : targets[Number(number)];
  if (target === undefined || (rest !== '' && entryPlace(path)?.kind !== 'file')) {
    throw new FormatError(`${JSON.stringify(path).slice(0, 200)} is no path in an archive.`, { file: 'files' });
  }
  return `${toStoredPath(store.folder, target)}${rest}`;
}

async function unpackFiles(archive: Archive, staging: string, { signal, onProgress }: ArchiveWork): Promise<void> {
  const { entries, folders } = archive.manifest;
  const total = entries.reduce((sum, { name, bytes }) => (name.startsWith('files/') ? sum + bytes : sum), 0);
  let done = 0;
  await mkdir(staging, { recursive: true });
  for (const { name } of entries) {
    const place = entryPlace(name);
    if (place?.kind !== 'file') continue;
    if (place.folder >= folders.length) throw new FormatError(`${name} is in no folder of the archive.`, { file: name });
    const path = join(staging, String(place.folder), ...place.segments);
    await mkdir(dirname(path), { recursive: true });
    const counted = async function* (): AsyncGenerator<Buffer> {
      for await (const chunk of archive.read(name, signal)) {
        done += chunk.length;
        onProgress({ label: 'Unpacking the files', done, total, unit: 'bytes' });
        yield chunk;
      }
    };
    await pipeline(Readable.from(counted(), { objectMode: false }), createWriteStream(path, { flags: 'wx' }));
  }
}

async function loadTables(archive: Archive, loader: ProjectLoader, { signal, onProgress }: ArchiveWork): Promise<void> {
  const said = new Map(archive.manifest.tables.map((table) => [table.name, table]));
  const total = archive.manifest.tables.reduce((sum, { rows }) => sum + rows, 0);
  let done = 0;
  for (const { name } of PROJECT_TABLES) {
    const table = said.get(name);
    if (!table) continue;
    let number = 0;
    for await (const lines of readLines(archive.read(`tables/${name}.jsonl`, signal), ROWS_AT_ONCE)) {
      loader.addRows(
        name,
        lines.map((line) => checkRow(name, line, ++number)),
      );
      done += lines.length;
      onProgress({ label: 'Reading the rows', done, total, unit: 'rows' });
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (number !== table.rows) throw new FormatError(`${name} should have ${table.rows} rows, and has ${number}.`, { file: name });
  }
}

interface FoundModels {
  /** By their ids in the archive. */
  readonly ids: ReadonlyMap<number, number>;
  readonly folders: ReadonlyMap<number, string>;
  readonly missing: readonly PackedModel[];
  /** Numbers of packed folders that are needed. */
  readonly used: ReadonlySet<number>;
}

async function findModels(
  store: Store,
  { models, folders: kinds }: Manifest,
  { targets, work }: { readonly targets: readonly string[]; readonly work: ArchiveWork },
): Promise<FoundModels> {
  const ids = new Map<number, number>();
  const folders = new Map<number, string>();
  const missing: PackedModel[] = [];
  const used = new Set(kinds.flatMap((kind, number) => (kind === 'model' ? [] : [number])));
  for (const model of models) {
    work.onProgress({ label: `Looking for ${model.name}`, done: 0, total: null, unit: 'bytes' });
    const here = await findModelHere(store, model, work);
    const packed = here === null && model.packed !== null && kinds[model.packed] === 'model' ? model.packed : null;
    if (packed !== null) used.add(packed);
    else if (here === null) missing.push(model);
    const folder = here ?? (packed === null ? model.folder : (targets[packed] as string));
    ids.set(model.id, keepModel(store, model, folder));
    folders.set(model.id, fromStoredPath(store.folder, folder));
  }
  return { ids, folders, missing, used };
}

async function placeFolders(
  staging: string,
  targets: readonly string[],
  { placed, used }: { readonly placed: string[]; readonly used: ReadonlySet<number> },
): Promise<void> {
  for (const [number, target] of targets.entries()) {
    if (!used.has(number)) continue;
    // A folder without files is one all the same.
    await mkdir(join(staging, String(number)), { recursive: true });
    await rename(join(staging, String(number)), target);
    placed.push(target);
  }
}

function keepChoices(
  store: Store,
  projectId: number,
  {
    manifest: { project, chosenModel },
    models,
    newId,
  }: {
    readonly manifest: Manifest;
    readonly models: FoundModels;
    readonly newId: (table: string, id: number) => number | null;
  },
): void {
  const choices = Choices.safeParse(project.choices ?? {}).data ?? Choices.parse({});
  const versionId = choices.data === null ? null : newId('dataset_versions', choices.data.versionId);
  const splitId = choices.data === null || choices.data.splitId === null ? null : newId('splits', choices.data.splitId);
  const modelFolder = chosenModel === null ? null : (models.folders.get(chosenModel) ?? null);
  setChoices(store, projectId, { ...choices, modelFolder, data: versionId === null ? null : { versionId, splitId } });
}

function notesOn({ hasWeights }: Manifest, { missing }: FoundModels): string[] {
  return [
    ...missing.map(
      ({ name, folder }) =>
        `The model ${name} is not on this machine (it was in ${folder}). Choose it again in the Model step before you train or chat.`,
    ),
    ...(hasWeights ? [] : ['The archive was made without the files of adapters and checkpoints; curves, rows and chats are here.']),
  ];
}

function freeName(store: Store, name: string): string {
  const taken = new Set(listProjects(store).map((project) => project.name));
  if (!taken.has(name)) return name;
  const short = name.slice(0, 110);
  let number = 2;
  while (taken.has(`${short} (${number})`)) number++;
  return `${short} (${number})`;
}
