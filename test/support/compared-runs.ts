/** @file A project with a KTO and a DPO run that were started together and are completed: tiny, but trained for real. */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { toNewRow } from '#datasets/row-texts.ts';
import { saveAdapter } from '#store/adapters.ts';
import { toStoredPath } from '#store/data-folder.ts';
import { createDataset } from '#store/datasets.ts';
import { saveModel } from '#store/models.ts';
import { createProject } from '#store/projects.ts';
import type { NewRow } from '#store/row-columns.ts';
import { createRun, setRunStatus } from '#store/runs.ts';
import { createSplit } from '#store/splits.ts';
import type { Store } from '#store/store.ts';
import { importRows } from '#test/store/sample-store.ts';
import { EXPORT_BASE, trainForExport } from './export-runs.ts';

export interface ComparedProject {
  readonly projectId: number;
  readonly versionId: number;
  readonly splitId: number;
  readonly ktoId: number;
  readonly dpoId: number;
  readonly adapterDirs: readonly [string, string];
}

let trained: Promise<string> | null = null;

/** Once a file of tests. */
async function trainBoth(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'prospect-compared-'));
  for (const method of ['kto', 'dpo'] as const) await trainForExport(method, folder);
  return folder;
}

afterAll(async () => {
  if (trained) await rm(await trained, { recursive: true, force: true });
});

/**
 * Twelve pairs, of which the last four are held out.
 * @param knowsModel - the model's weights have been read in this data folder
 */
export async function makeComparedProject(store: Store, knowsModel = false): Promise<ComparedProject> {
  const projectId = createProject(store, { name: 'Reviews' }).id;
  const datasetId = createDataset(store, { projectId, name: 'Pairs', kind: 'pair' }).id;
  const versionId = importRows(
    store,
    datasetId,
    Array.from({ length: 12 }, (_, index) => pairAt(index)),
  ).id;
  const heldOut = Uint8Array.from([0, 0b1111]);
  const splitId = createSplit(store, { versionId, name: 'default', settings: {}, heldOut }).id;
  const modelId = saveModel(store, { path: EXPORT_BASE, name: 'base', sha256: null, facts: {} }).id;
  const made = await (trained ??= trainBoth());
  for (const method of ['kto', 'dpo']) await cp(join(made, method), join(store.folder.runs, method), { recursive: true });
  if (knowsModel) await cp(join(made, 'cache'), join(store.folder.root, 'cache'), { recursive: true });
  const adapterDirs = [join(store.folder.runs, 'kto'), join(store.folder.runs, 'dpo')] as const;
  const [ktoId = 0, dpoId = 0] = (['kto', 'dpo'] as const).map((method, index) =>
    completedRun(store, { projectId, versionId, splitId, modelId, method, folder: adapterDirs[index] ?? '' }),
  );
  return { projectId, versionId, splitId, ktoId, dpoId, adapterDirs };
}

export interface CompletedRun {
  readonly projectId: number;
  readonly versionId: number;
  readonly splitId: number | null;
  readonly modelId: number;
  readonly method: 'kto' | 'dpo';
  /** Absolute. */
  readonly folder: string;
  readonly name?: string;
}

export function completedRun(store: Store, { method, folder, name = `${method.toUpperCase()} 1`, ...run }: CompletedRun): number {
  const path = toStoredPath(store.folder, folder);
  const settings = { learning_rate: 5e-3, max_steps: 6 };
  const { id } = createRun(store, { ...run, name, method, settings, folder: path, engine: 'onnxruntime/cpu', totalSteps: 6 });
  setRunStatus(store, id, 'running');
  setRunStatus(store, id, 'completed');
  const { projectId, modelId } = run;
  saveAdapter(store, { projectId, runId: id, modelId, name, path, sha256: '', facts: {}, files: [] });
  return id;
}

export function pairAt(index: number): NewRow {
  const texts = { prompt: `Question ${index}? `, chosen: `a fine answer ${index}`, rejected: `no ${index}` };
  return toNewRow({ kind: 'pair', form: 'text', row: index + 1, ...texts }, { sourceFile: 0, sourceRow: index + 1 });
}
