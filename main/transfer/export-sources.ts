/** @file What of a project can be exported: its adapters, with the model each was made for. */
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import type { ExportSource } from '#contract/exports.ts';
import { SettingsError } from '#contract/errors.ts';
import { RunMethod } from '#contract/runs.ts';
import { readJsonFile } from '#io/read-json-file.ts';
import { listAdapters, type Adapter } from '#store/adapters.ts';
import { fromStoredPath } from '#store/data-folder.ts';
import { getVersion } from '#store/datasets.ts';
import { getModel } from '#store/models.ts';
import { notFound } from '#store/not-found.ts';
import { getRun, type Run } from '#store/runs.ts';
import type { Store } from '#store/store.ts';

const WEIGHTS = 'adapter_model.safetensors';
const RunData = z.object({ data: z.object({ file: z.string() }) });

/** Newest first. */
export function listExportSources(store: Store, projectId: number): Promise<ExportSource[]> {
  return Promise.all(listAdapters(store, projectId).map((adapter) => describe(store, adapter)));
}

/** What an export is made of. */
export interface OpenSource {
  readonly adapter: Adapter;
  readonly adapterDir: string;
  readonly modelDir: string;
  readonly run: Run | null;
}

/**
 * @throws {StoreError} `not-found` if the project has no such adapter
 * @throws {SettingsError} with why nothing can be made of it
 */
export async function openExportSource(store: Store, projectId: number, adapterId: number): Promise<OpenSource> {
  const adapter = listAdapters(store, projectId).find(({ id }) => id === adapterId);
  if (!adapter) throw notFound('adapter', adapterId);
  const { problem, modelFolder } = await describe(store, adapter);
  if (problem !== null || modelFolder === null) throw new SettingsError(problem ?? '', { field: 'model' });
  const run = adapter.runId === null ? null : getRun(store, adapter.runId);
  return { adapter, adapterDir: fromStoredPath(store.folder, adapter.path), modelDir: modelFolder, run };
}

async function describe(store: Store, adapter: Adapter): Promise<ExportSource> {
  const { id, name, runId, modelId, createdAt } = adapter;
  const run = runId === null ? null : getRun(store, runId);
  const folder = fromStoredPath(store.folder, adapter.path);
  const model = modelId === null ? null : getModel(store, modelId);
  const modelFolder = model && fromStoredPath(store.folder, model.path);
  const isModelThere = modelFolder !== null && existsSync(join(modelFolder, 'config.json'));
  return {
    adapterId: id,
    name,
    runId: run?.id ?? null,
    method: RunMethod.safeParse(run?.method).data ?? null,
    modelName: model?.name ?? null,
    modelFolder: isModelThere ? modelFolder : null,
    createdAt,
    problem: problemOf({ folder, modelFolder, isModelThere }),
    jobProblem: await jobProblemOf(store, run, folder),
  };
}

function problemOf({
  folder,
  modelFolder,
  isModelThere,
}: {
  readonly folder: string;
  readonly modelFolder: string | null;
  readonly isModelThere: boolean;
}): string | null {
  if (!existsSync(join(folder, WEIGHTS))) return `Its files are not in ${folder} any more, so nothing can be made of it.`;
  if (modelFolder === null) return 'The model it was made for is not known any more. Say where that model is.';
  if (!isModelThere) return `Its model ${basename(modelFolder)} is not at ${modelFolder} any more. Say where it is now.`;
  return null;
}

async function jobProblemOf(store: Store, run: Run | null, folder: string): Promise<string | null> {
  if (run === null) return 'It was brought in as an adapter alone, so its settings and rows are not known.';
  if (run.versionId !== null && getVersion(store, run.versionId)) return null;
  const record = RunData.safeParse(await readJsonFile(join(folder, 'run.json')).catch(() => null));
  if (record.success && existsSync(record.data.data.file)) return null;
  return 'The rows it was trained on are not there any more.';
}
