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
import type { Store } from '#store/store.ts';
import { rememberModel, inspectFolder } from './models.ts';
import { hasSampleModel, installSampleModel } from '#projects/sample-model.ts';
import { sampleState, setSampleState } from './sample-state.ts';
import type { SetupSurroundings } from './surroundings.ts';

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
  if (!offersSample || store.readOnly || !existsSync(pairs)) return null;
  const state = sampleState(store);
  if (state === 'offered') return null;
  // A program that was killed meanwhile left it.
  if (state !== null) removeUnfinished(store, state.making);
  if (listProjects(store).length > 0) {
    setSampleState(store, 'offered');
    return null;
  }
  const project = store.write(() => {
    const made = createProject(store, { name: NAME, notes: NOTES });
    setSampleState(store, { making: made.id });
    return made;
  });
  try {
    await fill(around, project.id, pairs, signal);
  } catch (error) {
    removeUnfinished(store, project.id);
    throw error;
  }
  setSampleState(store, 'offered');
  emit('projects.changed');
  return project;
}

function removeUnfinished(store: Store, projectId: number): void {
  store.writeDurably(() => {
    forgetChoices(store, projectId);
    if (getProject(store, projectId)) deleteWithFiles(store, 'project', projectId);
    setSampleState(store, null);
  });
}

async function fill(around: SetupSurroundings, projectId: number, pairs: string, signal: AbortSignal): Promise<void> {
  const { store } = around;
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
