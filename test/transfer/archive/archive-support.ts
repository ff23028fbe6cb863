/** @file Projects with one of everything and real files, archives of them, and everything that can be compared of two projects. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setChoices } from '#projects/choices.ts';
import { saveAdapter } from '#store/adapters.ts';
import { dumpTable, dumpedTables, snapshotProject, type DumpedRow } from '#store/archive/dump-project.ts';
import { fromStoredPath } from '#store/data-folder.ts';
import { listVersions } from '#store/datasets.ts';
import { filesOf } from '#store/delete-with-files.ts';
import { editRows } from '#store/edit-rows.ts';
import { writeMetrics } from '#store/metrics.ts';
import { getModel } from '#store/models.ts';
import { recordProgress, setRunStatus } from '#store/runs.ts';
import { iterateRows, readRows } from '#store/rows.ts';
import { createSplit } from '#store/splits.ts';
import type { Store } from '#store/store.ts';
import { readArchive } from '#transfer/archive/read-archive.ts';
import { writeArchive } from '#transfer/archive/write-archive.ts';
import { sampleProject, type SampleProject } from '#test/store/sample-project.ts';
import { example, examples, importRows } from '#test/store/sample-store.ts';

export const work = (store: Store, signal = new AbortController().signal) => ({
  cacheDir: join(store.folder.root, 'cache'),
  signal,
  onProgress: () => undefined,
});

/** With edits, versions, splits, a finished run with odd numbers, an adapter of its own, and files. */
export async function richProject(store: Store, rows = 3000, steps = 1200): Promise<SampleProject> {
  const sample = sampleProject(store);
  const { projectId, datasetId, run, modelId } = sample;
  importRows(store, datasetId, examples(rows, 10));
  const grown = listVersions(store, datasetId).at(-1)?.id ?? 0;
  const [row] = readRows(store, { versionId: grown, from: 5, count: 1 });
  const odd = { ...example(5), completion: 'Größer 你好 😀 </script>' };
  const [second] = readRows(store, { versionId: grown, from: 1500 % rows, count: 1 });
  editRows(store, {
    versionId: grown,
    edits: [
      { kind: 'replace', rowId: row?.id ?? 0, row: odd },
      { kind: 'delete', rowId: second?.id ?? 0 },
      { kind: 'append', row: example(80_000) },
    ],
    origin: { kind: 'edit', datasetVersionId: grown },
  });
  const newest = listVersions(store, datasetId).at(-1);
  const count = newest?.rowCount ?? 0;
  const heldOut = new Uint8Array(Math.ceil(count / 8)).fill(1);
  const split = createSplit(store, { versionId: newest?.id ?? 0, name: 'second', settings: { seed: 7 }, heldOut });
  importRows(store, datasetId, examples(20, 90_000), false);
  setRunStatus(store, run.id, 'running');
  writeMetrics(
    store,
    run.id,
    Array.from({ length: steps }, (_, step) => ({
      step,
      values: { loss: step === 7 ? NaN : 1 / (step + 1), kl: step === 9 ? Infinity : 0.1 * step, 'rewards/chosen': -step },
    })),
  );
  recordProgress(store, { runId: run.id, lastStep: steps, totalSteps: steps });
  setRunStatus(store, run.id, 'completed');
  saveAdapter(store, {
    projectId,
    runId: null,
    modelId,
    name: 'Elsewhere',
    path: `adapters/adapter-${projectId}`,
    sha256: 'cd',
    facts: { r: 4 },
    files: [{ path: `adapters/adapter-${projectId}/adapter_model.safetensors`, sha256: null, bytes: 4 }],
  });
  setChoices(store, projectId, { data: { versionId: newest?.id ?? 0, splitId: split.id }, settings: { beta: 0.2 } });
  for (const { path } of filesOf(store, 'project', projectId).files) await put(fromStoredPath(store.folder, path), path.slice(-4));
  await put(join(store.folder.root, run.folder, 'run.json'), '{"settings":{}}');
  return sample;
}

async function put(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}

export function pack(store: Store, projectId: number, file: string, hasWeights = true) {
  return writeArchive(store, { projectId, file, hasWeights }, work(store));
}

export function unpack(store: Store, file: string, name: string | null = null) {
  return readArchive(store, { file, name }, work(store));
}

/** Every row of every table of a project, with ids and folders named by where they come in their order; and the rows of each version. */
export async function everythingOf(store: Store, projectId: number): Promise<Record<string, unknown>> {
  const snapshot = snapshotProject(store, projectId, new Set());
  const tables = new Map<string, readonly DumpedRow[]>(
    dumpedTables(snapshot).map((table) => [table, [...dumpTable(snapshot, table)].flat()]),
  );
  const names = new Map<string, string>();
  for (const [table, rows] of tables)
    rows.forEach(({ id }, index) => id !== undefined && names.set(`${table} ${String(id)}`, `${table}#${index}`));
  const folders = [...(tables.get('runs') ?? []).map(({ folder }) => folder), ...(tables.get('adapters') ?? []).map(({ path }) => path)];
  const named = (text: unknown): unknown =>
    typeof text === 'string'
      ? folders.reduce<string>(
          (path, folder, index) => (path.startsWith(String(folder)) ? path.replace(String(folder), `folder ${index}`) : path),
          text,
        )
      : text;
  const namedVersions = (text: unknown): unknown =>
    typeof text === 'string'
      ? text.replace(/"datasetVersionId":(\d+)/, (_, id: string) => String(names.get(`dataset_versions ${id}`)))
      : text;
  const refer = (table: string, id: string | number | null): unknown => (id === null ? null : (names.get(`${table} ${String(id)}`) ?? id));
  const content = Object.fromEntries(
    [...tables].map(([table, rows]) => [
      table,
      rows
        .map((row) =>
          Object.fromEntries(
            Object.entries(row).map(([column, value]) => {
              if (column === 'project_id') return [column, 'the project'];
              if (column === 'model_id') return [column, getModel(store, Number(value))?.name ?? null];
              if (column === 'id') return [column, refer(table, value)];
              if (column === 'owner_id') return [column, refer(`${String(row['owner_kind'])}s`, value)];
              if (column.endsWith('_id') && column !== 'key_id') return [column, refer(targetOf(column), value)];
              return [column, namedVersions(named(value))];
            }),
          ),
        )
        .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
    ]),
  );
  const versions = (tables.get('datasets') ?? []).flatMap(({ id }) =>
    listVersions(store, Number(id)).map((version) => [
      version.number,
      Array.from(iterateRows(store, version.id), ({ id: _id, sourceRowId: _source, ...row }) => ({
        ...row,
        promptKey: String(row.promptKey),
      })),
      readRows(store, { versionId: version.id, from: 1100, count: 3 }).map(({ prompt }) => prompt),
    ]),
  );
  return { ...content, versions, files: await filesBelow(store, folders.map(String)) };
}

const TARGETS: Readonly<Record<string, string>> = {
  initial_adapter_id: 'adapters',
  source_row_id: 'rows',
  first_run_id: 'runs',
  second_run_id: 'runs',
  dataset_version_id: 'dataset_versions',
};

function targetOf(column: string): string {
  return TARGETS[column] ?? `${column.slice(0, -3)}s`;
}

async function filesBelow(store: Store, folders: readonly string[]): Promise<unknown[]> {
  const all: unknown[] = [];
  for (const [index, folder] of folders.entries()) {
    const path = fromStoredPath(store.folder, folder);
    const names = (await readdir(path, { recursive: true, withFileTypes: true }).catch(() => [])).filter((entry) => entry.isFile());
    for (const { name, parentPath } of names) {
      const hash = createHash('sha256')
        .update(await readFile(join(parentPath, name)))
        .digest('hex');
      all.push([index, join(parentPath, name).slice(path.length), hash]);
    }
  }
  return all.map((entry) => JSON.stringify(entry)).sort();
}
