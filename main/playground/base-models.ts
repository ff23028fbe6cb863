/** @file The base models that a project can be chatted with: those its adapters were made for. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { StoreError } from '#contract/errors.ts';
import { listAdapters } from '#store/adapters.ts';
import { fromStoredPath } from '#store/data-folder.ts';
import { getModel } from '#store/models.ts';
import type { Store } from '#store/store.ts';

export interface BaseModel {
  readonly id: number;
  readonly name: string;
  readonly folder: string;
  readonly isThere: boolean;
}

/** That of the newest adapter first. */
export function baseModels(store: Store, projectId: number): BaseModel[] {
  const ids = new Set(listAdapters(store, projectId).flatMap(({ modelId }) => modelId ?? []));
  return [...ids].flatMap((id) => {
    const model = getModel(store, id);
    if (!model) return [];
    const folder = fromStoredPath(store.folder, model.path);
    return [{ id, name: model.name, folder, isThere: existsSync(join(folder, 'config.json')) }];
  });
}

/** @param modelId - null for the first @throws {StoreError} `not-found` if there is none, or its folder is gone */
export function requireBaseModel(store: Store, projectId: number, modelId: number | null): BaseModel {
  const models = baseModels(store, projectId);
  const model = modelId === null ? models[0] : models.find(({ id }) => id === modelId);
  if (!model) {
    throw new StoreError('No adapter of this project says which model it was made for. Start a run, or import an adapter with its model.', {
      reason: 'not-found',
    });
  }
  if (model.isThere) return model;
  throw new StoreError(`The model ${model.name} is not in ${model.folder} any more. Put it back there, or choose another model.`, {
    reason: 'not-found',
  });
}
