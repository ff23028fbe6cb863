/** @file The adapter that a run goes on from, instead of a fresh one: whether it can be, and where it is. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SettingsError, StoreError } from '#contract/errors.ts';
import { checkAdapterFits } from '#engine/adapter/check-adapter-fits.ts';
import { linearModules } from '#engine/model/model-tensors.ts';
import type { ModelConfig } from '#engine/model/model-config.ts';
import { readAdapterFolder } from '#io/adapter-folder.ts';
import { getAdapter, type Adapter } from '#store/adapters.ts';
import { fromStoredPath, toStoredPath } from '#store/data-folder.ts';
import { getModel } from '#store/models.ts';
import type { Run } from '#store/runs.ts';
import type { Store } from '#store/store.ts';

const FIELD = { field: 'adapter' };

export interface WantedAdapter {
  readonly projectId: number;
  readonly adapterId: number;
  /** Of the base model the run is to have; null while none is chosen. */
  readonly modelFolder: string | null;
}

/**
 * What can be told from the store alone.
 * @throws {SettingsError} if it is gone, or was made for another model
 */
export function requireInitialAdapter(store: Store, { projectId, adapterId, modelFolder }: WantedAdapter): Adapter {
  const adapter = getAdapter(store, adapterId);
  if (!adapter || adapter.projectId !== projectId) {
    throw new SettingsError(
      'The adapter that the run was to go on from was deleted. Choose another one, or begin with a fresh one.',
      FIELD,
    );
  }
  if (!existsSync(join(initialAdapterDir(store, adapter), 'adapter_config.json'))) {
    throw new SettingsError(
      `The files of ${adapter.name} are not in ${initialAdapterDir(store, adapter)} any more. Choose another adapter, or begin with a fresh one.`,
      FIELD,
    );
  }
  const model = adapter.modelId === null ? null : getModel(store, adapter.modelId);
  if (!model || modelFolder === null || model.path === toStoredPath(store.folder, modelFolder)) return adapter;
  // A model that was moved has another folder and still is the same: then the shapes decide.
  const itsFolder = fromStoredPath(store.folder, model.path);
  if (!existsSync(join(itsFolder, 'config.json'))) return adapter;
  throw new SettingsError(
    `${adapter.name} was made for the model in ${itsFolder}, but the run would use the one in ${modelFolder}. Choose its model, or begin with a fresh adapter.`,
    FIELD,
  );
}

/** By its tensors. @throws {ShapeError | FormatError | StorageError} */
export async function checkInitialAdapter(store: Store, adapter: Adapter, config: ModelConfig): Promise<void> {
  checkAdapterFits(await readAdapterFolder(initialAdapterDir(store, adapter)), linearModules(config));
}

/** Null for a fresh one. A resumed run needs it, too: it is the reference. @throws {StoreError} `not-found` if it was deleted */
export function adapterDirOf(store: Store, { initialAdapterId, initialAdapterName }: Run): string | null {
  if (initialAdapterName === null) return null;
  const adapter = initialAdapterId === null ? null : getAdapter(store, initialAdapterId);
  if (adapter) return initialAdapterDir(store, adapter);
  throw new StoreError(`This run goes on from ${initialAdapterName}, which was deleted. Start a new run.`, { reason: 'not-found' });
}

/** Absolute. */
export function initialAdapterDir(store: Store, { path }: Pick<Adapter, 'path'>): string {
  return fromStoredPath(store.folder, path);
}
