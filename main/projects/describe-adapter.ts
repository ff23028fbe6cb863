/** @file An adapter as screens list it. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { AdapterSummary } from '#contract/adapters.ts';
import { listAdapters, type Adapter } from '#store/adapters.ts';
import { fromStoredPath } from '#store/data-folder.ts';
import { getModel } from '#store/models.ts';
import type { Store } from '#store/store.ts';

/** Newest first. */
export function describeAdapters(store: Store, projectId: number): AdapterSummary[] {
  return listAdapters(store, projectId).map((adapter) => describeAdapter(store, adapter));
}

function describeAdapter(store: Store, { id, name, runId, modelId, path, createdAt }: Adapter): AdapterSummary {
  const model = modelId === null ? null : getModel(store, modelId);
  return {
    id,
    name,
    runId,
    modelFolder: model && fromStoredPath(store.folder, model.path),
    modelName: model?.name ?? null,
    createdAt,
    isThere: existsSync(join(fromStoredPath(store.folder, path), 'adapter_model.safetensors')),
  };
}
