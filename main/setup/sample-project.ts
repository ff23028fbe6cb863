/**
 * @file The project that a person finds at the first launch: the sample model, the Reviewer #2 pairs imported, unpaired and split, and settings,
 * so that Start works at once. Made in the background by the same code as everything a person does, all of it or nothing.
 */
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { GivenSettings } from '#contract/choices.ts';
import { InternalError } from '#contract/errors.ts';
import { importDataset } from '#datasets/import-dataset.ts';
import { inspectSource } from '#datasets/inspect-source.ts';
import { splitDataset } from '#datasets/split-dataset.ts';
import { unpairDataset } from '#datasets/unpair-dataset.ts';
import { PRESETS } from '#engine/train/presets.ts';
import { forgetChoices, setChoices } from '#projects/choices.ts';
import { deleteWithFiles } from '#store/delete-with-files.ts';
import { createProject, getProject, listProjects, type Project } from '#store/projects.ts';
import { getSetting, setSetting } from '#store/settings.ts';
import { rememberModel, inspectFolder } from './models.ts';
import { hasSampleModel, installSampleModel } from './sample-model.ts';
import type { SetupSurroundings } from './surroundings.ts';

const DONE = 'sample project was offered';
const NAME = 'Reviewer #2 (sample)';
const NOTES = 'Turns a polite reviewer into the one everybody knows. All texts are made up.';
const DATASET = 'Reviewer #2 pairs';
const UNPAIRED = 'Reviewer #2 unpaired';
const PAIRS = join('reviewer2', 'reviewer2-1k-paired.jsonl');
const PRESET = 'blog';
const SEED = 42;
/** A hundred prompts of the thousand. */
const HELD_OUT = 0.1;

/**
 * Only where there is no project yet, and once: who deletes it does not get it again.
 * @returns null if there is nothing to make
 * @throws {AppError} nothing is left of it then, and the next launch tries again
 */
export async function makeSampleProject(around: SetupSurroundings, signal: AbortSignal): Promise<Project | null> {
  const { store, resourcesDir, emit, offersSample } = around;
  const pairs = join(resourcesDir, PAIRS);
  if (!offersSample || store.readOnly || getSetting(store, DONE) !== null || !existsSync(pairs)) return null;
  if (listProjects(store).length > 0) {
    setSetting(store, DONE, true);
    return null;
  }
  const project = createProject(store, { name: NAME, notes: NOTES });
  try {
    await fill(around, project.id, pairs, signal);
  } catch (error) {
    if (getProject(store, project.id)) {
      forgetChoices(store, project.id);
      deleteWithFiles(store, 'project', project.id);
    }
    throw error;
  } finally {
    emit('projects.changed');
  }
  setSetting(store, DONE, true);
  return project;
}

async function fill(around: SetupSurroundings, projectId: number, pairs: string, signal: AbortSignal): Promise<void> {
  const { store, emit } = around;
  const { mappings } = await inspectSource([pairs], { signal });
  const [proposed] = mappings;
  if (!proposed) throw new InternalError(`${pairs} is not understood.`);
  const request = { paths: [pairs], mapping: proposed.mapping, into: { projectId, name: DATASET }, badRows: 'abort' } as const;
  const { version } = await importDataset(store, request, { signal });
  // Of the pairs: KTO takes them apart, and DPO needs them, on the same rows.
  const { split } = await splitDataset(store, { versionId: version.id, seed: SEED, evaluation: { ratio: HELD_OUT } }, { signal });
  await unpairDataset(store, { versionId: version.id, name: UNPAIRED }, { signal });
  setChoices(store, projectId, {
    data: { versionId: version.id, splitId: split.id },
    modelFolder: await chooseSampleModel(around),
    settings: PRESETS.find(({ name }) => name === PRESET)?.settings as GivenSettings,
  });
  emit('choices.changed', { projectId });
}

/** Null if the program was made without one: the project then begins with choosing a model. */
async function chooseSampleModel(around: SetupSurroundings): Promise<string | null> {
  if (!hasSampleModel(around.resourcesDir)) return null;
  const folder = await installSampleModel(around.store, around.resourcesDir);
  try {
    const report = await inspectFolder(around, folder);
    if (report.problem !== null) throw new InternalError(`The sample model can't be used. ${report.problem}`);
    rememberModel(around, report);
    return folder;
  } catch (error) {
    // Else the next launch would find it there, and take it for a good one.
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}
