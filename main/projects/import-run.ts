/** @file Brings a finished run of the command line into a project: its settings, its whole curve and its adapter. */
import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import { copyFile, mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { SettingsError } from '#contract/errors.ts';
import { checkAdapterFits } from '#engine/adapter/check-adapter-fits.ts';
import { linearModules } from '#engine/model/model-tensors.ts';
import type { FinishedRun, RunSource } from '#exports/run-source.ts';
import { readAdapterFolder } from '#io/adapter-folder.ts';
import { asStorageError } from '#io/as-storage-error.ts';
import { hashFile } from '#io/hash-file.ts';
import { checkModel } from '#jobs/open-model.ts';
import { saveAdapter } from '#store/adapters.ts';
import { toStoredPath } from '#store/data-folder.ts';
import type { JsonObject } from '#store/json-column.ts';
import { writeMetrics } from '#store/metrics.ts';
import { findModel, saveModel } from '#store/models.ts';
import { createRun, recordProgress, setRunStatus, type Run } from '#store/runs.ts';
import type { Store } from '#store/store.ts';

const WEIGHTS = 'adapter_model.safetensors';
const FILES = ['adapter_config.json', WEIGHTS, 'run.json', 'metrics.jsonl'] as const;

/**
 * The folder stays as it is; its checkpoints are not copied, because a finished run is not resumed.
 * @param source - as `openRunSource` gives it
 * @throws {SettingsError} if it is no run, or one that has not finished
 * @throws {FormatError | ShapeError | StorageError} nothing is kept
 */
export async function importRun(
  store: Store,
  { projectId, source, name }: { readonly projectId: number; readonly source: RunSource; readonly name: string | null },
): Promise<Run> {
  const { run, adapterDir, modelDir } = source;
  if (run === null)
    throw new SettingsError(
      `${adapterDir} holds no run.json, so it is not the folder of a run. An adapter alone is brought in as an adapter.`,
      { field: 'run' },
    );
  if (run.status !== 'finished') {
    throw new SettingsError(
      `This run is ${run.status} after ${run.steps.done} of ${run.steps.total} steps. Finish it first: prospect train --resume.`,
      { field: 'run' },
    );
  }
  const { folder, config } = await checkModel(modelDir);
  checkAdapterFits(await readAdapterFolder(adapterDir), linearModules(config));
  const target = join(store.folder.runs, `imported-${randomUUID().slice(0, 8)}`);
  try {
    await copyFiles(adapterDir, target);
    const sha256 = await hashFile(join(target, WEIGHTS));
    return keep(store, { projectId, name: name ?? basename(adapterDir), target, modelDir: folder.dir, run, source, sha256 });
  } catch (error) {
    await rm(target, { recursive: true, force: true });
    throw error;
  }
}

async function copyFiles(from: string, to: string): Promise<void> {
  try {
    await mkdir(to, { recursive: true });
    for (const file of FILES) await copyFile(join(from, file), join(to, file));
  } catch (error) {
    throw asStorageError(error, 'write', to);
  }
}

interface Kept {
  readonly projectId: number;
  readonly name: string;
  readonly target: string;
  readonly modelDir: string;
  readonly run: FinishedRun;
  readonly source: RunSource;
  readonly sha256: string;
}

/** All or nothing. */
function keep(store: Store, { projectId, name, target, modelDir, run, source, sha256 }: Kept): Run {
  const path = toStoredPath(store.folder, target);
  const modelPath = toStoredPath(store.folder, modelDir);
  const settings = run.settings as JsonObject;
  const { method } = run.settings;
  const { total } = run.steps;
  return store.writeDurably(() => {
    const model = findModel(store, modelPath) ?? saveModel(store, { path: modelPath, name: basename(modelDir), sha256: null, facts: {} });
    const place = { projectId, versionId: null, splitId: null, modelId: model.id, folder: path };
    const { id } = createRun(store, { ...place, name, method, settings, engine: run.backend ?? '', totalSteps: total });
    setRunStatus(store, id, 'running');
    writeMetrics(
      store,
      id,
      source.metrics.map(({ step = 0, ...values }) => ({ step, values })),
    );
    recordProgress(store, { runId: id, lastStep: run.steps.done, totalSteps: total });
    const facts = {
      method,
      r: settings['lora_r'] ?? null,
      lora_alpha: settings['lora_alpha'] ?? null,
      target_modules: settings['target_modules'] ?? null,
    };
    const files = FILES.map((file) => ({
      path: toStoredPath(store.folder, join(target, file)),
      sha256: file === WEIGHTS ? sha256 : null,
      bytes: statSync(join(target, file)).size,
    }));
    saveAdapter(store, { projectId, runId: id, modelId: model.id, name, path, sha256, facts, files });
    return setRunStatus(store, id, 'completed');
  });
}
