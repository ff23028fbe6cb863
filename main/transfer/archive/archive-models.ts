/** @file The base models of a project, as an archive names them: by hash and by where they lay; and how they are found again. */
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { openModelFolder } from '#io/model-folder.ts';
import { trackBytes } from '#io/weight-cache/byte-progress.ts';
import { hashModel, recallModelHash } from '#io/weight-cache/hash-model.ts';
import { getChoices } from '#projects/choices.ts';
import { listAdapters } from '#store/adapters.ts';
import { fromStoredPath, toStoredPath } from '#store/data-folder.ts';
import { findModel, getModel, listModels, saveModel } from '#store/models.ts';
import { listRuns } from '#store/runs.ts';
import type { Store } from '#store/store.ts';
import type { PackedModel } from './manifest.ts';

/** Of a model that was chosen, and that no row names. */
const CHOSEN_ALONE = 0;

export interface ModelWork {
  readonly cacheDir: string;
  readonly signal: AbortSignal;
}

export interface NamedModels {
  readonly models: readonly PackedModel[];
  readonly chosenModel: number | null;
}

/** Reads the weights of those that were not hashed before. */
export async function nameModels(store: Store, projectId: number, work: ModelWork): Promise<NamedModels> {
  const rows = [...listRuns(store, projectId), ...listAdapters(store, projectId)];
  const ids = new Set(rows.flatMap(({ modelId }) => modelId ?? []));
  const { modelFolder } = getChoices(store, projectId);
  const chosen = modelFolder === null ? null : findModel(store, toStoredPath(store.folder, modelFolder));
  if (chosen) ids.add(chosen.id);
  const models: PackedModel[] = [];
  for (const id of ids) {
    const model = getModel(store, id);
    if (!model) continue;
    const folder = fromStoredPath(store.folder, model.path);
    models.push({ id, name: model.name, folder, sha256: await hashOf(folder, work), facts: copyOf(model.facts), packed: null });
  }
  if (modelFolder === null || chosen) return { models, chosenModel: chosen?.id ?? null };
  const alone = { id: CHOSEN_ALONE, name: basename(modelFolder) || 'model', folder: modelFolder, facts: {}, packed: null };
  return { models: [...models, { ...alone, sha256: await hashOf(modelFolder, work) }], chosenModel: CHOSEN_ALONE };
}

/** Where a model is on this machine: one that is known and is the same, or one at the same place that is the same; null: nowhere. */
export async function findModelHere(store: Store, { name, sha256, folder }: PackedModel, work: ModelWork): Promise<string | null> {
  const models = listModels(store).map((model) => ({ name: model.name, path: fromStoredPath(store.folder, model.path) }));
  const known = models.map(({ path }) => path);
  if (sha256 === null) return known.includes(folder) && existsSync(join(folder, 'config.json')) ? folder : null;
  for (const path of known) {
    const recalled = await openModelFolder(path)
      .then((opened) => recallModelHash(opened, work.cacheDir))
      .catch(() => null);
    if (recalled === sha256) return path;
  }
  // Those of the same name are worth reading.
  const candidates = [folder, ...models.filter((model) => model.name === name).map(({ path }) => path)];
  for (const path of new Set(candidates)) if ((await hashOf(path, work)) === sha256) return path;
  return null;
}

/** @returns its id; one that is not here keeps the place it had, so that the Model step can say that it is gone */
export function keepModel(store: Store, { name, facts }: PackedModel, folder: string): number {
  const path = toStoredPath(store.folder, folder);
  return (findModel(store, path) ?? saveModel(store, { path, name, sha256: null, facts })).id;
}

/** Null if it is not there, or no model. */
async function hashOf(folder: string, { cacheDir, signal }: ModelWork): Promise<string | null> {
  if (!existsSync(join(folder, 'config.json'))) return null;
  try {
    return (await hashModel(await openModelFolder(folder), { cacheDir, progress: trackBytes(undefined), signal })).modelHash;
  } catch (error) {
    if (signal.aborted) throw error;
    return null;
  }
}

function copyOf(facts: object): PackedModel['facts'] {
  return JSON.parse(JSON.stringify(facts)) as PackedModel['facts'];
}
