/** @file Puts runs into the queue, after everything that can be checked at once has been. */
import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { EngineChoice } from '#contract/engines.ts';
import { SettingsError, StoreError } from '#contract/errors.ts';
import type { NewRuns, RunMethod } from '#contract/runs.ts';
import { resolveSettings } from '#engine/train/resolve-settings.ts';
import { asStorageError } from '#io/as-storage-error.ts';
import { checkModel } from '#jobs/open-model.ts';
import { toStoredPath } from '#store/data-folder.ts';
import { getDataset, latestVersionOf, listDatasets, requireVersion, type DatasetKind } from '#store/datasets.ts';
import type { JsonObject } from '#store/json-column.ts';
import { findModel, saveModel, type Model } from '#store/models.ts';
import { notFound } from '#store/not-found.ts';
import { getProject, touchProject } from '#store/projects.ts';
import { createRun, listRuns, type Run } from '#store/runs.ts';
import { getSplit } from '#store/splits.ts';
import type { Store } from '#store/store.ts';
import { checkInitialAdapter, requireInitialAdapter } from './initial-adapter.ts';
import { promptsAsWritten, type ProbePrompt } from './probe-prompts.ts';
import { writePrompts } from './write-probes.ts';
import type { RowSource } from './write-rows.ts';

/**
 * @param engine - what shall compute them
 * @returns the runs, in the order of their methods
 * @throws {AppError} with what must be changed; nothing is created then
 */
export async function createRuns(store: Store, request: NewRuns, engine: EngineChoice): Promise<Run[]> {
  const { projectId, methods, settings, modelFolder, adapterId, probePrompts, data } = request;
  if (!getProject(store, projectId)) throw notFound('project', projectId);
  const source = data ?? newestData(store, projectId);
  checkData(store, source, methods);
  const own = methods.map((method) => ({
    method,
    settings: settingsFor(method, settings as JsonObject, methods.length > 1),
    folder: join(store.folder.runs, `${method}-${randomUUID().slice(0, 8)}`),
  }));
  const { folder, config } = await checkModel(modelFolder);
  const adapter = adapterId === null ? null : requireInitialAdapter(store, { projectId, adapterId, modelFolder: folder.dir });
  if (adapter) await checkInitialAdapter(store, adapter, config);
  const probes = probePrompts === null ? null : promptsAsWritten(store, source, { texts: probePrompts, model: config });
  try {
    if (probes) for (const run of own) await beginFolder(run.folder, probes);
    return store.writeDurably(() => {
      const model = knownModel(store, folder.dir);
      touchProject(store, projectId);
      return own.map((run) =>
        createRun(store, {
          projectId,
          ...source,
          modelId: model.id,
          name: nextName(store, projectId, run.method),
          method: run.method,
          settings: run.settings,
          folder: toStoredPath(store.folder, run.folder),
          engine,
          totalSteps: null,
          initialAdapterId: adapter?.id ?? null,
          initialAdapterName: adapter?.name ?? null,
        }),
      );
    });
  } catch (error) {
    for (const run of own) await rm(run.folder, { recursive: true, force: true });
    throw error;
  }
}

/** With what a person wrote, which may be other words when the run begins. @throws {StorageError} */
async function beginFolder(folder: string, probes: readonly ProbePrompt[]): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw asStorageError(error, 'write', folder);
  }
  await writePrompts(folder, probes);
}

/** A project may be trained without its rows having been looked at. */
function newestData(store: Store, projectId: number): RowSource {
  const version = listDatasets(store, projectId)
    .toReversed()
    .map(({ id }) => latestVersionOf(store, id))
    .find((latest) => latest !== null);
  if (!version) throw new StoreError('This project has no rows to train on. Add data first.', { reason: 'not-found' });
  return { versionId: version.id, splitId: null };
}

function checkData(store: Store, { versionId, splitId }: RowSource, methods: readonly RunMethod[]): void {
  const version = requireVersion(store, versionId);
  const split = splitId === null ? null : getSplit(store, splitId);
  if (splitId !== null && split?.versionId !== versionId) {
    throw new StoreError('The rows that were held out belong to another version of the dataset. Choose again what is held out.', {
      reason: 'conflict',
    });
  }
  const kind: DatasetKind | undefined = getDataset(store, version.datasetId)?.kind;
  if (kind === 'example' && methods.includes('dpo')) {
    throw new SettingsError(
      'DPO needs pairs of a chosen and a rejected answer, and these rows are single answers. Use KTO, or other rows.',
      {
        field: 'method',
      },
    );
  }
}

/** For both methods at once, each keeps its own kind of loss. @throws {SettingsError} */
function settingsFor(method: RunMethod, { method: _method, ...given }: JsonObject, isOneOfTwo: boolean): JsonObject {
  const { loss_type: lossType, ...shared } = given;
  const settings = isOneOfTwo || lossType === undefined ? shared : { ...shared, loss_type: lossType };
  resolveSettings(settings, { method });
  return settings;
}

function knownModel(store: Store, dir: string): Model {
  const path = toStoredPath(store.folder, dir);
  return findModel(store, path) ?? saveModel(store, { path, name: basename(dir), sha256: null, facts: {} });
}

/** "KTO 3": the third of its method, and never the name of an earlier one. */
function nextName(store: Store, projectId: number, method: RunMethod): string {
  const label = method.toUpperCase();
  const numbers = listRuns(store, projectId).flatMap(({ name }) => Number(new RegExp(`^${label} (\\d+)$`).exec(name)?.[1] ?? 0));
  return `${label} ${Math.max(0, ...numbers) + 1}`;
}
