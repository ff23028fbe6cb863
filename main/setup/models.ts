/** @file The models a person has used: kept in the store with what is known of them, so that they can be listed without opening them. */
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ModelReport, type KnownModel } from '#contract/models.ts';
import { askInquiry } from '#inquiries/ask-inquiry.ts';
import { setChoices } from '#projects/choices.ts';
import { fromStoredPath, toStoredPath } from '#store/data-folder.ts';
import { deleteWithFiles } from '#store/delete-with-files.ts';
import { findModel, listModels, saveModel, type Model } from '#store/models.ts';
import { isSampleModel } from '#projects/sample-model.ts';
import type { SetupSurroundings } from './surroundings.ts';

type Needed = Pick<SetupSurroundings, 'store' | 'spawnInquiry' | 'emit'>;

/** Last added first, the sample model last. */
export function knownModels({ store }: Pick<Needed, 'store'>): KnownModel[] {
  const models = listModels(store).map((model) => toKnown(store, model));
  return [...models.filter(({ isSample }) => !isSample), ...models.filter(({ isSample }) => isSample)];
}

/**
 * Reads headers and the tokenizer, in a process of its own.
 * @throws {AppError} if it is no model folder
 */
export async function inspectFolder({ spawnInquiry }: Pick<Needed, 'spawnInquiry'>, folder: string): Promise<ModelReport> {
  return askInquiry(spawnInquiry, { kind: 'model', dir: folder });
}

/** Remembers the model and lets the project use it, unless it has a problem. @throws {AppError} if it is no model folder */
export async function chooseModel(needed: Needed, projectId: number, folder: string): Promise<ModelReport> {
  const report = await inspectFolder(needed, folder);
  if (report.problem !== null) return report;
  rememberModel(needed, report);
  setChoices(needed.store, projectId, { modelFolder: report.dir });
  needed.emit('choices.changed', { projectId });
  return report;
}

export function rememberModel({ store, emit }: Pick<Needed, 'store' | 'emit'>, report: ModelReport): Model {
  const path = toStoredPath(store.folder, report.dir);
  const model = saveModel(store, {
    path,
    name: basename(report.dir),
    sha256: findModel(store, path)?.sha256 ?? null,
    facts: ModelReport.parse(report),
  });
  emit('models.changed');
  return model;
}

/** Its files stay, and so do runs that used it. */
export function forgetModel({ store, emit }: Pick<Needed, 'store' | 'emit'>, folder: string): void {
  const model = findModel(store, toStoredPath(store.folder, folder));
  if (model) deleteWithFiles(store, 'model', model.id);
  emit('models.changed');
}

function toKnown(store: SetupSurroundings['store'], { path, name, facts }: Model): KnownModel {
  const folder = fromStoredPath(store.folder, path);
  // Another version may have kept other facts.
  const { data } = ModelReport.safeParse(facts);
  return {
    folder,
    name,
    architecture: data?.architecture ?? null,
    parameters: data?.parameters ?? null,
    licence: data?.licence?.name ?? null,
    isThere: existsSync(join(folder, 'config.json')),
    isSample: isSampleModel(store, folder),
  };
}
