/** @file Brings an adapter that was made elsewhere into a project: checked against its base model, copied, and found changing something. */
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Adapter as LoraAdapter } from '#engine/adapter/adapter.ts';
import { checkAdapterFits } from '#engine/adapter/check-adapter-fits.ts';
import { linearModules } from '#engine/model/model-tensors.ts';
import { readAdapterFolder, writeAdapterFolder } from '#io/adapter-folder.ts';
import { hashFile } from '#io/hash-file.ts';
import { checkModel } from '#jobs/open-model.ts';
import { saveAdapter, type Adapter } from '#store/adapters.ts';
import { toStoredPath } from '#store/data-folder.ts';
import { findModel, saveModel } from '#store/models.ts';
import type { Store } from '#store/store.ts';

const FILES = ['adapter_config.json', 'adapter_model.safetensors'] as const;

export interface ImportAdapterRequest {
  readonly projectId: number;
  /** PEFT folder; stays as it is. */
  readonly adapterDir: string;
  readonly modelDir: string;
  /** Null for the folder's name. */
  readonly name: string | null;
}

export interface ImportedAdapter {
  readonly adapter: Adapter;
  /** What a person should know. */
  readonly notes: readonly string[];
}

/**
 * Only what Prospect understands is copied, so that nothing unknown lies in the data folder.
 * @throws {FormatError | ShapeError} if the folder is no adapter, or one for another model; nothing is kept
 * @throws {StorageError}
 */
export async function importAdapter(
  store: Store,
  { projectId, adapterDir, modelDir, name }: ImportAdapterRequest,
): Promise<ImportedAdapter> {
  const { folder, config } = await checkModel(modelDir);
  const { ignoredKeys, ...adapter } = await readAdapterFolder(adapterDir);
  checkAdapterFits(adapter, linearModules(config));
  const target = join(store.folder.adapters, `adapter-${randomUUID().slice(0, 8)}`);
  try {
    await writeAdapterFolder(target, { ...adapter, config: { ...adapter.config, baseModelNameOrPath: folder.dir } });
    const saved = await keep(store, { projectId, name: name ?? basename(adapterDir), target, modelDir: folder.dir, adapter });
    return { adapter: saved, notes: notesOn(adapter, ignoredKeys, folder.dir) };
  } catch (error) {
    await rm(target, { recursive: true, force: true });
    throw error;
  }
}

interface Kept {
  readonly projectId: number;
  readonly name: string;
  readonly target: string;
  readonly modelDir: string;
  readonly adapter: LoraAdapter;
}

async function keep(store: Store, { projectId, name, target, modelDir, adapter }: Kept): Promise<Adapter> {
  const sha256 = await hashFile(join(target, FILES[1]));
  const path = toStoredPath(store.folder, modelDir);
  const { r, loraAlpha, targetModules } = adapter.config;
  return store.writeDurably(() => {
    const model = findModel(store, path) ?? saveModel(store, { path, name: basename(modelDir), sha256: null, facts: {} });
    return saveAdapter(store, {
      projectId,
      runId: null,
      modelId: model.id,
      name,
      path: toStoredPath(store.folder, target),
      sha256,
      facts: { r, lora_alpha: loraAlpha, target_modules: targetModules },
      files: FILES.map((file) => ({
        path: toStoredPath(store.folder, join(target, file)),
        sha256: file === FILES[1] ? sha256 : null,
        bytes: statSync(join(target, file)).size,
      })),
    });
  });
}

function notesOn({ config, tensors }: LoraAdapter, ignoredKeys: readonly string[], modelDir: string): string[] {
  const changesNothing = [...tensors.values()].every(
    ({ loraA, loraB }) => loraB.data.every((value) => value === 0) || loraA.data.every((value) => value === 0),
  );
  const named = config.baseModelNameOrPath;
  const isOther = named !== null && basename(named.replaceAll('\\', '/')).toLowerCase() !== basename(modelDir).toLowerCase();
  return [
    ...(changesNothing ? ['This adapter changes nothing: all values of one of its factors are 0.'] : []),
    ...(isOther ? [`It was made for ${named}; its shapes fit ${basename(modelDir)}, too. Make sure that it is the same model.`] : []),
    ...ignoredKeys.map((key) => `adapter_config.json has the unknown key ${key}, which is ignored.`),
  ];
}
